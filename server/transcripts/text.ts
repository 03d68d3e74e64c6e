import type { TranscriptLine } from './line.ts';

/** What would break a line in two, or change the order in which it is shown. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** One JSON object a line (JSON Lines). */
export function toJsonLines(lines: readonly TranscriptLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * For reading: time (UTC), speaker, language and words, with translations indented below. Whatever a
 * name or a sentence contains, it stays within its line. Not HTML: serve it as plain text.
 */
export function toText(lines: readonly TranscriptLine[]): string {
  return lines.map(paragraph).join('');
}

function paragraph({ startedAt, speaker, source, original, translations, gap }: TranscriptLine) {
  const time = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ');
  const rows = [
    `${time} UTC  ${tame(speaker)} (${tame(source)}): ${tame(original)}`,
    ...translations.map(({ language, text }) => `    ${tame(language)}: ${tame(text)}`),
    ...(gap ? ['    (words are missing here)'] : []),
  ];
  return `${rows.join('\n')}\n`;
}

function tame(text: string): string {
  return text.replace(UNRULY, ' ').trim();
}
