import type { HeardLanguage } from '../../server/protocol/detection.ts';
import type { LanguageTag } from '../../server/protocol/ids.ts';

/** A language that this person's words are translated from by now, and the one before. */
export interface Switch {
  readonly language: LanguageTag;
  readonly before: LanguageTag;
  readonly probability: number;
}

/** What the server has heard of the language this person speaks, until it is read or answered. */
export class Detection {
  /** The server is not sure: what it may be, the most probable first. */
  question: readonly LanguageTag[] | undefined = $state.raw();
  change: Switch | undefined = $state.raw();

  /** `speak` is what this person was taken to speak until now. */
  hear({ language, probability, applied, candidates }: HeardLanguage, speak: LanguageTag): void {
    this.question = applied ? undefined : candidates;
    this.change = applied ? { language, before: speak, probability } : undefined;
  }

  clear(): void {
    this.question = undefined;
    this.change = undefined;
  }
}
