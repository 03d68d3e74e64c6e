import type { Quantity } from './noun.ts';
import { MOST_DIGITS } from './number-words.ts';
import { rewrite, rewriteAll } from './rewrite.ts';
import type { Rule, SpokenLanguage } from './spoken-language.ts';

/** More digits than this without groups are an account or a serial, not an amount. */
const LONGEST_PLAIN = 9;

/**
 * Writes numbers with `.` before decimals and nothing between groups, whatever the language's way:
 * 1.234,5 and 1,234.5 and 1 234,5 become 1234.5. What is no amount is said at once: versions by
 * parts, serials and numbers with leading zeros digit by digit.
 */
export function unifyNumbers(text: string, language: SpokenLanguage): string {
  const spaced: Rule = {
    pattern: /(?<![\p{L}\d.,'])(?<!\d )\d{1,3}(?: \d{3}){1,6}(?![\p{L}\d])/gu,
    say: ([written]) => (language.spaceGroups ? written.replaceAll(' ', "'") : written),
  };
  const number: Rule = {
    pattern: /\d+(?:[.,']\d+)*/gu,
    say: ([written]) => unified(written, language),
  };
  return rewriteAll(text, [spaced, number]).replace(/(?<=\p{L})(?=\d)/gu, ' ');
}

function unified(written: string, language: SpokenLanguage): string {
  const marks = [...new Set(written.replace(/\d/gu, ''))];
  const parts = written.split(/[.,']/u);
  const [first = '', second = ''] = marks;
  if (marks.length === 0) return isSerial(written) ? digits(written, language) : written;
  const count = parts.length - 1;
  const decimal = count === 1 && (first === language.decimalMark || !inThrees(parts));
  if (decimal) return amount(parts[0] ?? '', parts[1] ?? '', language);
  if (marks.length === 1 && inThrees(parts)) return amount(parts.join(''), '', language);
  const whole = parts.slice(0, -1);
  const once = written.indexOf(second) === written.lastIndexOf(second);
  if (
    marks.length === 2 &&
    once &&
    written.endsWith(second + (parts.at(-1) ?? '')) &&
    inThrees(whole)
  )
    return amount(whole.join(''), parts.at(-1) ?? '', language);
  const said = parts.map((part) => (isSerial(part) ? digits(part, language) : part));
  return said.join(first === '.' ? ` ${language.signs.dot} ` : ', ');
}

function inThrees([first = '', ...rest]: readonly string[]): boolean {
  return /^[1-9]\d{0,2}$/u.test(first) && rest.every((part) => part.length === 3);
}

function amount(whole: string, fraction: string, language: SpokenLanguage): string {
  if (whole.length > MOST_DIGITS)
    return digits(whole, language) + fractionDigits(fraction, language);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function fractionDigits(fraction: string, language: SpokenLanguage): string {
  return fraction === '' ? '' : ` ${language.signs.point} ${digits(fraction, language)}`;
}

function isSerial(written: string): boolean {
  if (written.length > 1 && written.startsWith('0')) return true;
  if (written.length > MOST_DIGITS) return true;
  return written.length > LONGEST_PLAIN && !written.endsWith('000');
}

/** Reads digit by digit. */
export function digits(written: string, language: SpokenLanguage): string {
  return Array.from(written)
    .map((digit) => language.cardinal(BigInt(digit), 'm', false))
    .join(' ');
}

/** `12` or `12.50`, as unifyNumbers leaves them. */
export function quantity(written: string): Quantity {
  const [whole = '0', fraction = ''] = written.split('.');
  return { whole: BigInt(whole), fraction };
}

/** Groups of digits as telephone numbers have them: +7 (495) 123-45-67, 555-1234, 8-800-555-35-35. */
export function sayTelephones(text: string, language: SpokenLanguage): string {
  return rewrite(text, {
    pattern:
      /(?<![\p{L}\p{N}.,'])(\+ ?\d{1,4}|\d{1,4})?[ -]?(\(\d{2,5}\)|\d{2,5})((?:[ -]\d{2,5}){1,5})(?![\p{L}\p{N}]|[.,]\d)/gu,
    say: ([written, lead = '', area = '', rest = '']) => {
      const groups = written.match(/\d+/gu) ?? [];
      const count = groups.join('').length;
      const dashes = rest.match(/-/gu)?.length ?? 0;
      const marked =
        lead.startsWith('+') ||
        area.startsWith('(') ||
        (dashes >= 2 && !rest.includes(' ')) ||
        /^\d{3}-\d{4}$/u.test(written);
      if (!marked || count < 7 || count > 15) return written;
      const plus = lead.startsWith('+') ? `${language.signs.plus} ` : '';
      return plus + groups.map((group) => digits(group, language)).join(', ');
    },
  });
}
