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
import { RemoteSidecar } from './remote-sidecar.ts';
import { sileroModel } from './silero-models.ts';
import type { SpeakingProgram } from './speaking-program.ts';

/** Importing torch, reading packages of 150 MB and trying their voices, on a slow machine. */
const LOAD_DEADLINE_MS = 180_000;
/** A start costs seconds of processor time, and what was refused once mostly is again. */
const MAX_BACKOFF_MS = 60_000;
/** Longest that a letter takes to say: a deadline allows for the length of its text. */
const LETTER_MS = 100;

/**
 * Speaks with Silero's voices, by a Python process of their own (sidecar/), one text after another: one
 * that it starts, or one that runs elsewhere.
 *
 * `start` is for when the option `silero.models` names any, or `silero.url` a sidecar; its result is the
 * first to be asked for the languages it has. Until it is `ready`, and whenever it rejects, another voice may take its place.
 */
export class SileroVoice implements VoiceEngine, AsyncDisposable {
  readonly name = 'silero';
  readonly #deadlineMs: number;
  readonly #metrics: InferenceMetrics;
  readonly #queue: SerialQueue;
  readonly #speaks: Repertoire;
  readonly #supervisor: Supervisor<SpeakingProgram>;

  private constructor(
    { options, metrics }: VoiceParts,
    speaks: Repertoire,
    supervisor: Supervisor<SpeakingProgram>,
  ) {
    this.#deadlineMs = options.voiceDeadlineMs;
    this.#metrics = metrics;
    this.#queue = new SerialQueue(options.voiceQueue, metrics.queue('silero'));
    this.#speaks = speaks;
    this.#supervisor = supervisor;
  }

  /**
   * Finds the models and begins to start the sidecar; `ready` tells when it has loaded them. Rejects with
   * a CatalogueError where a model that was asked for is not here. Contents other than those pulled
   * are found, logged and refused by the sidecar, which is then tried again once in a while.
   */
  static async start(parts: VoiceParts): Promise<SileroVoice> {
    const { url, python, models: entries } = parts.options.silero;
    const loadDeadlineMs = LOAD_DEADLINE_MS;
    const speaks: Repertoire = { languages: [] };
    if (url !== '') {
      const supervisor = supervise(parts, async (closing) => {
        const sidecar = await RemoteSidecar.start({ url, loadDeadlineMs }, closing);
        speaks.languages = unique(sidecar.languages);
        return sidecar;
      });
      return new SileroVoice(parts, speaks, supervisor);
    }
    const directory = parts.options.models || modelsDirectory(process.env);
    const models = await Promise.all(entries.map((entry) => sileroModel(entry, directory)));
    speaks.languages = unique(models.flatMap(({ languages }) => languages));
    const options = { python, models, queue: parts.options.voiceQueue, loadDeadlineMs };
    const supervisor = supervise(parts, (closing) => Sidecar.start(options, closing));
    return new SileroVoice(parts, speaks, supervisor);
  }

  /** Those of a sidecar elsewhere are known from when it was first reached. */
  get languages(): readonly string[] {
    return this.#speaks.languages;
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
    const job = () =>
      this.#supervisor.attempt((sidecar) => sidecar.speak(said, deadlineMs, signal));
    return this.#queue.run(() => this.#metrics.timed('speak', job), signal);
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** What is spoken, as far as it is known. */
interface Repertoire {
  languages: readonly string[];
}

function supervise(
  { options, log, metrics }: VoiceParts,
  start: (closing: AbortSignal) => Promise<SpeakingProgram>,
): Supervisor<SpeakingProgram> {
  return Supervisor.start({
    name: 'silero',
    log,
    backoffMs: options.backoffMs,
    maxBackoffMs: MAX_BACKOFF_MS,
    patienceMs: options.patienceMs,
    onRestart: (program, why) => {
      metrics.restarted(program, why);
    },
    start,
  });
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
