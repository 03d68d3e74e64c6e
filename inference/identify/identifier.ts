import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import type { InferenceOptions } from '../options.ts';
import { ChildProgram } from '../process/child-program.ts';
import { SerialQueue } from '../process/serial-queue.ts';
import { Supervisor } from '../process/supervisor.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import { SPEECH_RATE, type IdentifyRequest, type IdentifyResult } from '../protocol/task-models.ts';
import { answerSchema, type Ask, type Settings } from './messages.ts';
import { readIdentifier } from './model-files.ts';

/** A beat of ChildProgram. */
const BEAT_MS = 500;
/** Less speech tells nothing; more takes long and tells no more. */
const LEAST_MS = 500;
const MOST_MS = 30_000;

export interface IdentifierParts {
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

/** Tells which language is spoken, in a process of its own that is started again when it dies. */
export class LanguageIdentifier implements AsyncDisposable {
  /** ISO 639 codes. */
  readonly languages: readonly string[];
  readonly #supervisor: Supervisor<ChildProgram>;
  readonly #queue: SerialQueue;
  readonly #parts: IdentifierParts;

  private constructor(
    languages: readonly string[],
    supervisor: Supervisor<ChildProgram>,
    parts: IdentifierParts,
  ) {
    this.languages = languages;
    this.#supervisor = supervisor;
    this.#parts = parts;
    const { options, metrics } = parts;
    this.#queue = new SerialQueue(options.waitingUtterances, metrics.queue('identifier'));
  }

  /**
   * Looks into the model's folder and begins to load it. Rejects with a ModelError where the folder is
   * not an identifier's.
   */
  static async create(directory: string, parts: IdentifierParts): Promise<LanguageIdentifier> {
    const { labels } = await readIdentifier(directory);
    const { options, log, metrics } = parts;
    const settings: Settings = { directory, logLevel: options.logLevel };
    const supervisor = Supervisor.start({
      ...options,
      name: 'identifier',
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
            // It is silent while a run lasts.
            hungAfterBeats: Math.ceil(options.recogniserDeadlineMs / BEAT_MS),
          },
          closing,
        ),
    });
    return new LanguageIdentifier(labels, supervisor, parts);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  /** Rejects with an InferenceError. */
  async identify({ audio, among }: IdentifyRequest, signal: AbortSignal): Promise<IdentifyResult> {
    expectSpeech(audio);
    const chosen = choices(among.length === 0 ? this.languages : among, this.languages);
    const { options, metrics } = this.#parts;
    const ask: Ask = { audio: new Float32Array(audio) };
    const job = () =>
      this.#supervisor.attempt((program) => program.ask(ask, options.recogniserDeadlineMs));
    return this.#queue.run(async () => {
      const answer = await metrics.timed('identify', job);
      return ranked(chosen, answerSchema.parse(answer).probabilities);
    }, signal);
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

interface Choice {
  /** As it was asked for. */
  readonly language: string;
  readonly label: number;
}

/** Throws `badRequest` where none of these languages is known. */
function choices(among: readonly string[], labels: readonly string[]): readonly Choice[] {
  const known = among
    .map((language) => ({ language, label: labels.indexOf(baseLanguage(language)) }))
    .filter(({ label }) => label >= 0);
  if (known.length > 0) return known;
  throw new InferenceError('badRequest', `none of ${among.join(', ')} can be told from others`);
}

/** The most probable first, out of these alone. */
function ranked(among: readonly Choice[], probabilities: Float32Array): IdentifyResult {
  const found = among.map(({ language, label }) => ({
    language,
    probability: probabilities[label] ?? 0,
  }));
  const sum = found.reduce((total, { probability }) => total + probability, 0);
  return {
    languages: found
      .map(({ language, probability }) => ({
        language,
        probability: sum > 0 ? Math.min(1, probability / sum) : 1 / found.length,
      }))
      .sort((a, b) => b.probability - a.probability),
  };
}

function expectSpeech(audio: Float32Array): void {
  const ms = (audio.length / SPEECH_RATE) * 1000;
  if (ms < LEAST_MS || ms > MOST_MS) {
    throw new InferenceError('badRequest', `${Math.round(ms)} ms of speech, not 500 to 30,000`);
  }
  if (!audio.every(Number.isFinite)) {
    throw new InferenceError('badRequest', 'the audio has samples that are no numbers');
  }
}

/** Language of a BCP-47 tag, without its region or script. */
function baseLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}
