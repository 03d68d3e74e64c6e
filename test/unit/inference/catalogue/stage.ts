import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeBytes } from '../../../../inference/catalogue/disk.ts';
import type { AvailableModel, Catalogue, Licence } from '../../../../inference/catalogue/model.ts';
import { ProgressLines } from '../../../../inference/catalogue/progress.ts';
import { pull, type PullTools } from '../../../../inference/catalogue/pull.ts';
import { run, type Surroundings } from '../../../../inference/catalogue/command-line.ts';
import { Web } from '../../../../inference/catalogue/web.ts';
import { ModelServer } from './model-server.ts';

const FREE: Licence = { name: 'MIT', words: 'Free for any use.', ask: false };
export const NON_COMMERCIAL: Licence = { name: 'CC-BY-NC', words: 'Not for sale.', ask: true };

/** Contents that differ everywhere, so that parts put together wrongly show. */
export function contents(seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A directory for models, a server that has some, and a toy catalogue that leads there. */
export class Stage implements AsyncDisposable {
  readonly server: ModelServer;
  readonly directory: string;
  readonly weights = contents(1, 200_000);
  readonly vocabulary = contents(2, 900);
  readonly lines: string[] = [];
  readonly printed: string[] = [];
  readonly pauses: number[] = [];
  readonly stop = new AbortController();
  #answers: boolean[] = [];
  readonly #pause: PullTools['pause'] = (ms) => {
    this.pauses.push(ms);
    return Promise.resolve();
  };

  private constructor(server: ModelServer, directory: string) {
    this.server = server;
    this.directory = directory;
    server.files.set('/weights.onnx', this.weights);
    server.files.set('/vocab.txt', this.vocabulary);
  }

  static async create(): Promise<Stage> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-models-'));
    return new Stage(await ModelServer.start(), directory);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Two files: weights whose hash is known, a vocabulary whose hash is not. */
  model(changes: Partial<AvailableModel> = {}): AvailableModel {
    return {
      available: true,
      id: 'toy',
      purpose: 'is small',
      languages: ['en'],
      licence: FREE,
      files: [
        {
          name: 'onnx/weights.onnx',
          url: `${this.server.url}/weights.onnx`,
          about: 200_000,
          sha256: sha256Of(this.weights),
        },
        { name: 'vocab.txt', url: `${this.server.url}/vocab.txt` },
      ],
      ...changes,
    };
  }

  /** Just the weights, with what is said of them changed. */
  weightsAlone(facts: Partial<AvailableModel['files'][number]> = {}): AvailableModel {
    const url = `${this.server.url}/weights.onnx`;
    return this.model({ files: [{ name: 'weights.onnx', url, ...facts }] });
  }

  catalogue(model: AvailableModel = this.model()): Catalogue {
    return {
      models: [
        model,
        {
          available: false,
          id: 'later',
          purpose: 'is not there',
          languages: [],
          licence: FREE,
          reason: 'nobody has made it',
        },
      ],
      sets: [{ id: 'both', purpose: 'everything', models: [model.id, 'later'] }],
    };
  }

  path(name: string, id = 'toy'): string {
    return join(this.directory, id, name);
  }

  part(name: string, id = 'toy'): string {
    return join(this.directory, '.pulling', id, `${name}.part`);
  }

  /** The next questions are answered so. */
  answer(...answers: boolean[]): void {
    this.#answers.push(...answers);
  }

  tools(web: Web): PullTools {
    return {
      web,
      progress: this.progress(),
      signal: this.stop.signal,
      freeBytes,
      pause: this.#pause,
      acceptLicence: () => Promise.resolve(this.#answers.shift() ?? false),
    };
  }

  async pull(
    model: AvailableModel = this.model(),
    changes: Partial<PullTools> = {},
  ): Promise<void> {
    await using web = new Web();
    await pull(this.directory, model, { ...this.tools(web), ...changes });
  }

  /** Runs a command as `npm run models --` does; resolves to its exit code. */
  async run(args: readonly string[], changes: Partial<Surroundings> = {}): Promise<number> {
    return run(args, {
      catalogue: this.catalogue(),
      env: { PARLEY_INFERENCE_MODELS: this.directory },
      print: (text) => this.printed.push(text),
      progress: this.progress(),
      ask: () => Promise.resolve(this.#answers.shift() ?? false),
      pause: this.#pause,
      signal: this.stop.signal,
      ...changes,
    });
  }

  said(): string {
    return this.lines.join('');
  }

  progress(): ProgressLines {
    return new ProgressLines({ write: (text) => this.lines.push(text), now: () => 0 });
  }
}
