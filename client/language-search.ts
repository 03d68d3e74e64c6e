import type { LanguageTag } from '../server/protocol/ids.ts';
import { englishName, languageName } from './languages.ts';

/** Something to choose in a list of languages; without a tag it is no language, such as "Original". */
export interface LanguageChoice {
  readonly value: string;
  readonly name: string;
  readonly tag?: LanguageTag;
}

export interface LanguageGroup {
  readonly heading?: string;
  readonly choices: readonly LanguageChoice[];
}

/**
 * What of these lists is meant by what was typed: a language by the beginning of a word in its own
 * name, in that of the interface's language or in English, accents or not, or by its tag.
 */
export function findLanguages(
  groups: readonly LanguageGroup[],
  typed: string,
): readonly LanguageGroup[] {
  const wanted = plain(typed.trim());
  return groups
    .map((group) => ({ ...group, choices: group.choices.filter((choice) => is(choice, wanted)) }))
    .filter(({ choices }) => choices.length > 0);
}

function is({ name, tag }: LanguageChoice, wanted: string): boolean {
  if (wanted === '' || tag === wanted) return true;
  const names = tag === undefined ? [name] : [name, languageName(tag), englishName(tag)];
  return names.some((each) => ` ${plain(each)}`.includes(` ${wanted}`));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
