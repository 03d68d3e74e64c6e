import { z } from 'zod';

const count = z.int().positive();

/** Where models are served besides, or instead of, this machine. Defaults: config/defaults/inference.ts. */
export const sharedInferenceShape = {
  /** Base addresses of Open Inference Protocol servers. Empty: models are served on this machine. */
  urls: z.array(z.url({ protocol: /^https?$/, error: 'not an http: or https: address' })),
  /**
   * Whether models are served on this machine, too, where there are others: `never`, or as a
   * `fallback` for when none of the others can.
   */
  local: z.enum(['never', 'fallback']),
  /** File with the bearer token that these servers, or a proxy before them, ask for; empty: none. */
  tokenFile: z.string(),
  /** Requests that one of several servers is given at once by each media process. */
  concurrency: count,
  /** Requests that may wait for one of them; the next is refused. */
  queue: count,
};

/** Several servers of the same tasks. */
export interface PoolOptions {
  /** Requests that an endpoint is given at once. */
  readonly concurrency: number;
  /** Requests that may wait for one endpoint; the next is refused. */
  readonly queue: number;
  /** How often an endpoint is asked whether it is ready, give or take a fifth. */
  readonly checkMs: number;
  /** An endpoint that has not said by then how it is, is silent. */
  readonly checkTimeoutMs: number;
  /** Failures in a row after which an endpoint is left alone. */
  readonly breakAfter: number;
  /** How long it is left alone before it is tried with one request. */
  readonly breakMs: number;
  /** How long an endpoint may take for one answer before another is asked, by model. */
  readonly patienceMs: Readonly<Record<'speech' | 'voice' | 'text' | 'language', number>>;
  /** An utterance of which nothing was heard for so long is forgotten. */
  readonly idleMs: number;
}

export const POOL_DEFAULTS: Omit<PoolOptions, 'concurrency' | 'queue'> = {
  checkMs: 1_000,
  checkTimeoutMs: 1_500,
  breakAfter: 5,
  breakMs: 5_000,
  patienceMs: { speech: 10_000, voice: 5_000, text: 20_000, language: 5_000 },
  idleMs: 30_000,
};
