import { rewriteAll } from './rewrite.ts';
import type { Rule, SpokenLanguage } from './spoken-language.ts';

/** Says the signs that numbers are written with, except those that belong to a quantity. */
export function saySigns(text: string, { signs, fractions, cardinal }: SpokenLanguage): string {
  const between = (pattern: RegExp, word: string): Rule => ({ pattern, say: () => ` ${word} ` });
  const before = (pattern: RegExp, word: string): Rule => ({ pattern, say: () => ` ${word} ` });
  const fraction: Rule = {
    pattern: /(?<![\p{L}\d/.,])(?:(\d{1,15}) )?(\d{1,2}\/\d{1,2})(?![\d/]|[.,]\d)/gu,
    say: ([written, whole, part = '']) => {
      const said = fractions.get(part);
      if (said === undefined) return written;
      return whole === undefined
        ? said
        : `${cardinal(BigInt(whole), 'm', false)} ${signs.and} ${said}`;
    },
  };
  return rewriteAll(text, [
    before(/№ ?|#(?=\d)/gu, signs.number),
    before(/§+/gu, signs.section),
    before(/[~≈] ?(?=\d)/gu, signs.about),
    between(/(?<=\d ?)= ?(?=[-+]?\d)/gu, signs.equals),
    between(/(?<=\d ?)[×*·] ?(?=\d)|(?<=\d) ?[xх] ?(?=\d)/gu, signs.times),
    between(/\+(?= ?\d)/gu, signs.plus),
    before(/(?<=\d)\+(?! ?\d)/gu, signs.plus),
    before(/[<≤](?= ?\d)/gu, signs.less),
    before(/[>≥](?= ?\d)/gu, signs.more),
    fraction,
    between(/(?<=\d):(?=\d)/gu, signs.ratio),
    between(/(?<=\d) ?[/÷] ?(?=\d)/gu, signs.over),
    between(/&/gu, signs.and),
  ]);
}

/** Leaves letters, spaces, and the punctuation voices know. */
export function dropSigns(text: string): string {
  return text
    .replace(/\s[-–—]+(?=\s)|[–—]|-{2,}/gu, ' - ')
    .replace(/[)\]}]+(?=\s*(?:[.,!?:;]|$))/gu, ' ')
    .replace(/[()[\]{}|]/gu, ', ')
    .replace(/(?<!\p{L})'|'(?!\p{L})/gu, ' ')
    .replace(/[^\p{L}\p{M}\s.,!?:;'-]/gu, ' ')
    .replace(/(?<=\s)-(?=\S)|(?<=[^\s])-(?=\s)/gu, ' ')
    .replace(/\s+/gu, ' ');
}

/** Leaves one sign where several stand together, and ends the text with a stop. */
export function punctuate(text: string): string {
  const tidy = text
    .replace(/(?: -)+(?= -| ?[.,!?:;])/gu, '')
    .replace(/ (?=[.,!?:;])/gu, '')
    .replace(/[.,!?:;]{2,}/gu, strongest)
    .replace(/^[\s.,!?:;-]+/u, '')
    .replace(/[\s-]+$/u, '');
  return /[\p{L}\p{M}]$/u.test(tidy) ? `${tidy}.` : tidy;
}

/** Of signs in a row one is left: ?! is a question, ,. an end. */
function strongest(signs: string): string {
  // A dot before a comma was an abbreviation's.
  if (/^\.[,;:]+$/u.test(signs)) return signs.slice(1, 2);
  return Array.from('?!.:;,').find((sign) => signs.includes(sign)) ?? '';
}
