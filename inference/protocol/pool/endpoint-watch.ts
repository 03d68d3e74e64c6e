import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Health, InferenceClient } from '../client.ts';
import { InferenceError } from '../inference-error.ts';
import type { EngineLanguages } from '../task-models.ts';
import type { Abilities } from './abilities.ts';
import type { PoolOptions } from './options.ts';

/** Looks in a row without an answer after which nothing is waited for any more. */
const GONE_AFTER = 2;
/** What has been silent for longer is no longer counted on. */
const FORGOTTEN_AFTER_MS = 30_000;
/** Looks after which it is asked again what it can do, although it was always ready. */
const ASK_AGAIN_AFTER = 30;

/** Asks an endpoint regularly, and when there is reason to, how it is and what it can do. */
export class EndpointWatch {
  readonly #client: InferenceClient;
  readonly #checkMs: number;
  readonly #onChange: () => void;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  #present = new AbortController();
  /** Aborted to look again at once. */
  #resting = new AbortController();
  #health: Health = 'silent';
  #abilities: Abilities | undefined;
  #answeredAt = performance.now();
  #misses = 0;
  #looks = 0;

  constructor(
    client: InferenceClient,
    { checkMs }: Pick<PoolOptions, 'checkMs'>,
    onChange: () => void,
  ) {
    this.#client = client;
    this.#checkMs = checkMs;
    this.#onChange = onChange;
    this.#watching = this.#watch();
  }

  get health(): Health {
    return this.#health;
  }

  /** What it can do; undefined until it has told, and after a long silence. */
  get abilities(): Abilities | undefined {
    return this.#abilities;
  }

  /** Aborted, with an InferenceError, once it has fallen silent: nothing is to be waited for. */
  get present(): AbortSignal {
    return this.#present.signal;
  }

  lookNow(): void {
    this.#resting.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#present.abort(new InferenceError('unavailable', 'the endpoint is no longer used'));
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#look(signal);
      this.#resting = new AbortController();
      const pause = this.#checkMs * (0.8 + 0.4 * Math.random());
      const until = AbortSignal.any([signal, this.#resting.signal]);
      await delay(pause, undefined, { signal: until, ref: false }).catch(() => undefined);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    try {
      const health = await this.#client.health(signal);
      const abilities = await this.#abilitiesNow(health, signal);
      const learned = !isDeepStrictEqual(abilities, this.#abilities);
      this.#abilities = abilities;
      this.#found(health);
      if (learned) this.#onChange();
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof InferenceError)) throw error;
      this.#found('unready');
    }
  }

  async #abilitiesNow(health: Health, signal: AbortSignal): Promise<Abilities | undefined> {
    this.#looks += 1;
    const isFresh = this.#abilities !== undefined && this.#health === 'ready';
    const mustAsk = health === 'ready' && (!isFresh || this.#looks % ASK_AGAIN_AFTER === 0);
    return mustAsk ? abilitiesOf(this.#client, signal) : this.#abilities;
  }

  #found(health: Health): void {
    const before = this.#health;
    this.#health = health;
    this.#misses = health === 'silent' ? this.#misses + 1 : 0;
    if (health !== 'silent') this.#answeredAt = performance.now();
    else if (performance.now() - this.#answeredAt > FORGOTTEN_AFTER_MS) this.#abilities = undefined;
    if (this.#misses === GONE_AFTER) {
      this.#present.abort(new InferenceError('unavailable', 'the endpoint has fallen silent'));
      this.#present = new AbortController();
    }
    if (health !== before) this.#onChange();
  }
}

/** A server may have a voice alone. */
async function abilitiesOf(client: InferenceClient, signal: AbortSignal): Promise<Abilities> {
  const speaks = await client.speaks(signal);
  try {
    return { ...(await client.languages(signal)), speaks };
  } catch (error) {
    const isVoiceAlone = error instanceof InferenceError && error.code === 'badRequest';
    if (isVoiceAlone && speaks !== undefined && speaks.length > 0) return { ...VOICE, speaks };
    throw error;
  }
}

const VOICE: EngineLanguages = {
  ...{ engine: 'voice', recognises: [], pairs: [], texts: [], identifies: [] },
};
