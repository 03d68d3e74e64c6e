import * as cs from 'n2words/cs-CZ';
import * as da from 'n2words/da-DK';
import * as de from 'n2words/de-DE';
import * as el from 'n2words/el-GR';
import * as en from 'n2words/en-US';
import * as es from 'n2words/es-ES';
import * as fi from 'n2words/fi-FI';
import * as fr from 'n2words/fr-FR';
import * as hr from 'n2words/hr-HR';
import * as hu from 'n2words/hu-HU';
import * as it from 'n2words/it-IT';
import * as lt from 'n2words/lt-LT';
import * as lv from 'n2words/lv-LV';
import * as nl from 'n2words/nl-NL';
import * as pl from 'n2words/pl-PL';
import * as pt from 'n2words/pt-PT';
import * as ro from 'n2words/ro-RO';
import * as ru from 'n2words/ru-RU';
import * as sv from 'n2words/sv-SE';
import * as uk from 'n2words/uk-UA';

/** Above this n2words runs out of names in some language, and a listener of patience. */
export const MOST_DIGITS = 15;

const CARDINALS: Readonly<Record<string, (value: string) => string>> = {
  cs: cs.toCardinal,
  da: da.toCardinal,
  de: de.toCardinal,
  el: el.toCardinal,
  en: en.toCardinal,
  es: es.toCardinal,
  fi: fi.toCardinal,
  fr: fr.toCardinal,
  hr: hr.toCardinal,
  hu: hu.toCardinal,
  it: it.toCardinal,
  lt: lt.toCardinal,
  lv: lv.toCardinal,
  nl: nl.toCardinal,
  pl: pl.toCardinal,
  pt: pt.toCardinal,
  ro: ro.toCardinal,
  ru: ru.toCardinal,
  sv: sv.toCardinal,
  uk: uk.toCardinal,
};

const FEMININE: Readonly<Record<string, (value: bigint) => string>> = {
  es: (value) => es.toCardinal(value, { gender: 'feminine' }),
  pl: (value) => pl.toCardinal(value, { gender: 'feminine' }),
  ru: (value) => ru.toCardinal(value, { gender: 'feminine' }),
  uk: (value) => uk.toCardinal(value, { gender: 'feminine' }),
};

const ORDINALS: Readonly<Record<string, (value: bigint) => string>> = {
  de: de.toOrdinal,
  en: en.toOrdinal,
  es: es.toOrdinal,
  fr: fr.toOrdinal,
  pl: pl.toOrdinal,
  ru: ru.toOrdinal,
  uk: uk.toOrdinal,
};

/** n2words knows no Bulgarian, Estonian, Maltese, Slovak or Slovene (4.0.0). */
export function knowsNumbers(language: string): boolean {
  return language in CARDINALS;
}

/**
 * A whole number of at most MOST_DIGITS digits in words, or a decimal one as `12.5` (its mark is the
 * language's own word). Masculine where the language has genders.
 */
export function cardinal(language: string, value: bigint | string): string {
  return spelled(language, known(CARDINALS, language)(String(value)));
}

/** The same in the feminine; only for languages that tell genders apart: es, pl, ru, uk. */
export function feminineCardinal(language: string, value: bigint): string {
  return spelled(language, known(FEMININE, language)(value));
}

/** Masculine, in the nominative; `value` from 1 up. Only for the languages that have rules here. */
export function ordinal(language: string, value: bigint): string {
  return spelled(language, known(ORDINALS, language)(value));
}

/** n2words writes Ukrainian with the Latin letter U+0069 in place of U+0456. */
function spelled(language: string, words: string): string {
  return language === 'uk' ? words.replaceAll('i', 'і') : words;
}

function known<T>(book: Readonly<Record<string, T>>, language: string): T {
  const found = book[language];
  if (found === undefined) throw new RangeError(`no number words for ${language}`);
  return found;
}
