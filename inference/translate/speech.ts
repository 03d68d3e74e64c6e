import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import { Sequences } from '../sequences.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import type { EngineLanguages, SpeechRequest, SpeechResult } from '../protocol/task-models.ts';
import { Dispatcher } from './dispatcher.ts';
import { directionOf, engineLanguages, type Family } from './languages.ts';
import { ModelError, readModelDirectory } from './model-files.ts';
import type { CanaryOptions } from './options.ts';
import { familyOf, Prompts } from './prompt.ts';
import { CanaryProcess, type Recogniser } from './recogniser.ts';
import { Utterance } from './utterance.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface CanarySpeechParts {
  readonly options: CanaryOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
  readonly recogniser?: Recogniser;
  readonly now?: () => number;
}

/**
 * The half of TaskModels that Canary serves: speech in its languages, its transcript and translations
 * from and into English.
 */
export class CanarySpeech implements AsyncDisposable {
  readonly languages: EngineLanguages;
  readonly #family: Family;
  readonly #recogniser: Recogniser;
  readonly #sequences: Sequences<Utterance>;

  private constructor(family: Family, recogniser: Recogniser, sequences: Sequences<Utterance>) {
    this.languages = engineLanguages(family);
    this.#family = family;
    this.#recogniser = recogniser;
    this.#sequences = sequences;
  }

  /**
   * Looks into the model's directory and begins to load the model; `ready` tells when it has. Rejects
   * with a ModelError where the directory is not a Canary model's.
   */
  static async create(parts: CanarySpeechParts): Promise<CanarySpeech> {
    const { options, metrics, now = () => performance.now() } = parts;
    const { vocabulary } = await readModelDirectory(options.directory);
    const family = familyOf(vocabulary);
    const prompts = promptsOf(vocabulary, family, parts.options);
    const recogniser = parts.recogniser ?? CanaryProcess.start(parts);
    const dispatcher = new Dispatcher({ recogniser, options, metrics, now });
    let open = 0;
    const sequences = new Sequences({
      open: () => {
        if (open >= options.openUtterances) {
          metrics.dropped.inc({ queue: 'utterances', reason: 'full' });
          throw new InferenceError('overloaded', 'too many people speak at once');
        }
        return new Utterance({ dispatcher, vocabulary, prompts, options, now });
      },
      idleMs: options.idleUtteranceMs,
      onCount: (count) => {
        open = count;
        metrics.utterances.set(count);
      },
      onIdle: () => {
        metrics.dropped.inc({ queue: 'utterances', reason: 'idle' });
      },
    });
    return new CanarySpeech(family, recogniser, sequences);
  }

  ready(): boolean {
    return this.#recogniser.ready();
  }

  /** Rejects with an InferenceError. */
  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    const direction = directionOf(this.#family, request);
    return this.#sequences.part(
      request,
      (utterance) => utterance.hear(request, direction, signal),
      signal,
    );
  }

  async close(): Promise<void> {
    // The process first: nobody then waits for an answer.
    await this.#recogniser.close();
    await this.#sequences.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function promptsOf(
  vocabulary: Vocabulary,
  family: Family,
  { directory, leadingSpace }: CanaryOptions,
): Prompts {
  try {
    return new Prompts(vocabulary, family, leadingSpace);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(`${directory}/vocab.txt`, reason, { cause });
  }
}
