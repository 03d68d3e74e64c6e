import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { InferenceClient } from '../protocol/client.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../protocol/task-models.ts';
import type { SileroModel } from './silero-models.ts';
import type { SpeakingProgram } from './speaking-program.ts';

const PROGRAM = fileURLToPath(new URL('sidecar', import.meta.url));

/** How often the sidecar is asked for a sign of life. */
const BEAT_MS = 500;
/** So many times without an answer, and it hangs: three seconds. */
const HUNG_AFTER_BEATS = 6;
/** No text takes so long; what limits a request is its deadline. */
const REQUEST_TIMEOUT_MS = 600_000;

/** All that Python and torch need of our environment: what they load is code of others. */
const ENVIRONMENT = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'TMPDIR', 'VIRTUAL_ENV'];

/** What the sidecar says on its standard output, a line each (sidecar/__main__.py). */
const said = z
  .string()
  .transform((line, context) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(
    z.union([
      z.object({ url: z.url() }),
      z.object({ ready: z.literal(true) }),
      z.object({ refused: z.string() }),
    ]),
  );

export interface SidecarOptions {
  /** A Python 3.10 or newer that has torch. */
  readonly python: string;
  readonly models: readonly SileroModel[];
  /** Texts that may wait in the sidecar; the next is refused. */
  readonly queue: number;
  /** How long it may take to load its models. */
  readonly loadDeadlineMs: number;
}

/**
 * The Python process that speaks with Silero's voices. It ends with us, however we end: its standard
 * input is its lifeline. When it gives no sign of life for three seconds, or leaves a request unanswered
 * past its deadline, it counts as hung and is killed.
 */
export class Sidecar implements SpeakingProgram {
  readonly ended: Promise<void>;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  #client: InferenceClient | undefined;
  #hung = false;
  #silentBeats = 0;

  private constructor({ python, models, queue }: SidecarOptions) {
    this.#child = spawn(python, ['-B', PROGRAM, JSON.stringify({ models, queue })], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: Object.fromEntries(ENVIRONMENT.map((name) => [name, process.env[name]])),
    });
    // Told of by its exit.
    this.#child.stdin.on('error', () => undefined);
    this.ended = once(this.#child, 'exit').then(
      () => undefined,
      () => undefined,
    );
  }

  /** Resolves when the models are loaded and warm; rejects with the reason why they cannot be. */
  static async start(options: SidecarOptions, signal: AbortSignal): Promise<Sidecar> {
    const sidecar = new Sidecar(options);
    const tooLate = AbortSignal.any([signal, AbortSignal.timeout(options.loadDeadlineMs)]);
    const kill = () => {
      sidecar.kill();
    };
    tooLate.addEventListener('abort', kill);
    if (tooLate.aborted) kill();
    try {
      await sidecar.#loaded();
      sidecar.#watch();
      return sidecar;
    } catch (error) {
      kill();
      throw error;
    } finally {
      tooLate.removeEventListener('abort', kill);
    }
  }

  get hung(): boolean {
    return this.#hung;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async speak(
    request: VoiceRequest,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<VoiceResult> {
    const client = this.#client;
    if (!client) throw new InferenceError('unavailable', 'the sidecar is loading');
    const deadline = setTimeout(() => {
      this.#killHung();
    }, deadlineMs);
    try {
      return await client.voice(request, signal);
    } catch (error) {
      // A sidecar that cannot be reached is of no use, even if it has not ended.
      if (error instanceof InferenceError && error.retryable) this.kill();
      throw error;
    } finally {
      clearTimeout(deadline);
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #killHung(): void {
    this.#hung = true;
    this.kill();
  }

  async #loaded(): Promise<void> {
    const loaded = Promise.withResolvers<undefined>();
    this.#child.on('error', ({ message }) => {
      loaded.reject(new Error(`the sidecar cannot be started: ${message}`));
    });
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => {
      const heard = said.safeParse(line);
      if (!heard.success) loaded.reject(new Error('the sidecar is some other program'));
      else if ('url' in heard.data) this.#connect(heard.data.url);
      else if ('ready' in heard.data) loaded.resolve(undefined);
      else loaded.reject(new Error(heard.data.refused));
    });
    // Behind the last line.
    lines.once('close', () => {
      loaded.reject(new InferenceError('unavailable', 'the sidecar ended before it was ready'));
    });
    await loaded.promise;
  }

  #connect(url: string): void {
    const client = new InferenceClient(url, {
      timeoutMs: REQUEST_TIMEOUT_MS,
      healthTimeoutMs: BEAT_MS * HUNG_AFTER_BEATS,
    });
    this.#client = client;
    void this.ended.then(() => client.close());
  }

  /** Counted in beats of ours, of which a process that is itself stopped has none. */
  #watch(): void {
    const beats = setInterval(() => {
      this.#silentBeats += 1;
      if (this.#silentBeats > HUNG_AFTER_BEATS) this.#killHung();
      else void this.#ask();
    }, BEAT_MS);
    void this.ended.then(() => {
      clearInterval(beats);
    });
  }

  async #ask(): Promise<void> {
    if (await this.#client?.ready()) this.#silentBeats = 0;
  }
}
