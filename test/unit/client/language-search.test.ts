import { afterEach, describe, expect, it } from 'vitest';
import { findLanguages } from '../../../client/language-search.ts';
import { matchLanguage, offered, ownName } from '../../../client/languages.ts';
import { readLocaleFrom } from '../../../client/locale.ts';

const groups = [
  { choices: [{ value: 'original', name: 'Original' }] },
  { heading: 'All', choices: offered.map((tag) => ({ value: tag, name: ownName(tag), tag })) },
];
const find = (typed: string) =>
  findLanguages(groups, typed).flatMap(({ choices }) => choices.map(({ value }) => value));

describe('looking for a language', () => {
  afterEach(() => {
    readLocaleFrom(() => 'en');
  });

  it('finds it by its own name, with and without accents', () => {
    expect(find('espa')).toEqual(['es']);
    expect(find('češ')).toEqual(['cs']);
    expect(find('CES')).toEqual(['cs']);
    expect(find('укр')).toEqual(['uk']);
  });

  it('finds it by its English name and by its tag', () => {
    expect(find('germ')).toEqual(['de']);
    expect(find('mt')).toEqual(['mt']);
  });

  it('finds it by what it is called in the language of the interface', () => {
    expect(find('немец')).toEqual([]);
    readLocaleFrom(() => 'ru');
    expect(find('немец')).toEqual(['de']);
  });

  it('shows everything before anything is typed, and nothing that does not begin so', () => {
    expect(find(' ')).toHaveLength(offered.length + 1);
    expect(find('orig')).toEqual(['original']);
    expect(find('glish')).toEqual([]);
    expect(find('<b>(')).toEqual([]);
  });

  it('leaves no empty group', () => {
    expect(findLanguages(groups, 'pol')).toHaveLength(1);
    expect(matchLanguage(find('pol')[0] ?? '')).toBe('pl');
  });
});
