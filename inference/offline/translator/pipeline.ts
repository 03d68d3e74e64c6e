import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { Program } from '../../process/supervisor.ts';
import { InferenceError } from '../../protocol/inference-error.ts';
import { fromStream, toStream } from './text-format.ts';

const run = promisify(execFile);

/**
 * Bash runs the stages in the background, where it waits for each of them, and takes the whole process
 * group along when the first of them ends. Of a pipeline in the foreground it waits for the last
 * stage, and holds pipes open that would tell of a dead one.
 */
const together = (stages: string) => `exec 3<&0
trap 'kill -KILL 0' CHLD
<&3 ${stages} &
exec 3<&- <&- >&-
wait`;

/**
 * One of Apertium's modes, kept running: its dozen stages, joined by pipes, pass a text on when
 * they meet a NUL. It takes one text at a time. When any stage dies all do.
 */
export class ApertiumPipeline implements Program {
  readonly ended: Promise<void>;
  readonly #shell: ChildProcessByStdio<Writable, Readable, null>;
  #output = '';
  #hung = false;
  #asked: PromiseWithResolvers<string> | undefined;

  private constructor(shell: ChildProcessByStdio<Writable, Readable, null>) {
    this.#shell = shell;
    this.ended = once(shell, 'close').then(
      () => undefined,
      () => undefined,
    );
    void this.ended.then(() => {
      this.#asked?.reject(new InferenceError('unavailable', 'the translator ended while asked'));
    });
    shell.once('exit', () => {
      this.kill();
    });
    shell.stdout.once('end', () => {
      this.kill();
    });
    shell.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#hear(chunk);
    });
    // Writing to a dead stage; its end is told of otherwise.
    shell.stdin.on('error', () => undefined);
  }

  get hung(): boolean {
    return this.#hung;
  }

  /** Resolves when the pipeline has translated its first word. `mode`: path of a .mode file. */
  static async start(
    mode: string,
    deadlineMs: number,
    closing: AbortSignal,
  ): Promise<ApertiumPipeline> {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(deadlineMs)]);
    const { stdout: script } = await run('apertium-wblank-mode', ['-z', mode], { signal });
    // The modes' two parameters: generation without marks (as `apertium -u`), no tagger option.
    const shell = spawn('bash', ['-c', together(script.trim()), 'apertium', '-n', ''], {
      // A process group of its own, to be ended as one.
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    const pipeline = new ApertiumPipeline(shell);
    const kill = () => {
      pipeline.kill();
    };
    signal.addEventListener('abort', kill);
    if (signal.aborted) kill();
    try {
      await pipeline.translate('hello', deadlineMs);
      return pipeline;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  /** One text at a time. Rejects with `unavailable` when the pipeline dies or has to be killed. */
  async translate(text: string, deadlineMs: number): Promise<string> {
    const asked = Promise.withResolvers<string>();
    this.#asked = asked;
    const timer = setTimeout(() => {
      this.#hung = true;
      this.kill();
    }, deadlineMs);
    this.#shell.stdin.write(`${toStream(text)}\0`);
    try {
      return fromStream(await asked.promise);
    } finally {
      clearTimeout(timer);
      this.#asked = undefined;
    }
  }

  kill(): void {
    if (this.#shell.pid === undefined) return;
    try {
      process.kill(-this.#shell.pid, 'SIGKILL');
    } catch {
      // The whole group is gone.
    }
  }

  #hear(chunk: string): void {
    this.#output += chunk;
    const end = this.#output.indexOf('\0');
    if (end < 0) return;
    this.#asked?.resolve(this.#output.slice(0, end));
    this.#output = this.#output.slice(end + 1);
  }
}
