import type { Logger } from 'pino';
import type { InferenceMetrics } from '../../metrics.ts';
import type { InferenceOptions } from '../../options.ts';
import { ChildProgram } from '../../process/child-program.ts';
import { SerialQueue } from '../../process/serial-queue.ts';
import { Supervisor } from '../../process/supervisor.ts';
import type { VoiceRequest, VoiceResult } from '../../protocol/task-models.ts';
import { spokenSchema, type Say } from './messages.ts';
import { espeakVoice } from './voices.ts';

export interface VoiceParts {
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

/** Speaks with espeak-ng, in a process of its own, one text after another. */
export class Voice implements AsyncDisposable {
  readonly #supervisor: Supervisor<ChildProgram>;
  readonly #queue: SerialQueue;
  readonly #parts: VoiceParts;

  private constructor(parts: VoiceParts, supervisor: Supervisor<ChildProgram>) {
    const { options, metrics } = parts;
    this.#parts = parts;
    this.#queue = new SerialQueue(options.voiceQueue, metrics.queue('voice'));
    this.#supervisor = supervisor;
  }

  /** Begins to start its process; `ready` tells when it has loaded. */
  static start(parts: VoiceParts): Voice {
    const { options, log, metrics } = parts;
    const supervisor = Supervisor.start({
      ...options,
      name: 'voice',
      log,
      onRestart: (program, why) => {
        metrics.restarted(program, why);
      },
      start: (closing) =>
        ChildProgram.start(
          {
            file: new URL('program.ts', import.meta.url),
            settings: {},
            startDeadlineMs: options.startDeadlineMs,
          },
          closing,
        ),
    });
    return new Voice(parts, supervisor);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  /** Rejects with an InferenceError, or the signal's reason. */
  async speak({ text, language, voice }: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    const say: Say = { text, ...espeakVoice(language, voice) };
    const { options, metrics } = this.#parts;
    return this.#queue.run(async () => {
      const stop = metrics.stageSeconds.startTimer({ stage: 'speak' });
      const spoken = await this.#supervisor.attempt((program) =>
        program.ask(say, options.voiceDeadlineMs),
      );
      stop();
      return spokenSchema.parse(spoken);
    }, signal);
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
