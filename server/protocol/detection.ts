import { z } from 'zod';
import { LanguageTag } from './ids.ts';

/** "I speak: Detect": the languages that the person may be speaking. `null`: as "I speak" says. */
export const Detect = z.strictObject({ allowed: z.array(LanguageTag).max(30) }).nullable();
export type Detect = z.infer<typeof Detect>;

/** Which language someone seems to speak, as told to them alone. */
export interface HeardLanguage {
  readonly language: LanguageTag;
  /** Of this one among those allowed, 0 to 1. */
  readonly probability: number;
  /** True: their words are translated from it now. False: the page is to ask. */
  readonly applied: boolean;
  /** What they may be speaking, the most probable first; `language` among them. */
  readonly candidates: readonly LanguageTag[];
}
