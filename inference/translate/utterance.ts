import { InferenceError } from '../protocol/inference-error.ts';
import type {
  IncrementalText,
  SpeechRequest,
  SpeechResult,
  Translation,
} from '../protocol/task-models.ts';
import { SPEECH_RATE } from '../protocol/task-models.ts';
import { HUB } from '../routes/routes.ts';
import { Agreement } from './agreement.ts';
import type { Text } from './decode.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Direction } from './languages.ts';
import type { Onward } from './onward.ts';
import type { CanaryOptions } from './options.ts';
import type { Prompts } from './prompt.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface UtteranceParts {
  readonly dispatcher: Dispatcher;
  readonly vocabulary: Vocabulary;
  readonly prompts: Prompts;
  /** Undefined where there is no way onward from English. */
  readonly onward: Onward | undefined;
  readonly options: CanaryOptions;
  readonly now: () => number;
}

const NOTHING: IncrementalText = { committed: '', tentative: '' };

/**
 * One utterance while it is being spoken. It is kept as a whole, because the model hears all of it each
 * time; with every reading more of its texts is committed, and the rest at its end.
 */
export class Utterance {
  readonly #parts: UtteranceParts;
  #audio: Float32Array[] = [];
  #samples = 0;
  /** By target; the transcript's is the source. */
  readonly #texts = new Map<string, Agreement>();
  #logprob = 0;
  /** When it was last read, or first began. */
  #readAt: number | undefined;

  constructor(parts: UtteranceParts) {
    this.#parts = parts;
  }

  /** Hears a part. Rejects with an InferenceError. */
  async hear(
    request: SpeechRequest,
    direction: Direction,
    signal: AbortSignal,
  ): Promise<SpeechResult> {
    const { source, targets } = direction;
    this.#keep(request.audio);
    const languages = textsOf(direction);
    const who = request.speaker ?? `${request.sequence}`;
    if (request.end) await this.#readAtEnd(who, source, languages, signal);
    else await this.#readNowAndThen(source, languages, signal);
    const said = (language: string) => this.#said(language, request.end);
    const far = await this.#farther(direction, request.end, signal);
    const translations = targets.map((target) => far.get(target) ?? said(target));
    return { transcript: said(source), translations, logprob: this.#logprob };
  }

  /** What is reached from English, by its language. */
  async #farther(
    { onward: beyond }: Direction,
    end: boolean,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Translation>> {
    const { onward } = this.#parts;
    if (onward === undefined || beyond.size === 0) return new Map();
    const targets = [...beyond];
    const { committed } = this.#said(HUB, end);
    const translations = end
      ? await onward.whole(targets, committed, signal)
      : onward.soFar(targets, committed);
    return new Map(translations.map((text, at) => [targets[at] ?? '', text]));
  }

  async forget(): Promise<void> {
    this.#parts.onward?.close();
    this.#audio = [];
    return Promise.resolve();
  }

  #keep(audio: Float32Array): void {
    const { maxUtteranceMs } = this.#parts.options;
    this.#samples += audio.length;
    if ((this.#samples / SPEECH_RATE) * 1000 > maxUtteranceMs) {
      throw new InferenceError('badRequest', `the utterance is longer than ${maxUtteranceMs} ms`);
    }
    if (!audio.every(Number.isFinite)) {
      throw new InferenceError('badRequest', 'the audio has samples that are no numbers');
    }
    if (audio.length > 0) this.#audio.push(audio);
  }

  async #readAtEnd(
    who: string,
    source: string,
    languages: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#samples === 0) throw new InferenceError('badRequest', 'the utterance has no audio');
    const { dispatcher } = this.#parts;
    const texts = await dispatcher.read(who, this.#task(source, languages), signal);
    this.#take(languages, texts);
  }

  async #readNowAndThen(
    source: string,
    languages: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const { dispatcher, options, now } = this.#parts;
    this.#readAt ??= now() - (this.#samples / SPEECH_RATE) * 1000;
    if (this.#samples === 0 || now() - this.#readAt < options.rereadMs) return;
    const texts = await dispatcher.readEarly(this.#task(source, languages), signal);
    if (texts === undefined) return;
    this.#readAt = now();
    this.#take(languages, texts);
  }

  #task(source: string, languages: readonly string[]) {
    const audio = joined(this.#audio, this.#samples);
    this.#audio = [audio];
    const texts = languages.map((target) => ({
      prompt: this.#parts.prompts.of(source, target),
      prefix: this.#agreement(target).committed,
    }));
    return { audio, texts };
  }

  #take(languages: readonly string[], texts: readonly Text[]): void {
    for (const [index, language] of languages.entries()) {
      const text = texts[index];
      if (text) this.#agreement(language).read(text.tokens);
    }
    this.#logprob = texts[0]?.logprob ?? 0;
  }

  #agreement(language: string): Agreement {
    const { vocabulary } = this.#parts;
    const known = this.#texts.get(language);
    if (known) return known;
    const begun = new Agreement((token) => vocabulary.beginsWord(token));
    this.#texts.set(language, begun);
    return begun;
  }

  #said(language: string, end: boolean): IncrementalText {
    const agreement = this.#texts.get(language);
    if (!agreement) return NOTHING;
    const { vocabulary } = this.#parts;
    const all = vocabulary.text(agreement.all);
    if (end) return { committed: all, tentative: '' };
    const committed = vocabulary.text(agreement.committed);
    return { committed, tentative: all.slice(committed.length).trimStart() };
  }
}

/**
 * The texts that the model writes. One of the source language for the source is its transcript; one
 * in English serves all that lies beyond.
 */
function textsOf({ source, targets, onward }: Direction): readonly string[] {
  const direct = targets.filter((target) => !onward.has(target));
  return [...new Set([source, ...direct, ...(onward.size > 0 ? [HUB] : [])])];
}

function joined(parts: readonly Float32Array[], samples: number): Float32Array {
  const audio = new Float32Array(samples);
  let offset = 0;
  for (const part of parts) {
    audio.set(part, offset);
    offset += part.length;
  }
  return audio;
}
