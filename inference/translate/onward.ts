import { setTimeout as delay } from 'node:timers/promises';
import { InferenceError } from '../protocol/inference-error.ts';
import type { Translation } from '../protocol/task-models.ts';
import { HUB } from '../routes/routes.ts';
import { sentences } from '../text/phrases.ts';
import type { TextTranslator } from '../translate-text/text-translator.ts';

/** What has been translated into one language. */
interface Line {
  /** Characters of the English text. */
  taken: number;
  text: string;
}

export interface OnwardParts {
  readonly translator: Pick<TextTranslator, 'translate'>;
  /** What is not translated so long after the utterance was heard is lost. */
  readonly deadlineMs: number;
  /** Told of each translation that could not be made. */
  readonly onLost: () => void;
}

/**
 * The English text of one utterance on its way into other languages, all at once. Only what is
 * committed is translated, and only whole sentences before the end: so what has been said in a
 * language never changes. While the utterance goes on nobody waits for the translator; what it has
 * done by the next part is told then.
 */
export class Onward {
  readonly #parts: OnwardParts;
  readonly #lines = new Map<string, Line>();
  readonly #closing = new AbortController();
  /** Undefined while nothing is being translated. */
  #work: Promise<void> | undefined;

  constructor(parts: OnwardParts) {
    this.#parts = parts;
  }

  /** What there is of the translations while the utterance goes on. */
  soFar(targets: readonly string[], english: string): readonly Translation[] {
    const last = sentences(english, HUB).at(-1) ?? '';
    const whole = english.slice(0, english.length - last.length);
    // What fails is tried again with the next part, or at the end.
    this.#work ??= this.#advance(targets, whole)
      .catch(() => undefined)
      .finally(() => {
        this.#work = undefined;
      });
    return targets.map((target) => ({ committed: this.#line(target).text, tentative: '' }));
  }

  /**
   * All of the translations, at the end; `lost` are those with which the translator fails, or takes too
   * long. Rejects with the signal's reason.
   */
  async whole(
    targets: readonly string[],
    english: string,
    signal: AbortSignal,
  ): Promise<readonly Translation[]> {
    const over = new AbortController();
    const late = delay(this.#parts.deadlineMs, undefined, { signal: over.signal });
    try {
      await Promise.race([this.#finish(targets, english), late]);
    } finally {
      over.abort();
    }
    signal.throwIfAborted();
    const translations = targets.map((target): Translation => {
      const { text, taken } = this.#line(target);
      const said = { committed: text, tentative: '' };
      return taken < english.length ? { ...said, lost: true } : said;
    });
    this.close();
    for (const { lost } of translations) if (lost) this.#parts.onLost();
    return translations;
  }

  /** Nobody waits for any translation any more. */
  close(): void {
    this.#closing.abort(new InferenceError('unavailable', 'the utterance is over'));
  }

  async #finish(targets: readonly string[], english: string): Promise<void> {
    await this.#work;
    await this.#advance(targets, english);
  }

  /** Translates what is new in `english`: for those who have had as much of it, at once. */
  async #advance(targets: readonly string[], english: string): Promise<void> {
    const groups = Map.groupBy(targets, (target) => this.#line(target).taken);
    await Promise.all(
      [...groups].map(async ([taken, together]) => {
        const rest = english.slice(taken).trim();
        const said = rest === '' ? together.map(() => '') : await this.#said(rest, together);
        if (said === undefined) return;
        for (const [index, target] of together.entries()) {
          const line = this.#line(target);
          line.taken = Math.max(taken, english.length);
          line.text = `${line.text} ${said[index] ?? ''}`.trim();
        }
      }),
    );
  }

  /** Undefined where the translator fails. */
  async #said(text: string, targets: readonly string[]): Promise<readonly string[] | undefined> {
    const asked = { text, source: HUB, targets, lane: 'spoken' } as const;
    try {
      return await this.#parts.translator.translate(asked, this.#closing.signal);
    } catch (error) {
      if (error instanceof InferenceError) return undefined;
      throw error;
    }
  }

  #line(target: string): Line {
    const known = this.#lines.get(target);
    if (known) return known;
    const begun: Line = { taken: 0, text: '' };
    this.#lines.set(target, begun);
    return begun;
  }
}
