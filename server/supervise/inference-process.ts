import type { Logger } from '../log.ts';
import { SupervisedChild } from './child-process.ts';

/** Longest wait for what is only to be looked at. */
const LOOK_TIMEOUT_MS = 2_000;

/** What the inference process is told. */
type ServerToInference = { readonly type: 'shutdown' };

/** What the inference process says. */
type InferenceToServer = { readonly type: 'ready'; readonly url: string };

export interface InferenceProcessOptions {
  readonly entry: string;
  readonly options: unknown;
  /** Models are served at this address now. */
  readonly onUrl: (url: string) => void;
  readonly log: Logger;
}

/** The models on this machine, served over the Open Inference Protocol by a process of their own. */
export class InferenceProcess {
  readonly #child: SupervisedChild<ServerToInference, InferenceToServer>;
  #url: string | undefined;

  constructor({ entry, options, onUrl, log }: InferenceProcessOptions) {
    this.#child = new SupervisedChild({
      name: 'inference',
      entry,
      options,
      shutdown: { type: 'shutdown' },
      log,
      onUp: ({ url }) => {
        this.#url = url;
        onUrl(url);
      },
      onDown: () => {
        this.#url = undefined;
      },
      onMessage: () => undefined,
      ping: () => this.#get('/v2/health/live'),
    });
  }

  /** Base address of the models; undefined while the process is down. */
  get url(): string | undefined {
    return this.#url;
  }

  get restarts(): number {
    return this.#child.restarts;
  }

  /** How often it was killed because it no longer answered. */
  get hangs(): number {
    return this.#child.hangs;
  }

  start(): void {
    this.#child.start();
  }

  /** Its metrics in Prometheus text form; empty while it is down or busy. */
  async metrics(): Promise<string> {
    try {
      return await this.#get('/metrics');
    } catch {
      return '';
    }
  }

  async close(): Promise<void> {
    await this.#child.close();
  }

  async #get(path: string): Promise<string> {
    if (this.#url === undefined) throw new Error('the inference process is not running');
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    const response = await fetch(new URL(path, this.#url), { signal });
    if (!response.ok) throw new Error(`${path} was answered with status ${response.status}`);
    return response.text();
  }
}
