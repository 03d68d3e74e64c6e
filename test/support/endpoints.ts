import { POOL_DEFAULTS, type PoolOptions } from '../../inference/protocol/pool/options.ts';
import { InferencePool } from '../../inference/protocol/pool/pool.ts';
import { ProtocolServer } from '../../inference/protocol/server.ts';
import type {
  EngineLanguages,
  SpeechRequest,
  SpeechResult,
} from '../../inference/protocol/task-models.ts';
import { eventually } from './eventually.ts';
import type { FakeEngine } from './fake-inference.ts';
import { FakeModels } from './fake-models.ts';

/** What an engine that hears a word in every tenth of a second writes. */
export const WORDS = 'one two three four five six seven eight nine ten'.split(' ');
export const WORD_SAMPLES = 1_600;

/** Commits a word when the next is heard, so that it shows what of an utterance an engine has heard. */
export function listening(words: readonly string[] = WORDS): FakeEngine['recognise'] {
  const heard = new Map<number, number>();
  return ({ sequence, start, end, audio, targets }: SpeechRequest): SpeechResult => {
    const samples = (start ? 0 : (heard.get(sequence) ?? 0)) + audio.length;
    heard.set(sequence, samples);
    const said = words.slice(0, Math.floor(samples / WORD_SAMPLES));
    const committed = (end ? said : said.slice(0, -1)).join(' ');
    const tentative = end ? '' : (said.at(-1) ?? '');
    const text = { committed, tentative };
    return { transcript: text, translations: targets.map(() => text), logprob: 0 };
  };
}

/** A server of scripted models that can be killed, and started again where it was. */
export class FakeEndpoint implements AsyncDisposable {
  readonly models = new FakeModels();
  #server: ProtocolServer | undefined;
  #port = 0;

  static async start(known: Partial<EngineLanguages> = {}): Promise<FakeEndpoint> {
    const endpoint = new FakeEndpoint();
    endpoint.engine.known = { ...endpoint.engine.known, ...known };
    endpoint.engine.recognise = listening();
    await endpoint.revive();
    return endpoint;
  }

  get engine(): FakeEngine {
    return this.models.engine;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async revive(): Promise<void> {
    const options = { host: '127.0.0.1', port: this.#port, maxBodyBytes: 10_000_000 };
    this.#server = await ProtocolServer.create(this.models, options);
    this.#port = Number(new URL(this.#server.url).port);
  }

  async kill(): Promise<void> {
    await this.#server?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

/** A pool in a hurry, all of whose endpoints are there. */
export async function poolOf(
  endpoints: readonly { readonly url: string }[],
  changes: Partial<PoolOptions> & { readonly fallback?: FakeEndpoint } = {},
): Promise<InferencePool> {
  const { fallback, ...options } = changes;
  const pool = new InferencePool({
    urls: endpoints.map(({ url }) => url),
    fallback: fallback?.url,
    options: {
      ...POOL_DEFAULTS,
      ...{ concurrency: 8, queue: 8, checkMs: 50, checkTimeoutMs: 2_000, breakMs: 300 },
      ...options,
    },
    onChange: () => undefined,
  });
  await eventually(() => pool.figures.every(({ state }) => state === 'ready'));
  return pool;
}
