import { endsInAbbreviation } from './abbreviations.ts';
import { spokenLanguage } from './languages.ts';

/** Characters. The first phrase is short, so that a voice has it done early; others breathe longer. */
const FIRST = 60;
const REST = 200;
/** A cut at a comma leaves at least this much before it. */
const SHORTEST = 16;

/**
 * Splits a text for a voice: by sentences, and sentences that are long at punctuation, else at a
 * space, else anywhere. In order; joined they are the text again, but for spaces at the cuts.
 * `language` is a BCP-47 tag; where sentences end is Unicode's word (UAX #29) and Intl.Segmenter's,
 * except behind abbreviations.
 */
export function phrases(text: string, language: string): readonly string[] {
  const said: string[] = [];
  for (const sentence of sentences(text, language)) {
    let rest = sentence.trim();
    while (rest !== '') {
      const limit = said.length === 0 ? FIRST : REST;
      const cut = rest.length <= limit ? rest.length : cutBefore(rest, limit);
      said.push(rest.slice(0, cut).trimEnd());
      rest = rest.slice(cut).trimStart();
    }
  }
  return said;
}

/** A text's sentences with the spaces behind them; joined they are the text again. */
export function sentences(text: string, language: string): readonly string[] {
  const rules = spokenLanguage(language.toLowerCase().split(/[-_]/u)[0] ?? '');
  const found: string[] = [];
  let open = '';
  for (const { segment } of segmenter(language).segment(text)) {
    open += segment;
    const initial = /(?<!\p{L})\p{Lu}\.\s*$/u.test(segment);
    const ordinal = rules?.tag === 'de' && /(?<!\d)\d{1,2}\.\s*$/u.test(segment);
    const abbreviated = rules !== undefined && endsInAbbreviation(segment, rules);
    if (initial || ordinal || abbreviated) continue;
    found.push(open);
    open = '';
  }
  return open === '' ? found : [...found, open];
}

function segmenter(language: string): Intl.Segmenter {
  const known = Intl.getCanonicalLocales(
    /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/iu.test(language) ? language : 'und',
  );
  return new Intl.Segmenter(known, { granularity: 'sentence' });
}

/** Where to cut a longer text: behind the last sign in reach, or at the last space, or between two characters. */
export function cutBefore(text: string, limit: number): number {
  const reach = text.slice(0, limit + 1);
  for (const sign of [/[;:.!?…]["'»”)]?\s/gu, /[,，、]["'»”)]?\s|\s[-–—]\s/gu]) {
    const last = [...reach.matchAll(sign)].at(-1);
    const end = last === undefined ? 0 : last.index + last[0].length;
    if (end >= SHORTEST) return end;
  }
  const space = reach.lastIndexOf(' ');
  if (space >= SHORTEST) return space;
  return limit - (/[\ud800-\udbff]$/u.test(text.slice(0, limit)) ? 1 : 0);
}
