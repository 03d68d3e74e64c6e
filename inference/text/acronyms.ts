import { rewrite } from './rewrite.ts';
import type { SpokenLanguage } from './spoken-language.ts';

const VOWELS = 'AEIOUYÄÖÜÁÉÍÓÚÀÈÙÂÊÎÔÛĄĘАЕЁИОУЫЭЮЯІЇЄ';
const CAPITALS =
  /(?<![\p{L}\p{N}'])(?:\p{Lu}\p{M}?){2,5}(?:(?='?s(?!\p{L}))'?s)?(?![\p{L}\p{N}])/gu;

/**
 * Spells acronyms letter by letter, except those that are said as words: NATO. A text that is in
 * capitals altogether is left as it is.
 */
export function sayAcronyms(text: string, language: SpokenLanguage): string {
  if (isShouted(text)) return text;
  return rewrite(text, {
    pattern: CAPITALS,
    say: ([written]) => {
      const plural = /'?s$/u.exec(written)?.[0] ?? '';
      const letters = written.slice(0, written.length - plural.length);
      return isWord(letters, language)
        ? written
        : spell(letters, language) + plural.replace("'", '');
    },
  });
}

/** Letters with spaces between them, or their names with hyphens where the language has names. */
function spell(acronym: string, { letters }: SpokenLanguage): string {
  const names = Array.from(acronym).map((letter) => letters.get(letter));
  return names.every((name) => name !== undefined)
    ? names.join('-')
    : Array.from(acronym).join(' ');
}

/** Lists first; then by shape: four letters and more with vowels among them can be read. */
function isWord(acronym: string, language: SpokenLanguage): boolean {
  if (language.wordAcronyms.has(acronym)) return true;
  if (language.spelledAcronyms.has(acronym) || acronym.length < 3) return false;
  const shape = Array.from(acronym)
    .map((letter) => (VOWELS.includes(letter) ? 'v' : 'c'))
    .join('');
  if (acronym.length === 3) return language.letters.has(acronym.slice(0, 1)) && shape === 'cvc';
  return shape.includes('v') && !/ccc|vvv|^cc.?c|cc$/u.test(shape);
}

/** Whether most words are in capitals. */
function isShouted(text: string): boolean {
  const words = text.match(/\p{L}{2,}/gu) ?? [];
  const loud = words.filter((word) => word.length > 1 && word === word.toUpperCase());
  return loud.length > 3 && loud.length * 2 > words.length;
}
