import type { Logger } from 'pino';
import type { InferenceMetrics } from '../../metrics.ts';
import type { InferenceOptions } from '../../options.ts';
import { ChildProgram } from '../../process/child-program.ts';
import { Slots } from '../../process/slots.ts';
import { Supervisor } from '../../process/supervisor.ts';
import type { Ask, Heard } from './messages.ts';
import { Utterance } from './utterance.ts';

export interface RecogniserParts {
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

/** Recognises English speech with PocketSphinx, in a process of its own. */
export class Recogniser implements AsyncDisposable {
  readonly #supervisor: Supervisor<ChildProgram>;
  readonly #slots: Slots;
  readonly #parts: RecogniserParts;

  private constructor(parts: RecogniserParts, supervisor: Supervisor<ChildProgram>) {
    const { options, metrics } = parts;
    const queue = metrics.queue('decoders');
    this.#parts = parts;
    this.#slots = new Slots(options.decoders, options.waitingUtterances, queue);
    this.#supervisor = supervisor;
  }

  /** Begins to start its process; `ready` tells when it has loaded. */
  static start(parts: RecogniserParts): Recogniser {
    const { options, log, metrics } = parts;
    const supervisor = Supervisor.start({
      ...options,
      name: 'recogniser',
      log,
      onRestart: (program, why) => {
        metrics.restarted(program, why);
      },
      start: (closing) =>
        ChildProgram.start(
          {
            file: new URL('program.ts', import.meta.url),
            settings: { modelDirectory: options.pocketsphinxModel },
            startDeadlineMs: options.startDeadlineMs,
          },
          closing,
        ),
    });
    return new Recogniser(parts, supervisor);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  /** Begins an utterance; throws `overloaded` when too many are open. */
  open(sequence: number): Utterance {
    const { options, metrics } = this.#parts;
    return new Utterance({
      sequence,
      slot: this.#slots.take(),
      supervisor: this.#supervisor,
      deadlineMs: options.recogniserDeadlineMs,
      maxMs: options.maxUtteranceMs,
      onHeard: (ask, heard) => {
        observe(metrics, ask, heard);
      },
    });
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function observe(
  metrics: InferenceMetrics,
  ask: Extract<Ask, { type: 'hear' }>,
  heard: Heard,
): void {
  metrics.stageSeconds.observe({ stage: 'decode' }, heard.decodeMs / 1000);
  if (ask.end) metrics.stageSeconds.observe({ stage: 'finish' }, heard.finishMs / 1000);
  const audioMs = ask.audio.length / 16;
  if (audioMs > 0) metrics.realTimeFactor.observe(heard.decodeMs / audioMs);
}
