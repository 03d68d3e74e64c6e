import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel';
import { InferenceError } from '../inference-error.ts';
import type { PoolOptions } from './options.ts';

type GuardOptions = Pick<PoolOptions, 'concurrency' | 'queue' | 'breakAfter' | 'breakMs'>;

const isFault = handleWhen(
  (error) =>
    error instanceof InferenceError && (error.code === 'unavailable' || error.code === 'failed'),
);

/**
 * Lets so much work through at once, keeps so much waiting, and after failures in a row none at all for
 * a while; then one piece of work tries whether it goes again.
 */
export class Guard {
  readonly #options: GuardOptions;
  readonly #gate: ReturnType<typeof bulkhead>;
  readonly #breaker: ReturnType<typeof circuitBreaker>;
  #brokenAt = 0;

  /** `onChange`: it broke, or is whole again. */
  constructor(options: GuardOptions, onChange: () => void) {
    this.#options = options;
    this.#gate = bulkhead(options.concurrency, options.queue);
    this.#breaker = circuitBreaker(isFault, {
      halfOpenAfter: options.breakMs,
      breaker: new ConsecutiveBreaker(options.breakAfter),
    });
    this.#breaker.onBreak(() => {
      this.#brokenAt = Date.now();
    });
    this.#breaker.onStateChange(onChange);
  }

  get inFlight(): number {
    return this.#options.concurrency - this.#gate.executionSlots;
  }

  get waiting(): number {
    return this.#options.queue - this.#gate.queueSlots;
  }

  get full(): boolean {
    return this.#gate.queueSlots === 0;
  }

  /** Undefined while all is well. */
  get state(): 'broken' | 'tried' | undefined {
    if (this.#breaker.state === CircuitState.Open) return 'broken';
    return this.#breaker.state === CircuitState.HalfOpen ? 'tried' : undefined;
  }

  /** Whether something new may be tried: all is well, or it is time to find out. */
  get mayTry(): boolean {
    const { state } = this;
    if (state === 'broken') return Date.now() - this.#brokenAt >= this.#options.breakMs;
    return state === undefined;
  }

  /**
   * Rejects with what the work does, with `overloaded` where too much waits, with `unavailable` while
   * nothing is let through, and as soon as the signal is aborted.
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const tried = async (): Promise<T> => {
      signal.throwIfAborted();
      // The breaker would let it wait for the one that tries.
      if (!this.mayTry) throw new InferenceError('unavailable', 'the endpoint is left alone');
      return this.#breaker.execute(work);
    };
    try {
      return await unlessAborted(this.#gate.execute(tried, signal), signal);
    } catch (error) {
      if (error instanceof BulkheadRejectedError) {
        const words = 'too much waits for this endpoint';
        throw new InferenceError('overloaded', words, { cause: error });
      }
      if (error instanceof BrokenCircuitError) {
        const words = 'the endpoint is left alone';
        throw new InferenceError('unavailable', words, { cause: error });
      }
      throw error;
    }
  }
}

/** Whoever no longer wants what waits in a queue is not kept until its turn. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => {
    aborted.reject(new InferenceError('unavailable', 'no longer wanted'));
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
