import { InferenceError } from '../protocol/inference-error.ts';
import type { QueueGauge } from './serial-queue.ts';

/** One of a limited number of places, or the prospect of one. */
export interface Slot {
  /** Whether the place is there already. */
  readonly granted: boolean;
  /** Resolves when the place is there; rejects with `unavailable` when it was given up before. */
  readonly ready: Promise<void>;
  /** Gives the place, or the wait for it, up; further calls do nothing. */
  release(): void;
}

interface Waiting {
  grant(): void;
}

/**
 * A number of places and a queue for them, first come first served. When as many as `limit` wait,
 * the newest is refused with `overloaded`.
 */
export class Slots {
  #free: number;
  readonly #limit: number;
  readonly #gauge: QueueGauge;
  readonly #queue = new Set<Waiting>();

  constructor(places: number, limit: number, gauge: QueueGauge) {
    this.#free = places;
    this.#limit = limit;
    this.#gauge = gauge;
  }

  take(): Slot {
    if (this.#free === 0 && this.#queue.size >= this.#limit) {
      this.#gauge.dropped('full');
      throw new InferenceError('overloaded', 'too many people speak at once');
    }
    const ready = Promise.withResolvers<undefined>();
    ready.promise.catch(() => undefined);
    let granted = false;
    let released = false;
    const begins = this.#gauge.waits();
    const waiting: Waiting = {
      grant() {
        begins();
        granted = true;
        ready.resolve(undefined);
      },
    };
    if (this.#free > 0) {
      this.#free--;
      waiting.grant();
    } else {
      this.#queue.add(waiting);
      this.#gauge.setLength(this.#queue.size);
    }
    return {
      get granted() {
        return granted;
      },
      ready: ready.promise,
      release: () => {
        if (released) return;
        released = true;
        if (granted) this.#passOn();
        else {
          this.#leave(waiting);
          ready.reject(new InferenceError('unavailable', 'given up while waiting'));
        }
      },
    };
  }

  #passOn(): void {
    const [next] = this.#queue;
    if (next) {
      this.#leave(next);
      next.grant();
    } else this.#free++;
  }

  #leave(waiting: Waiting): void {
    this.#queue.delete(waiting);
    this.#gauge.setLength(this.#queue.size);
  }
}
