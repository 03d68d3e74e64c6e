import { cardinal, knowsNumbers, MOST_DIGITS } from './number-words.ts';
import { rewrite } from './rewrite.ts';

/**
 * Says plain numbers in a language without rules of its own. A number beside a sign or a letter is
 * part of something else, a date, a time, a sum, and is left to the voice; so is every number in a
 * language n2words does not know.
 */
export function sayOtherNumbers(text: string, language: string): string {
  if (!knowsNumbers(language)) return text;
  const decimalMark =
    new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === 'decimal')
      ?.value ?? '.';
  return rewrite(text, {
    pattern:
      /(?<![\p{L}\p{N}\p{S}#@&/\\:.,'_*-]|[\p{Sc}%] )\d{1,15}(?:[.,]\d{1,15})?(?![\p{L}\p{N}/\\:'_*-]|[.,]\d| ?[\p{S}%‰]|\. ?\p{L})/gu,
    say: ([written]) => {
      const [whole = '', fraction] = written.split(/[.,]/u);
      const marked = /[.,]/u.exec(written)?.[0];
      if (whole.length > MOST_DIGITS || (whole.length > 1 && whole.startsWith('0'))) return written;
      if (marked === undefined) return cardinal(language, BigInt(whole));
      if (marked === decimalMark) return cardinal(language, `${whole}.${fraction ?? ''}`);
      return fraction?.length === 3 ? cardinal(language, BigInt(whole + fraction)) : written;
    },
  });
}
