import { InferenceError } from '../protocol/inference-error.ts';

export interface QueueGauge {
  setLength(length: number): void;
  dropped(reason: 'full' | 'cancelled'): void;
  /** Someone begins to wait; to be called when their turn has come. */
  waits(): () => void;
}

/**
 * Does jobs one after another. When as many as `limit` wait, the newest is refused with
 * `overloaded`. A job whose asker has gone is skipped.
 */
export class SerialQueue {
  readonly #limit: number;
  readonly #gauge: QueueGauge;
  #waiting = 0;
  #working = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(limit: number, gauge: QueueGauge) {
    this.#limit = limit;
    this.#gauge = gauge;
  }

  /** Whether nothing is done and nothing waits. */
  get idle(): boolean {
    return this.#waiting === 0 && !this.#working;
  }

  async run<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#waiting >= this.#limit) {
      this.#gauge.dropped('full');
      throw new InferenceError('overloaded', 'too many requests are waiting');
    }
    this.#gauge.setLength(++this.#waiting);
    const begins = this.#gauge.waits();
    const turn = this.#last.then(async () => {
      begins();
      this.#gauge.setLength(--this.#waiting);
      if (signal.aborted) this.#gauge.dropped('cancelled');
      signal.throwIfAborted();
      this.#working = true;
      try {
        return await job();
      } finally {
        this.#working = false;
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
