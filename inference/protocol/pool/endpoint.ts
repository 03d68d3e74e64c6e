import { InferenceClient, type Health } from '../client.ts';
import { InferenceError, type InferenceErrorCode } from '../inference-error.ts';
import type { ModelName } from '../served-tasks.ts';
import type { Abilities } from './abilities.ts';
import { Latency } from './choice.ts';
import { EndpointWatch } from './endpoint-watch.ts';
import { Guard } from './guard.ts';
import type { PoolOptions } from './options.ts';

const NEVER = new AbortController().signal;

/** `broken`: left alone after failures in a row; `tried`: with one request, whether it is back. */
export const ENDPOINT_STATES = ['ready', 'unready', 'silent', 'broken', 'tried'] as const;
export type EndpointState = (typeof ENDPOINT_STATES)[number];

/** How an endpoint fares. */
export interface EndpointFigures {
  /** Host, port and path, without secrets; `local` on this machine. */
  readonly endpoint: string;
  readonly state: EndpointState;
  readonly inFlight: number;
  readonly waiting: number;
  readonly utterances: number;
  /** Requests that were answered, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Pieces of work that were taken over by another endpoint. */
  readonly failovers: number;
}

export interface EndpointParts {
  readonly url: string;
  readonly name: string;
  /** Used only while no other can be. */
  readonly isFallback: boolean;
  readonly token: string | undefined;
  readonly options: PoolOptions;
  /** It came, went, or learned something. */
  readonly onChange: () => void;
}

/**
 * One server of a pool: asked regularly how it is, given so many requests at once, and left alone for
 * a while after failures in a row. What is under way there ends when it falls silent.
 */
export class Endpoint {
  readonly isFallback: boolean;
  readonly #parts: EndpointParts;
  readonly #client: InferenceClient;
  readonly #guard: Guard;
  readonly #watch: EndpointWatch;
  readonly #latencies = new Map<ModelName, Latency>();
  readonly #outcomes = new Map<string, number>();
  #failovers = 0;
  /** Utterances that it is in the middle of. */
  utterances = 0;

  constructor(parts: EndpointParts) {
    const { url, token, isFallback, options, onChange } = parts;
    this.#parts = parts;
    this.isFallback = isFallback;
    const patience = Math.max(...Object.values(options.patienceMs));
    this.#client = new InferenceClient(url, {
      timeoutMs: 2 * patience,
      healthTimeoutMs: options.checkTimeoutMs,
      token,
    });
    this.#guard = new Guard(options, onChange);
    this.#watch = new EndpointWatch(this.#client, options, onChange);
  }

  /** What it can do; undefined until it has told, and after a long silence. */
  get abilities(): Abilities | undefined {
    return this.#watch.abilities;
  }

  get health(): Health {
    return this.#watch.health;
  }

  /** Whether new work may go there. */
  get usable(): boolean {
    return this.health === 'ready' && this.#guard.mayTry && !this.full;
  }

  /** Whether as much waits for it as may. */
  get full(): boolean {
    return this.#guard.full;
  }

  /** Expected cost of one more request: those at work there, and how long each takes. */
  cost(model: ModelName): number {
    const { inFlight, waiting } = this.#guard;
    const latency = this.#latencies.get(model)?.at(performance.now()) ?? 0;
    return (1 + inFlight + waiting + this.utterances) * latency;
  }

  get figures(): EndpointFigures {
    const { inFlight, waiting, state } = this.#guard;
    return {
      endpoint: this.#parts.name,
      state: state ?? this.health,
      ...{ inFlight, waiting, utterances: this.utterances },
      outcomes: Object.fromEntries(this.#outcomes),
      failovers: this.#failovers,
    };
  }

  /** Something that was begun here was taken over by another. */
  takenOver(): void {
    this.#failovers += 1;
  }

  /**
   * Does a piece of work here. Rejects with an InferenceError, with `unavailable` also where the answer
   * takes too long or the endpoint falls silent meanwhile, or with the signal's reason.
   */
  async ask<T>(
    model: ModelName,
    work: (client: InferenceClient, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal = NEVER,
  ): Promise<T> {
    try {
      const answer = await this.#guard.run(() => this.#timed(model, work, signal), signal);
      this.#count('ok');
      return answer;
    } catch (error) {
      if (signal.aborted) {
        this.#count('cancelled');
        throw signal.reason;
      }
      if (!(error instanceof InferenceError)) throw error;
      this.#count(error.code);
      if (error.retryable) this.#watch.lookNow();
      throw error;
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await this.#watch.close();
    await this.#client.close();
  }

  async #timed<T>(
    model: ModelName,
    work: (client: InferenceClient, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const began = performance.now();
    const patience = AbortSignal.timeout(this.#parts.options.patienceMs[model]);
    const until = AbortSignal.any([signal, this.#watch.present, patience]);
    try {
      const answer = await work(this.#client, until);
      this.#saw(model, performance.now() - began);
      return answer;
    } catch (error) {
      if (signal.aborted || !patience.aborted) throw error;
      this.#saw(model, performance.now() - began);
      throw new InferenceError('unavailable', 'the endpoint took too long', { cause: error });
    }
  }

  #saw(model: ModelName, ms: number): void {
    const latency = this.#latencies.get(model) ?? new Latency();
    this.#latencies.set(model, latency);
    latency.saw(ms, performance.now());
  }

  #count(outcome: InferenceErrorCode | 'ok' | 'cancelled'): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }
}
