import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import { Sequences } from '../sequences.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import { nothingSaid } from '../protocol/nothing-said.ts';
import type { EngineLanguages, SpeechRequest, SpeechResult } from '../protocol/task-models.ts';
import type { Routes } from '../routes/routes.ts';
import type { TextTranslator } from '../translate-text/text-translator.ts';
import { Dispatcher } from './dispatcher.ts';
import { canaryRoutes, directionOf, engineLanguages, type Family } from './languages.ts';
import { ModelError } from '../onnx/model-error.ts';
import { readModelDirectory } from './model-files.ts';
import { Onward } from './onward.ts';
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
  /** Takes English text into languages that the model does not reach at once. Not owned. */
  readonly texts?: TextTranslator | undefined;
  readonly now?: () => number;
}

/**
 * The half of TaskModels that Canary serves: speech in its languages, its transcript and translations
 * from and into English; between others through English, where something translates texts.
 */
export class CanarySpeech implements AsyncDisposable {
  readonly languages: EngineLanguages;
  readonly #family: Family;
  readonly #routes: Routes;
  readonly #recogniser: Recogniser;
  readonly #sequences: Sequences<Utterance>;
  readonly #metrics: InferenceMetrics;

  private constructor(
    { family, texts }: { family: Family; texts: TextTranslator | undefined },
    recogniser: Recogniser,
    sequences: Sequences<Utterance>,
    metrics: InferenceMetrics,
  ) {
    this.languages = engineLanguages(family, texts);
    this.#family = family;
    this.#routes = canaryRoutes(family, texts);
    this.#recogniser = recogniser;
    this.#sequences = sequences;
    this.#metrics = metrics;
  }

  /**
   * Looks into the model's directory and begins to load the model; `ready` tells when it has. Rejects
   * with a ModelError where the directory is not a Canary model's.
   */
  static async create(parts: CanarySpeechParts): Promise<CanarySpeech> {
    const { options, metrics, texts, now = () => performance.now() } = parts;
    const { vocabulary } = await readModelDirectory(options.directory);
    const family = familyOf(vocabulary);
    const prompts = promptsOf(vocabulary, family, parts.options);
    const recogniser = parts.recogniser ?? CanaryProcess.start(parts);
    const dispatcher = new Dispatcher({ recogniser, options, metrics, now });
    const onLost = () => {
      metrics.dropped.inc({ queue: 'onward', reason: 'lost' });
    };
    let open = 0;
    const sequences = new Sequences({
      open: () => {
        if (open >= options.openUtterances) {
          metrics.dropped.inc({ queue: 'utterances', reason: 'full' });
          throw new InferenceError('overloaded', 'too many people speak at once');
        }
        const { onwardDeadlineMs: deadlineMs } = options;
        const onward = texts && new Onward({ translator: texts, deadlineMs, onLost });
        return new Utterance({ dispatcher, vocabulary, prompts, onward, options, now });
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
    return new CanarySpeech({ family, texts }, recogniser, sequences, metrics);
  }

  ready(): boolean {
    return this.#recogniser.ready();
  }

  /** Rejects with an InferenceError. */
  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    if (request.abandoned) return this.#abandon(request);
    const direction = directionOf(this.#family, this.#routes, request);
    return this.#sequences.part(
      request,
      (utterance) => utterance.hear(request, direction, signal),
      signal,
    );
  }

  async #abandon(request: SpeechRequest): Promise<SpeechResult> {
    const wasOpen = await this.#sequences.abandon(request.sequence);
    if (wasOpen) this.#metrics.dropped.inc({ queue: 'utterances', reason: 'abandoned' });
    return nothingSaid(request);
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
