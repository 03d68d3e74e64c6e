import type { HearChoice, LanguageTag } from '../server/protocol/ids.ts';
import { getLocale } from './locale.ts';

function isLanguageTag(text: string): text is LanguageTag {
  return /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/.test(text);
}

/** Languages anyone may choose: Canary's 25 and the offline engine's own. */
export const offered: readonly LanguageTag[] = [
  ...['bg', 'ca', 'cs', 'da', 'de', 'el', 'en', 'eo', 'es', 'et', 'fi', 'fr', 'gl', 'hr'],
  ...['hu', 'it', 'lt', 'lv', 'mt', 'nl', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sv', 'uk'],
].filter(isLanguageTag);

/** Names that browsers' own data lack: they would answer in English. */
const ownNames = new Map([
  ['mt', 'Malti'],
  ['gl', 'Galego'],
  ['eo', 'Esperanto'],
]);

/** The language's name in that language, with a capital: "Polski". */
export function ownName(tag: LanguageTag): string {
  const known = ownNames.get(tag);
  if (known !== undefined) return known;
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

/** The language's name in that of the interface: "Polish", "polnisch". */
export function languageName(tag: LanguageTag): string {
  return new Intl.DisplayNames([getLocale()], { type: 'language' }).of(tag) ?? tag;
}

const inEnglish = new Intl.DisplayNames(['en'], { type: 'language' });

/** The language's name in English: "Polish". */
export function englishName(tag: LanguageTag): string {
  return inEnglish.of(tag) ?? tag;
}

/** Offered languages in the order of their own names. */
export const alphabetical: readonly LanguageTag[] = [...offered].sort((a, b) =>
  ownName(a).localeCompare(ownName(b), 'en'),
);

const primary = (tag: string): string => tag.split(/[-_]/, 1)[0]?.toLowerCase() ?? '';

/** True for "en" and "en-GB". */
export function sameLanguage(a: string, b: string): boolean {
  return primary(a) === primary(b);
}

/** The offered language that a tag such as "pt-BR" means, or undefined. */
export function matchLanguage(tag: string): LanguageTag | undefined {
  return offered.find((language) => language === primary(tag.trim()));
}

/** The same for "I hear", where "original" is a choice too. */
export function matchHearing(text: string): HearChoice | undefined {
  return text.trim() === 'original' ? 'original' : matchLanguage(text);
}

/** A first guess from the browser's languages, best first. */
export function guessLanguage(preferred: readonly string[]): LanguageTag {
  const guesses = [...preferred, 'en'].map(matchLanguage);
  const first = guesses.find((guess) => guess !== undefined);
  if (first === undefined) throw new Error('English is not offered');
  return first;
}
