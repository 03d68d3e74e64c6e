import { rewrite } from './rewrite.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import { anyOf, CURRENCIES, SCALES, UNITS } from './symbols.ts';

/** Behind a number these are units, and agree with it: see quantities.ts. */
const COUNTED = new Set([...CURRENCIES.keys(), ...SCALES.keys(), ...UNITS.keys()]);
const AFTER_NUMBER = new RegExp(String.raw`\d ?(?:${anyOf(SCALES.keys())})? ?$`, 'u');

const patterns = new WeakMap<SpokenLanguage, RegExp>();

/** Says abbreviations in full; `Dr.` is Doctor, and the dot of `etc.` may end a sentence too. */
export function expandAbbreviations(text: string, language: SpokenLanguage): string {
  const { abbreviations } = language;
  return rewrite(text, {
    pattern: pattern(language),
    say: ([written], { before, after }) => {
      if (COUNTED.has(written) && AFTER_NUMBER.test(before)) return written;
      const bare = written.replace(/(?<=\.)\s/gu, '');
      const full = abbreviations.get(bare) ?? abbreviations.get(lowerFirst(bare));
      if (full === undefined) return written;
      const cased = abbreviations.has(bare) ? full : upperFirst(full);
      if (!cased.endsWith('.')) return cased;
      const ends = /^\s*$|^\s+["'«„“(]?\p{Lu}/u.test(after);
      return ends ? cased : cased.slice(0, -1);
    },
  });
}

/** Whether `text` ends in an abbreviation whose dot ends no sentence. */
export function endsInAbbreviation(text: string, language: SpokenLanguage): boolean {
  const tail = text.trimEnd().slice(-24);
  const last = /(?<![\p{L}\p{N}])(?:\p{L}{1,8}\.\s?){1,3}$/u.exec(tail)?.[0];
  if (last === undefined) return false;
  const bare = last.replace(/(?<=\.)\s/gu, '').trim();
  const unfinished = (key: string) => key.startsWith(bare) && key !== bare;
  if (language.abbreviations.keys().some(unfinished)) return true;
  const known = (key: string) =>
    language.abbreviations.get(key) ?? language.abbreviations.get(lowerFirst(key));
  const full = known(bare) ?? known(`${bare.split('.').at(-2) ?? ''}.`);
  return full !== undefined && !full.endsWith('.');
}

/** One alternation of all of them, a space allowed behind inner dots: т. е., z. B. */
function pattern(language: SpokenLanguage): RegExp {
  const known = patterns.get(language);
  if (known !== undefined) return known;
  const spellings = [...language.abbreviations.keys()].flatMap((key) => [key, upperFirst(key)]);
  const source = anyOf(new Set(spellings)).replaceAll('\\.', '\\.\\s?').replaceAll('\\s?|', '|');
  const made = new RegExp(
    `(?<![\\p{L}\\p{N}.])(?:${source.replace(/\\s\?$/u, '')})(?:(?<=\\.)|(?![\\p{L}\\p{N}]))`,
    'gu',
  );
  patterns.set(language, made);
  return made;
}

function lowerFirst(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
