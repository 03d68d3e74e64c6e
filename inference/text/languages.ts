import { ENGLISH } from './languages/english.ts';
import { FRENCH } from './languages/french.ts';
import { GERMAN } from './languages/german.ts';
import { POLISH } from './languages/polish.ts';
import { RUSSIAN } from './languages/russian.ts';
import { SPANISH } from './languages/spanish.ts';
import { UKRAINIAN } from './languages/ukrainian.ts';
import type { SpokenLanguage } from './spoken-language.ts';

/** Languages with rules of their own. */
export const SPOKEN_LANGUAGES: readonly SpokenLanguage[] = [
  ENGLISH,
  RUSSIAN,
  GERMAN,
  SPANISH,
  FRENCH,
  UKRAINIAN,
  POLISH,
];

const BY_TAG = new Map(SPOKEN_LANGUAGES.map((language) => [language.tag, language]));

/** By the language's two letters; undefined when it has no rules here. */
export function spokenLanguage(tag: string): SpokenLanguage | undefined {
  return BY_TAG.get(tag);
}
