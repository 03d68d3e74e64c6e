import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';

const MAIN = fileURLToPath(new URL('../../inference/main.ts', import.meta.url));
const Ready = z.tuple([z.object({ type: z.literal('ready'), url: z.url() })], z.unknown());

/** The real inference process with its offline engine, at its default options. */
export class InferenceChild implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.url = url;
  }

  /** Resolves when it serves; its models may still be loading. */
  static async start(changes: Readonly<Record<string, unknown>> = {}): Promise<InferenceChild> {
    const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
    const argument = JSON.stringify({ ...options, logLevel: 'warn', ...changes });
    const child = fork(MAIN, [argument], { execArgv: [], stdio: ['ignore', 'pipe', 2, 'ipc'] });
    const [{ url }] = Ready.parse(await once(child, 'message'));
    return new InferenceChild(child, url);
  }

  /** What it logged. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || !this.#child.connected) return;
    const exited = once(this.#child, 'exit');
    this.#child.send({ type: 'shutdown' });
    await exited;
  }
}
