import { phrases } from '../text/phrases.ts';

/** Characters spoken in one run of the graphs; Korean ones are syllables. */
const LONGEST_CHUNK = 300;
const LONGEST_KOREAN_CHUNK = 120;

/** Splits a text between phrases into parts of at most 300 characters. `language` is a subtag. */
export function chunks(text: string, language: string): readonly string[] {
  const longest = language === 'ko' ? LONGEST_KOREAN_CHUNK : LONGEST_CHUNK;
  const parts: string[] = [];
  for (const phrase of phrases(text, language)) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + 1 + phrase.length <= longest) {
      parts[parts.length - 1] = `${last} ${phrase}`;
    } else parts.push(phrase);
  }
  return parts;
}

/**
 * Signs that Supertonic has not learned, and what its authors replace them by. Beyond theirs, `<` and
 * `>` go, which mark the language.
 */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Extended_Pictographic}--[\p{ASCII}©]]|\p{RI}|\p{EMod}|[\ufe00-\ufe0f\u200d\u20e3]/gv, ''],
  [/[\u2011\u2013\u2014]/gu, '-'],
  [/[“”]/gu, '"'],
  [/[‘’´`]/gu, "'"],
  [/[_[\]|/#→←<>]/gu, ' '],
  [/[♥☆♡©\\]/gu, ''],
  [/@/gu, ' at '],
  [/\s+(?=[.,!?;:'])/gu, ''],
  [/(["'])\1+/gu, '$1'],
  [/\s+/gu, ' '],
];

/** A text as Supertonic is given it; empty when nothing of it can be said. `language` is a subtag. */
export function written(text: string, language: string): string {
  const plain = SIGNS.reduce(
    (rest, [sign, instead]) => rest.replace(sign, instead),
    text.normalize('NFKD'),
  ).trim();
  if (!/[\p{L}\p{N}]/u.test(plain)) return '';
  const ended = /[.!?;:,'"…)\]}」』】〉》›»。]$/u.test(plain) ? plain : `${plain}.`;
  return `<${language}>${ended}</${language}>`;
}

/** The numbers of a text's characters; those that the model does not know are left out. */
export function textIds(text: string, indexer: readonly number[]): BigInt64Array {
  const known: bigint[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const id = indexer[text.charCodeAt(at)] ?? -1;
    if (id >= 0) known.push(BigInt(id));
  }
  return BigInt64Array.from(known);
}
