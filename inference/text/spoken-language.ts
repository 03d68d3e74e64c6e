import type { Gender, Noun, Quantity } from './noun.ts';

/** Words for signs. Those between numbers are said with spaces around them unless they are `-`. */
export interface SignWords {
  readonly minus: string;
  readonly plus: string;
  readonly equals: string;
  readonly times: string;
  /** Between whole and fraction: "point". */
  readonly point: string;
  readonly and: string;
  readonly number: string;
  readonly section: string;
  readonly about: string;
  readonly less: string;
  readonly more: string;
  readonly at: string;
  readonly dot: string;
  readonly slash: string;
  readonly dash: string;
  readonly underscore: string;
  /** Between the numbers of a score: 2:1. */
  readonly ratio: string;
  /** Between the ends of a range: 5-10. */
  readonly range: string;
  /** Between an amount and its hundredths, with its space: "and ". */
  readonly cents: string;
  /** Between numerator and denominator. */
  readonly over: string;
}

/** What stands around a number; at most 32 characters on either side. */
export interface Surroundings {
  readonly before: string;
  readonly after: string;
}

export interface SpokenDate {
  /** First day of a range such as 5-7 May. */
  readonly from: number | undefined;
  readonly day: number | undefined;
  /** 0 to 11. */
  readonly month: number;
  /** The month as the text has it, when it was a word. */
  readonly monthText: string | undefined;
  readonly year: number | undefined;
  /** Whether the text has the month before the day, as in May 5 and 2026-05-05. */
  readonly monthFirst: boolean;
}

export interface SpokenTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number | undefined;
  /** Which half of the day, as written: p.m. */
  readonly half: string | undefined;
}

/** Rewrites what `pattern` finds. Patterns are global, and linear in the length of the text. */
export interface Rule {
  readonly pattern: RegExp;
  readonly say: (match: RegExpExecArray, around: Surroundings) => string;
}

/** What a language file gives: its words and its grammar. The order of work is in speakable.ts. */
export interface SpokenLanguage {
  readonly tag: string;
  readonly plurals: Intl.PluralRules;
  readonly decimalMark: '.' | ',';
  /** Whether a plain space may group digits by three. */
  readonly spaceGroups: boolean;
  readonly signs: SignWords;
  /** Units, powers of a thousand and currencies by the symbols of symbols.ts. */
  readonly nouns: ReadonlyMap<string, Noun>;
  /** Between a round million and what is counted, as in French and Spanish; else empty. */
  readonly partitive: (noun: string) => string;
  /** `1/2` and its like. */
  readonly fractions: ReadonlyMap<string, string>;
  /**
   * Written with their dots, spaces left out; what follows is said instead. An expansion that ends in
   * a dot keeps it where a sentence ends there.
   */
  readonly abbreviations: ReadonlyMap<string, string>;
  /** Acronyms that are said as words although they do not look it, in capitals. */
  readonly wordAcronyms: ReadonlySet<string>;
  /** Acronyms that are spelled although they look like words, in capitals. */
  readonly spelledAcronyms: ReadonlySet<string>;
  /** How a letter is called, by its capital; a letter that is not here is left for the voice. */
  readonly letters: ReadonlyMap<string, string>;
  /** How dates with month names are written: groups from, day, month, year. */
  readonly dates: readonly RegExp[];
  /** Month names as regular expressions, January first. */
  readonly months: readonly RegExp[];
  /** Whether 11/12/2026 is in November. */
  readonly monthBeforeDay: boolean;
  /** How times are written besides 14:30: groups hour, minute, half. */
  readonly times: readonly RegExp[];
  /** Rules of its own, over numbers that have `.` as their only mark. */
  readonly rules: readonly Rule[];
  /** `joined` says that a noun follows: ein Euro, un kilómetro, where a lone 1 is eins, uno. */
  readonly cardinal: (value: bigint, gender: Gender, genitive: boolean, joined?: boolean) => string;
  readonly decimal: (quantity: Quantity) => string;
  /** Whether a number there stands in the genitive, as behind от and до. */
  readonly genitive: (around: Surroundings) => boolean;
  /** A number that nothing of ours follows; the text may have a noun there, or it may be a year. */
  readonly bare: (value: bigint, around: Surroundings, genitive: boolean) => string;
  readonly date: (date: SpokenDate, around: Surroundings) => string;
  readonly time: (time: SpokenTime, around: Surroundings) => string;
}
