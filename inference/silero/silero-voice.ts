import { modelsDirectory } from '../catalogue/places.ts';
import type { InferenceMetrics } from '../metrics.ts';
import { SerialQueue } from '../process/serial-queue.ts';
import { Supervisor } from '../process/supervisor.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../protocol/task-models.ts';
import type { VoiceEngine } from '../synthesize/voice-engine.ts';
import { baseLanguage } from '../routes/base-language.ts';
import { voiceOf } from '../synthesize/voice-name.ts';
import type { VoiceParts } from '../synthesize/voice-program.ts';
import { speakable } from '../text/speakable.ts';
import { Sidecar } from './sidecar.ts';
import { sileroModel, type SileroModel } from './silero-models.ts';

/** Importing torch, reading packages of 150 MB and trying their voices, on a slow machine. */
const LOAD_DEADLINE_MS = 180_000;
/** A start costs seconds of processor time, and what was refused once mostly is again. */
const MAX_BACKOFF_MS = 60_000;
/** Longest that a letter takes to say: a deadline allows for the length of its text. */
const LETTER_MS = 100;

/**
 * Speaks with Silero's voices, by a Python process of their own (sidecar/), one text after another.
 *
 * `start` is for when the option `silero.models` names any; its result is the first to be asked for the
 * languages it has. Until it is `ready`, and whenever it rejects, another voice may take its place.
 */
export class SileroVoice implements VoiceEngine, AsyncDisposable {
  readonly name = 'silero';
  readonly languages: readonly string[];
  readonly #deadlineMs: number;
  readonly #metrics: InferenceMetrics;
  readonly #queue: SerialQueue;
  readonly #supervisor: Supervisor<Sidecar>;

  private constructor(
    models: readonly SileroModel[],
    { options, metrics }: VoiceParts,
    supervisor: Supervisor<Sidecar>,
  ) {
    this.languages = [...new Set(models.flatMap(({ languages }) => languages))];
    this.#deadlineMs = options.voiceDeadlineMs;
    this.#metrics = metrics;
    this.#queue = new SerialQueue(options.voiceQueue, metrics.queue('silero'));
    this.#supervisor = supervisor;
  }

  /**
   * Finds the models and begins to start the sidecar; `ready` tells when it has loaded them. Rejects with
   * a CatalogueError where a model that was asked for is not here. Contents other than those pulled
   * are found, logged and refused by the sidecar, which is then tried again once in a while.
   */
  static async start(parts: VoiceParts): Promise<SileroVoice> {
    const { options, log, metrics } = parts;
    const directory = options.models || modelsDirectory(process.env);
    const { python, models: entries } = options.silero;
    const models = await Promise.all(entries.map((entry) => sileroModel(entry, directory)));
    const supervisor = Supervisor.start({
      name: 'silero',
      log,
      backoffMs: options.backoffMs,
      maxBackoffMs: MAX_BACKOFF_MS,
      patienceMs: options.patienceMs,
      onRestart: (program, why) => {
        metrics.restarted(program, why);
      },
      start: (closing) =>
        Sidecar.start(
          { python, models, queue: options.voiceQueue, loadDeadlineMs: LOAD_DEADLINE_MS },
          closing,
        ),
    });
    return new SileroVoice(models, parts, supervisor);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  async speak(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    const language = baseLanguage(request.language);
    if (!this.languages.includes(language)) {
      throw new InferenceError('badRequest', `'${request.language}' is not spoken by Silero`);
    }
    voiceOf(request.voice);
    // The models leave out digits and letters of another script.
    const said = { ...request, language, text: speakable(request.text, language) };
    const deadlineMs = this.#deadlineMs + said.text.length * LETTER_MS;
    return this.#queue.run(async () => {
      const stop = this.#metrics.stageSeconds.startTimer({ stage: 'speak' });
      const spoken = await this.#supervisor.attempt((sidecar) =>
        sidecar.speak(said, deadlineMs, signal),
      );
      stop();
      return spoken;
    }, signal);
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
