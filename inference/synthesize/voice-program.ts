import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import type { InferenceOptions } from '../options.ts';
import { ChildProgram } from '../process/child-program.ts';
import { SerialQueue } from '../process/serial-queue.ts';
import { Supervisor } from '../process/supervisor.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../protocol/task-models.ts';
import type { VoiceEngine } from './voice-engine.ts';
import { spokenSchema } from './voice-messages.ts';

/** What all voices are started with. */
export interface VoiceParts {
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

export interface VoiceProgramOptions {
  readonly name: string;
  readonly languages: readonly string[];
  /** Of the program and its queue, in logs and figures. */
  readonly program: string;
  /** The program's main module, which calls speakForParent. */
  readonly file: URL;
  /** Its one argument. */
  readonly settings: object;
  readonly startDeadlineMs: number;
  /** Texts that may wait; the next is refused. */
  readonly queue: number;
  /** How long it may be silent without being asked anything; left out: three seconds. */
  readonly hungAfterBeats?: number;
  /**
   * Whether a text waits for a process that is starting, and the next process says what one died under;
   * where not, another voice is to say it, which is quicker.
   */
  readonly triesAgain: boolean;
  /** Throws `badRequest`. */
  readonly prepare: (request: VoiceRequest) => Prepared;
}

/** What the program is given for a request. */
export interface Prepared {
  readonly say: object;
  /** What has not been spoken by then kills the process. */
  readonly deadlineMs: number;
}

/** A voice in a process of its own, started again when it dies, that speaks one text after another. */
export class VoiceProgram implements VoiceEngine, AsyncDisposable {
  readonly name: string;
  readonly languages: readonly string[];
  readonly #options: VoiceProgramOptions;
  readonly #metrics: InferenceMetrics;
  readonly #queue: SerialQueue;
  readonly #supervisor: Supervisor<ChildProgram>;
  #lastJob = 0;

  private constructor(
    options: VoiceProgramOptions,
    { metrics }: VoiceParts,
    supervisor: Supervisor<ChildProgram>,
  ) {
    this.name = options.name;
    this.languages = options.languages;
    this.#options = options;
    this.#metrics = metrics;
    this.#queue = new SerialQueue(options.queue, metrics.queue(options.program));
    this.#supervisor = supervisor;
  }

  /** Begins to start its process; `ready` tells when it has loaded. */
  static start(options: VoiceProgramOptions, parts: VoiceParts): VoiceProgram {
    const supervisor = Supervisor.start({
      ...parts.options,
      name: options.program,
      log: parts.log,
      onRestart: (program, why) => {
        parts.metrics.restarted(program, why);
      },
      start: (closing) => ChildProgram.start(options, closing),
    });
    return new VoiceProgram(options, parts, supervisor);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  async speak(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    const prepared = this.#options.prepare(request);
    const ask = (program: ChildProgram) => this.#ask(program, prepared, signal);
    const job = async () =>
      this.#options.triesAgain ? this.#supervisor.attempt(ask) : ask(await this.#current());
    return this.#queue.run(
      async () => spokenSchema.parse(await this.#metrics.timed('speak', job)),
      signal,
    );
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #current(): Promise<ChildProgram> {
    if (!this.ready()) throw new InferenceError('unavailable', `${this.name} is starting`);
    return this.#supervisor.current();
  }

  async #ask(program: ChildProgram, { say, deadlineMs }: Prepared, signal: AbortSignal) {
    signal.throwIfAborted();
    this.#lastJob += 1;
    const job = this.#lastJob;
    const cancel = () => {
      // Whoever asked has gone, whatever becomes of this.
      program.ask({ type: 'cancel', job }, deadlineMs).catch(() => undefined);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await program.ask({ type: 'say', job, say }, deadlineMs);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}
