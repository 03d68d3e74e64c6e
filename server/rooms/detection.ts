import type { HeardLanguages } from '../../media/messages.ts';
import type { Detect, HeardLanguage } from '../protocol/detection.ts';
import type { EngineInfo } from '../protocol/events.ts';
import type { LanguageTag } from '../protocol/ids.ts';
import { sameLanguage } from './language.ts';

/** From here on a language is gone by; below, the person is asked. */
const LIKELY = 0.5;
/** From here on one utterance is enough to leave a language that was settled; below, it takes two. */
const CERTAIN = 0.8;
/** Languages that a person is asked to choose from. */
const CANDIDATES = 4;

/** What is heard of the language that one person speaks, and what follows from it. */
export class Detection {
  #allowed: readonly LanguageTag[] = [];
  /** The language they speak has been found, or said. */
  #settled = false;
  /** Another that was heard in the last utterance, and not certainly. */
  #suspected: LanguageTag | undefined;
  #asked = false;

  /** Empty: nothing is to be detected. */
  get allowed(): readonly LanguageTag[] {
    return this.#allowed;
  }

  allow(detect: Detect | undefined): void {
    const allowed = detect?.allowed ?? [];
    if (equal(allowed, this.#allowed)) return;
    this.#allowed = allowed;
    this.#settled = false;
    this.#suspected = undefined;
    this.#asked = false;
  }

  /** The person has said which it is. */
  settle(): void {
    this.#settled = true;
    this.#suspected = undefined;
    this.#asked = false;
  }

  /** What to tell someone who is taken to speak `speak`; undefined when nothing changes. */
  judge(speak: LanguageTag, { languages }: HeardLanguages): HeardLanguage | undefined {
    const candidates = languages.flatMap(
      ({ language }) => this.#allowed.find((allowed) => allowed === language) ?? [],
    );
    const [language] = candidates;
    if (language === undefined) return undefined;
    const probability = languages.find((heard) => heard.language === language)?.probability ?? 0;
    const heard = { language, probability, candidates: candidates.slice(0, CANDIDATES) };
    const isSame = sameLanguage(language, speak);
    if (probability < LIKELY) {
      if (this.#asked || (this.#settled && isSame)) return undefined;
      this.#asked = true;
      return { ...heard, applied: false };
    }
    if (isSame) {
      this.settle();
      return undefined;
    }
    if (this.#settled && probability < CERTAIN && this.#suspected !== language) {
      this.#suspected = language;
      return undefined;
    }
    this.settle();
    return { ...heard, applied: true };
  }
}

/** Those of the allowed languages that the engine tells apart and understands. */
export function listenedFor(
  allowed: readonly LanguageTag[],
  { identifies, recognises }: Pick<EngineInfo, 'identifies' | 'recognises'>,
): readonly LanguageTag[] {
  const knows = (tags: readonly LanguageTag[], tag: LanguageTag): boolean =>
    tags.some((known) => sameLanguage(known, tag));
  return allowed.filter((tag) => knows(identifies, tag) && knows(recognises, tag));
}

function equal(a: readonly LanguageTag[], b: readonly LanguageTag[]): boolean {
  return a.length === b.length && a.every((tag, at) => tag === b[at]);
}
