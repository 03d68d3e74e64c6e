import type { QueueGauge } from '../process/serial-queue.ts';
import { InferenceError } from '../protocol/inference-error.ts';

/** What somebody says is waited for in a conversation; what somebody wrote can come a little later. */
export type Lane = 'spoken' | 'written';

interface Place {
  begin(): void;
}

/**
 * Does jobs one after another, of those that wait all in the lane `spoken` before any that is `written`.
 * When as many as `limit` wait in a lane, its newest is refused with `overloaded`. A job whose asker
 * goes away leaves.
 */
export class Lanes {
  readonly #limit: number;
  readonly #gauge: QueueGauge;
  readonly #waiting: Readonly<Record<Lane, Place[]>> = { spoken: [], written: [] };
  #working = false;

  constructor(limit: number, gauge: QueueGauge) {
    this.#limit = limit;
    this.#gauge = gauge;
  }

  async run<T>(lane: Lane, job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(lane, signal);
    try {
      signal.throwIfAborted();
      return await job();
    } finally {
      this.#working = false;
      this.#next();
    }
  }

  /** Resolves when nothing is done and it is this job's turn. */
  async #turn(lane: Lane, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const waiting = this.#waiting[lane];
    if (waiting.length >= this.#limit) {
      this.#gauge.dropped('full');
      throw new InferenceError('overloaded', 'too many texts are waiting');
    }
    const turn = Promise.withResolvers<undefined>();
    const begins = this.#gauge.waits();
    const place: Place = {
      begin: () => {
        begins();
        turn.resolve(undefined);
      },
    };
    const leave = () => {
      const at = waiting.indexOf(place);
      if (at < 0) return;
      waiting.splice(at, 1);
      this.#gauge.dropped('cancelled');
      this.#tell();
      turn.reject(signal.reason);
    };
    waiting.push(place);
    signal.addEventListener('abort', leave, { once: true });
    this.#next();
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #next(): void {
    const next = this.#working
      ? undefined
      : (this.#waiting.spoken.shift() ?? this.#waiting.written.shift());
    this.#working ||= next !== undefined;
    this.#tell();
    next?.begin();
  }

  #tell(): void {
    this.#gauge.setLength(this.#waiting.spoken.length + this.#waiting.written.length);
  }
}
