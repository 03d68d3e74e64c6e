import { InferenceError } from '../protocol/inference-error.ts';
import type { QueueGauge } from '../process/serial-queue.ts';

/**
 * Work that waits, in turns: one piece of each who asks before anyone's second. When as many as
 * `limit` wait, the newest is refused with `overloaded`.
 */
export class FairQueue<T> {
  readonly #limit: number;
  readonly #gauge: QueueGauge;
  /** Who has waited longest since their last turn comes first. */
  readonly #waiting = new Map<string, T[]>();
  #length = 0;

  constructor(limit: number, gauge: QueueGauge) {
    this.#limit = limit;
    this.#gauge = gauge;
  }

  get length(): number {
    return this.#length;
  }

  add(who: string, work: T): void {
    if (this.#length >= this.#limit) {
      this.#gauge.dropped('full');
      throw new InferenceError('overloaded', 'too many utterances are waiting');
    }
    const own = this.#waiting.get(who);
    if (own) own.push(work);
    else this.#waiting.set(who, [work]);
    this.#resize(1);
  }

  /** Takes work out again whose asker has gone. */
  remove(who: string, work: T): boolean {
    const own = this.#waiting.get(who);
    const at = own?.indexOf(work) ?? -1;
    if (own === undefined || at < 0) return false;
    own.splice(at, 1);
    if (own.length === 0) this.#waiting.delete(who);
    this.#resize(-1);
    this.#gauge.dropped('cancelled');
    return true;
  }

  /**
   * Up to `most` pieces, one of each who waits; the first in turn always, others where `fits` would
   * have them beside those already taken.
   */
  take(most: number, fits: (taken: readonly T[], work: T) => boolean): readonly T[] {
    const taken: T[] = [];
    for (const [who, own] of [...this.#waiting]) {
      const [next] = own;
      if (taken.length >= most || next === undefined) break;
      if (taken.length > 0 && !fits(taken, next)) continue;
      own.shift();
      this.#waiting.delete(who);
      if (own.length > 0) this.#waiting.set(who, own);
      taken.push(next);
    }
    this.#resize(-taken.length);
    return taken;
  }

  #resize(by: number): void {
    this.#length += by;
    this.#gauge.setLength(this.#length);
  }
}
