import { FilesClient } from '../api/files-client.ts';
import type { Logger } from '../log.ts';
import { HttpProcess } from './http-process.ts';
import type { EngineAt } from './media-process.ts';

export interface FilesProcessOptions {
  readonly entry: string;
  readonly options: unknown;
  readonly log: Logger;
}

/** Recordings and texts of the API, worked on by a process of their own. */
export class FilesProcess {
  readonly process: HttpProcess<{ readonly type: 'engine' } & EngineAt>;
  /** Asks the process, through its restarts. */
  readonly client: FilesClient;
  #engine: EngineAt | undefined;

  constructor(options: FilesProcessOptions) {
    this.process = new HttpProcess({
      ...{ ...options, name: 'files', health: '/health' },
      onUrl: () => {
        this.#tellEngine();
      },
    });
    this.client = new FilesClient(() => this.process.url);
  }

  /** Where models are served from now on. */
  useEngine(at: EngineAt): void {
    this.#engine = at;
    this.#tellEngine();
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.process.close();
  }

  #tellEngine(): void {
    if (this.#engine !== undefined) this.process.send({ type: 'engine', ...this.#engine });
  }
}
