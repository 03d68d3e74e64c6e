/** More than anybody says in one breath: about ten minutes of speech. What is beyond is not read. */
export const LONGEST_TEXT = 10_000;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};

/**
 * Takes away what has no sound, marks of formatting, emoji, invisible characters, and writes digits,
 * spaces, quotes and dashes in one way each. Groups of digits that a narrow or unbreakable space
 * separates come out with `'` between them.
 */
export function clean(text: string): string {
  return spaces(markup(characters(text.slice(0, LONGEST_TEXT).toWellFormed())));
}

/** Characters alone, whatever stands beside them. */
function characters(text: string): string {
  return (
    text
      .normalize('NFC')
      .replace(/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/gu, "'")
      .replace(/\p{Extended_Pictographic}|\p{RI}|\p{EMod}|[\ufe00-\ufe0f\u20e3\ufffd]/gu, ' ')
      // Stacks of combining marks; no spelling needs a third.
      .replace(/(\p{M}{2})\p{M}+/gu, '$1')
      .replace(/[\p{Cf}\p{Co}]|(?![\n\t\r])\p{Cc}/gu, '')
      .replace(/(?<=m|м)2(?![\p{L}\p{N}])/gu, (two, at: number, whole: string) =>
        isUnitBefore(whole, at) ? '²' : two,
      )
      .replace(/(?<!m|м)[²³]|(?![²³])\p{No}|\p{Nl}/gu, (sign) => ` ${sign.normalize('NFKC')}`)
      .replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
      .replaceAll('⁄', '/')
      .replace(/[‐‑‒−﹣－]/gu, '-')
      .replace(/[’‘ʼ‛`´]/gu, "'")
      .replace(/…/gu, '...')
  );
}

/** Whether the letters before `at` are m, km, cm and the like after a number. */
function isUnitBefore(text: string, at: number): boolean {
  return /\d ?[kcdкс]?[mм]$/u.test(text.slice(Math.max(0, at - 5), at));
}

/** Digits of other scripts stand in runs of ten in Unicode, zero first. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

/** HTML, Markdown and wiki signs; what they mark stays. */
function markup(text: string): string {
  return text
    .replace(/<\/?[a-z!][^<>]{0,400}>/giu, ' ')
    .replace(
      /&(amp|apos|gt|lt|nbsp|quot);/giu,
      (_, name: string) => ENTITIES[name.toLowerCase()] ?? '',
    )
    .replace(/!?\[([^[\]]{0,400})\]\([^()\s]{0,400}\)/gu, '$1')
    .replace(/^[ \t]{0,8}(?:#{1,6}|>|[-*+•])[ \t]+/gmu, '')
    .replace(/(?<![\p{L}\p{N}*])(?:[*_]{1,3}|~~)(?=[\p{L}\p{N}])/gu, '')
    .replace(/(?<=[\p{L}\p{N}.,!?:;%])(?:[*_]{1,3}|~~)(?![\p{L}\p{N}*])/gu, '');
}

/** A line that ends without a sign ends a sentence where a blank line or a new item follows. */
function spaces(text: string): string {
  return text
    .replace(/(?<=[\p{L}\p{N}%)])[ \t]*(?:\r?\n[ \t]*){2,}/gu, '. ')
    .replace(/\s+/gu, ' ')
    .trim();
}
