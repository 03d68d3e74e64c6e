import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import type { InferenceOptions } from '../options.ts';
import { InferenceError } from '../protocol/inference-error.ts';
import { nothingSaid } from '../protocol/nothing-said.ts';
import type {
  EngineLanguages,
  IncrementalText,
  SpeechRequest,
  SpeechResult,
  TaskModels,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from '../protocol/task-models.ts';
import {
  expectSource,
  OFFLINE_LANGUAGES,
  OFFLINE_TARGETS,
  offlineTarget,
  type OfflineTarget,
} from './languages.ts';
import { Recogniser } from './recogniser/recogniser.ts';
import type { Utterance } from './recogniser/utterance.ts';
import { Sequences } from '../sequences.ts';
import type { VoiceEngine } from '../synthesize/voice-engine.ts';
import { OfflineTexts } from './translator/texts.ts';
import { Translator } from './translator/translator.ts';

/**
 * A tentative translation that is not there by then is left out, so that a translator that hangs does
 * not hold up a speaker's words: less than the speech of one part takes to say.
 */
const TENTATIVE_PATIENCE_MS = 300;

export interface OfflineEngineParts {
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
  /** Closed with the engine. */
  readonly voice: VoiceEngine;
}

interface Programs {
  readonly recogniser: Recogniser;
  readonly translators: Record<OfflineTarget, Translator>;
  readonly texts: OfflineTexts;
  readonly voice: VoiceEngine;
}

/**
 * The engine that needs no GPU, no download and no account: PocketSphinx recognises English,
 * Apertium translates it, a voice engine speaks. Each is a program of its own, restarted when it dies.
 */
export class OfflineEngine implements TaskModels, AsyncDisposable {
  readonly languages: EngineLanguages = OFFLINE_LANGUAGES;
  readonly #recogniser: Recogniser;
  readonly #translators: Record<OfflineTarget, Translator>;
  readonly #texts: OfflineTexts;
  readonly #voice: VoiceEngine;
  readonly #sequences: Sequences<Utterance>;
  readonly #metrics: InferenceMetrics;

  private constructor(
    programs: Programs,
    sequences: Sequences<Utterance>,
    metrics: InferenceMetrics,
  ) {
    this.#recogniser = programs.recogniser;
    this.#translators = programs.translators;
    this.#texts = programs.texts;
    this.#voice = programs.voice;
    this.#sequences = sequences;
    this.#metrics = metrics;
  }

  /** Begins to start the programs; `ready` tells when all have loaded. */
  static start(parts: OfflineEngineParts): OfflineEngine {
    const { options, metrics } = parts;
    const translator = (other: OfflineTarget) =>
      Translator.start({ ...parts, other, direction: 'from' });
    const recogniser = Recogniser.start(parts);
    const translators = {
      es: translator('es'),
      ca: translator('ca'),
      gl: translator('gl'),
      eo: translator('eo'),
    };
    const sequences = new Sequences({
      open: (sequence) => recogniser.open(sequence),
      idleMs: options.idleUtteranceMs,
      onCount: (open) => {
        metrics.utterances.set(open);
      },
      onIdle: () => {
        metrics.dropped.inc({ queue: 'utterances', reason: 'idle' });
      },
    });
    const texts = new OfflineTexts(parts, translators);
    return new OfflineEngine(
      { recogniser, translators, texts, voice: parts.voice },
      sequences,
      metrics,
    );
  }

  ready(): boolean {
    const translators = OFFLINE_TARGETS.map((target) => this.#translators[target]);
    return [this.#recogniser, this.#voice, ...translators].every((program) => program.ready());
  }

  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    if (request.abandoned) return this.#abandon(request);
    expectSource(request.source);
    const targets = request.targets.map(offlineTarget);
    const { text, logprob } = await this.#sequences.part(
      request,
      (utterance) => utterance.hear(request.audio, request.end),
      signal,
    );
    const said = (words: string): IncrementalText =>
      request.end ? { committed: words, tentative: '' } : { committed: '', tentative: words };
    const translations = await Promise.all(
      targets.map(async (target) => {
        const translator = this.#translators[target];
        if (request.end) return said(await translator.translate(text, signal));
        const patience = AbortSignal.any([signal, AbortSignal.timeout(TENTATIVE_PATIENCE_MS)]);
        return said(await orNothing(translator.translate(text, patience), patience));
      }),
    );
    return { transcript: said(text), translations, logprob };
  }

  async voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    return this.#voice.speak(request, signal);
  }

  async text(request: TextRequest, signal: AbortSignal): Promise<TextResult> {
    return this.#texts.translate(request, signal);
  }

  async #abandon(request: SpeechRequest): Promise<SpeechResult> {
    const wasOpen = await this.#sequences.abandon(request.sequence);
    if (wasOpen) this.#metrics.dropped.inc({ queue: 'utterances', reason: 'abandoned' });
    return nothingSaid(request);
  }

  async close(): Promise<void> {
    // The programs first: nobody then waits for an answer.
    await Promise.all([
      this.#recogniser.close(),
      this.#voice.close(),
      this.#texts.close(),
      ...OFFLINE_TARGETS.map((target) => this.#translators[target].close()),
    ]);
    await this.#sequences.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A tentative translation that cannot be had in time is left out: the next part brings another. */
async function orNothing(translated: Promise<string>, patience: AbortSignal): Promise<string> {
  const tooLate = new Promise<string>((resolve) => {
    patience.addEventListener('abort', () => {
      resolve('');
    });
  });
  try {
    return await Promise.race([translated, tooLate]);
  } catch (error) {
    if (patience.aborted || error instanceof InferenceError) return '';
    throw error;
  }
}
