import { RateLimiterMemory } from 'rate-limiter-flexible';
import { RequestError } from './errors.ts';

export interface LimiterOptions {
  /** How often a key may act within the window. */
  readonly points: number;
  readonly windowMs: number;
}

/** Allows each key so many acts in a window of time. */
export class Limiter {
  readonly #limiter: RateLimiterMemory;

  constructor({ points, windowMs }: LimiterOptions) {
    this.#limiter = new RateLimiterMemory({ points, duration: windowMs / 1_000 });
  }

  /** Rejects with a RequestError 'rateLimited'. */
  async take(key: string): Promise<void> {
    try {
      await this.#limiter.consume(key);
    } catch (cause) {
      if (cause instanceof Error) throw cause;
      throw new RequestError('rateLimited', 'too many requests; wait a moment');
    }
  }
}
