import { FilesClient } from '../api/files-client.ts';
import type { Logger } from '../log.ts';
import { SupervisedChild } from './child-process.ts';
import type { EngineAt } from './media-process.ts';

/** Longest wait for what is only to be looked at. */
const LOOK_TIMEOUT_MS = 2_000;

/** What the files process is told. */
type ServerToFiles = ({ readonly type: 'engine' } & EngineAt) | { readonly type: 'shutdown' };

/** What it says. */
type FilesToServer = { readonly type: 'ready'; readonly url: string };

export interface FilesProcessOptions {
  readonly entry: string;
  readonly options: unknown;
  readonly log: Logger;
}

/** Recordings and texts of the API, worked on by a process of their own. */
export class FilesProcess {
  /** Asks the process, through its restarts. */
  readonly client: FilesClient;
  readonly #child: SupervisedChild<ServerToFiles, FilesToServer>;
  #url: string | undefined;
  #engine: EngineAt | undefined;

  constructor({ entry, options, log }: FilesProcessOptions) {
    this.client = new FilesClient(() => this.#url);
    this.#child = new SupervisedChild({
      name: 'files',
      entry,
      options,
      shutdown: { type: 'shutdown' },
      log,
      onUp: ({ url }) => {
        this.#url = url;
        this.#tellEngine();
      },
      onDown: () => {
        this.#url = undefined;
      },
      onMessage: () => undefined,
      ping: () => this.#get('/health'),
    });
  }

  /** Where it takes work; undefined while it is down. */
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

  /** Where models are served from now on. */
  useEngine(at: EngineAt): void {
    this.#engine = at;
    this.#tellEngine();
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
    await this.client.close();
    await this.#child.close();
  }

  #tellEngine(): void {
    if (this.#engine !== undefined) this.#child.send({ type: 'engine', ...this.#engine });
  }

  async #get(path: string): Promise<string> {
    if (this.#url === undefined) throw new Error('the files process is not running');
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    const response = await fetch(new URL(path, this.#url), { signal });
    if (!response.ok) throw new Error(`${path} was answered with status ${response.status}`);
    return response.text();
  }
}
