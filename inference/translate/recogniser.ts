import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import { ChildProgram } from '../process/child-program.ts';
import { Supervisor } from '../process/supervisor.ts';
import { SPEECH_RATE } from '../protocol/task-models.ts';
import type { Recognised, Task } from './canary.ts';
import { recognisedSchema, type Ask, type Settings } from './messages.ts';
import type { CanaryOptions } from './options.ts';

/** Recognises batches, one at a time. */
export interface Recogniser {
  ready(): boolean;
  /** Rejects with an InferenceError. Once cancelled it may resolve early, with less. */
  recognise(tasks: readonly Task[], cancelled: AbortSignal): Promise<Recognised>;
  close(): Promise<void>;
}

export interface RecogniserParts {
  readonly options: CanaryOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

/** A beat of ChildProgram. */
const BEAT_MS = 500;

/**
 * Canary in a process of its own, started again when it dies. What it was doing is then done once more:
 * a batch comes with all that it needs.
 */
export class CanaryProcess implements Recogniser {
  readonly #supervisor: Supervisor<ChildProgram>;
  readonly #options: CanaryOptions;
  #lastBatch = 0;

  private constructor(supervisor: Supervisor<ChildProgram>, options: CanaryOptions) {
    this.#supervisor = supervisor;
    this.#options = options;
  }

  /** Begins to start it; `ready` tells when the model has loaded. */
  static start({ options, log, metrics }: RecogniserParts): CanaryProcess {
    const { directory, device, threads, logLevel } = options;
    const settings: Settings = { directory, device, threads, logLevel };
    const supervisor = Supervisor.start({
      ...options,
      name: 'canary',
      log,
      onRestart: (program, why) => {
        metrics.restarted(program, why);
      },
      start: (closing) =>
        ChildProgram.start(
          {
            file: new URL('program.ts', import.meta.url),
            settings,
            startDeadlineMs: options.startDeadlineMs,
            // It is silent while a run lasts: what it is asked has a deadline, by which it hangs or not.
            hungAfterBeats: Math.ceil(longest(options) / BEAT_MS),
          },
          closing,
        ),
    });
    return new CanaryProcess(supervisor, options);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  async recognise(tasks: readonly Task[], cancelled: AbortSignal): Promise<Recognised> {
    const samples = tasks.reduce((sum, { audio }) => sum + audio.length, 0);
    const deadlineMs = this.#options.runDeadlineMs + (samples / SPEECH_RATE) * 1000;
    return this.#supervisor.attempt(async (program) => {
      this.#lastBatch += 1;
      const batch = this.#lastBatch;
      const ask: Ask = { type: 'recognise', batch, tasks: tasks.map(spelledOut) };
      const cancel = () => {
        // Whoever asked has gone, whatever becomes of this.
        const cancelling: Ask = { type: 'cancel', batch };
        program.ask(cancelling, deadlineMs).catch(() => undefined);
      };
      cancelled.addEventListener('abort', cancel, { once: true });
      try {
        return recognisedSchema.parse(await program.ask(ask, deadlineMs));
      } finally {
        cancelled.removeEventListener('abort', cancel);
      }
    });
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }
}

/** The longest deadline that any batch can have. */
function longest({ runDeadlineMs, maxUtteranceMs, maxBatch }: CanaryOptions): number {
  return runDeadlineMs + maxBatch * maxUtteranceMs;
}

function spelledOut({ audio, texts }: Task): Extract<Ask, { type: 'recognise' }>['tasks'][number] {
  return {
    audio: new Float32Array(audio),
    texts: texts.map(({ prompt, prefix }) => ({ prompt: [...prompt], prefix: [...prefix] })),
  };
}
