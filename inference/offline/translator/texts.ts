import { InferenceError } from '../../protocol/inference-error.ts';
import type { TextRequest, TextResult } from '../../protocol/task-models.ts';
import { baseLanguage } from '../../routes/base-language.ts';
import { HUB } from '../../routes/routes.ts';
import { byPieces, passages } from '../../text/passages.ts';
import { offlineTarget, TEXT_ROUTES, type OfflineTarget } from '../languages.ts';
import { Translator, type TranslatorParts } from './translator.ts';

/** Characters. Apertium's answer to so much takes milliseconds. */
const LONGEST_PIECE = 1000;

type Parts = Omit<TranslatorParts, 'other' | 'direction'>;

/**
 * What people write, between the languages that Apertium knows, through English where there is no
 * mode. The translators out of English are those of speech; those into English are started when they
 * are first needed, and belong to this.
 */
export class OfflineTexts implements AsyncDisposable {
  readonly #parts: Parts;
  readonly #fromEnglish: Record<OfflineTarget, Translator>;
  readonly #intoEnglish = new Map<OfflineTarget, Translator>();
  #closed = false;

  constructor(parts: Parts, fromEnglish: Record<OfflineTarget, Translator>) {
    this.#parts = parts;
    this.#fromEnglish = fromEnglish;
  }

  /** Rejects with an InferenceError, or the signal's reason. */
  async translate(request: TextRequest, signal: AbortSignal): Promise<TextResult> {
    const { text, source, targets } = request;
    const routes = targets.map((target) => TEXT_ROUTES.of(source, target));
    const impossible = targets.find((_, i) => routes[i]?.kind === 'impossible');
    if (impossible !== undefined) {
      throw new InferenceError('badRequest', `'${source}' is not translated into '${impossible}'`);
    }
    const isEnglish = baseLanguage(source) === HUB;
    const needsEnglish = !isEnglish && routes.some(({ kind }) => kind !== 'same');
    const english = needsEnglish ? await this.#intoHub(text, source, signal) : text;
    const translations = await Promise.all(
      targets.map(async (target, i) => {
        if (routes[i]?.kind === 'same') return text;
        return baseLanguage(target) === HUB ? english : this.#outOfHub(english, target, signal);
      }),
    );
    return { translations };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#intoEnglish.values()].map((translator) => translator.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #intoHub(text: string, source: string, signal: AbortSignal): Promise<string> {
    const translator = this.#translatorInto(offlineTarget(source));
    return byPieces(passages(text, { language: source, limit: LONGEST_PIECE }), (piece) =>
      translator.translate(piece, signal),
    );
  }

  #outOfHub(text: string, target: string, signal: AbortSignal): Promise<string> {
    const translator = this.#fromEnglish[offlineTarget(target)];
    return byPieces(passages(text, { language: HUB, limit: LONGEST_PIECE }), (piece) =>
      translator.translate(piece, signal),
    );
  }

  #translatorInto(other: OfflineTarget): Translator {
    if (this.#closed) throw new InferenceError('unavailable', 'the engine is closed');
    const known = this.#intoEnglish.get(other);
    if (known) return known;
    const started = Translator.start({ ...this.#parts, other, direction: 'into' });
    this.#intoEnglish.set(other, started);
    return started;
  }
}
