import type { Logger } from '../log.ts';
import { SupervisedChild } from './child-process.ts';

/** Longest wait for what is only to be looked at. */
const LOOK_TIMEOUT_MS = 2_000;

/** What every such process says: it takes requests at this address. */
type Ready = { readonly type: 'ready'; readonly url: string };
type Shutdown = { readonly type: 'shutdown' };

export interface HttpProcessOptions {
  /** Short name for logs. */
  readonly name: string;
  readonly entry: string;
  readonly options: unknown;
  /** Where it is asked whether it is alive. */
  readonly health: string;
  /** It takes requests at this address now. */
  readonly onUrl: (url: string) => void;
  readonly log: Logger;
}

/** A process that is kept running and works over HTTP, at an address of its own choice. */
export class HttpProcess<ToChild extends object = never> {
  readonly #child: SupervisedChild<ToChild | Shutdown, Ready>;
  readonly #name: string;
  #url: string | undefined;

  constructor({ name, entry, options, health, onUrl, log }: HttpProcessOptions) {
    this.#name = name;
    this.#child = new SupervisedChild({
      ...{ name, entry, options, log },
      shutdown: { type: 'shutdown' },
      onUp: ({ url }) => {
        this.#url = url;
        onUrl(url);
      },
      onDown: () => {
        this.#url = undefined;
      },
      onMessage: () => undefined,
      ping: () => this.#get(health),
    });
  }

  /** Where it takes requests; undefined while it is down. */
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

  get pid(): number | undefined {
    return this.#child.pid;
  }

  start(): void {
    this.#child.start();
  }

  /** Tells it something, if it is there. */
  send(message: ToChild): void {
    this.#child.send(message);
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
    if (this.#url === undefined) throw new Error(`the ${this.#name} process is not running`);
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    const response = await fetch(new URL(path, this.#url), { signal });
    if (!response.ok) throw new Error(`${path} was answered with status ${response.status}`);
    return response.text();
  }
}
