import { entries, type Gender } from '../noun.ts';
import { cardinal, feminineCardinal, ordinal } from '../number-words.ts';

/** What Russian, Ukrainian and Polish number words need besides those of n2words. */
export interface SlavicGrammar {
  readonly tag: 'ru' | 'uk' | 'pl';
  /** The neuter of one. */
  readonly neuterOne: string;
  /** Masculine one in the nominative. */
  readonly one: string;
  /** Feminine one in the genitive. */
  readonly feminineOneGenitive: string;
  /** `word: genitive`, of every word a cardinal may have; a word that is not here stays. */
  readonly genitives: string;
  /** Round thousands as ordinals: first part by number of thousands, from 2. */
  readonly thousandths: readonly string[];
  readonly thousandth: string;
}

export interface SlavicNumbers {
  cardinal(value: bigint, gender: Gender, genitive: boolean): string;
  /** Masculine, in the nominative; 1984 without its leading one. */
  ordinal(value: number): string;
}

/** Number words that agree with what is counted. */
export function slavicNumbers(grammar: SlavicGrammar): SlavicNumbers {
  const { tag } = grammar;
  const genitives = entries(grammar.genitives.replaceAll(',', ';'));
  const toGenitive = (words: string, gender: Gender) =>
    words
      .split(' ')
      .map((word, at, all) => {
        const last = at === all.length - 1;
        return last && gender === 'f' && isOne(word, grammar)
          ? grammar.feminineOneGenitive
          : (genitives.get(word) ?? word);
      })
      .join(' ');
  return {
    cardinal(value, gender, genitive) {
      const last = gender === 'f' && feminineEnding(tag, value);
      const words = last ? feminineCardinal(tag, value) : cardinal(tag, value);
      if (genitive) return toGenitive(words, gender);
      if (gender !== 'n' || !words.endsWith(grammar.one)) return words;
      return tag === 'pl' && value > 1n
        ? words
        : words.slice(0, words.length - grammar.one.length) + grammar.neuterOne;
    },
    ordinal(value) {
      const thousands = value / 1000;
      const round = Number.isInteger(thousands) ? grammar.thousandths[thousands - 2] : undefined;
      if (round !== undefined) return round + grammar.thousandth;
      return ordinal(tag, BigInt(value)).replace(/^(?:одна) /u, '');
    },
  };
}

function isOne(word: string, { one }: SlavicGrammar): boolean {
  return word === one || word === 'одна' || word === 'jedna';
}

/** Polish 21 has one form for all genders: dwadzieścia jeden; 22 has not. */
function feminineEnding(tag: string, value: bigint): boolean {
  return tag !== 'pl' || value === 1n || (value % 10n === 2n && value % 100n !== 12n);
}

/** The ending of an adjective as it is written behind digits: 5-го. */
export interface AdjectiveEndings {
  /** Of hard adjectives, by key. */
  readonly hard: ReadonlyMap<string, string>;
  /** Of the one soft ordinal, third. */
  readonly soft: ReadonlyMap<string, string>;
  /** How the nominative ends, hard ones; what the soft one is, and its stem. */
  readonly nominative: RegExp;
  readonly third: string;
  readonly thirdStem: string;
}

/** Declines the last word of an ordinal, as Russian and Ukrainian do. */
export function decline(words: string, key: string, endings: AdjectiveEndings): string {
  const { hard, soft, nominative, third, thirdStem } = endings;
  if (words.endsWith(third))
    return words.slice(0, words.length - third.length) + thirdStem + (soft.get(key) ?? '');
  return words.replace(nominative, '') + (hard.get(key) ?? '');
}
