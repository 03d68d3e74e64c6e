import type { RecordLine } from '../../server/protocol/record.ts';
import { clock, cuesOf, oneByOne } from './cues.ts';
import type { Cue } from './cues.ts';
import { isolated, speakerOf, wordsOf } from './words.ts';

/** Holds two characters together, unseen. */
const WORD_JOINER = '\u2060';

/**
 * SubRip. The format has no escapes: what players would take for markup (`<b>`, `{\an8}`) or for a
 * time (`-->`) is taken apart by a word joiner, which is not seen.
 */
export function toSrt(lines: readonly RecordLine[]): string {
  return oneByOne(cuesOf(lines)).map(block).join('\n');
}

function block({ line, startMs, endMs }: Cue, index: number): string {
  const { texts, gap } = wordsOf(line);
  const words = [
    ...texts.map(({ text }) => plain(text)),
    ...(gap === undefined ? [] : [`(${gap})`]),
  ];
  const [first = '', ...others] = words;
  const name = isolated(plain(speakerOf(line)));
  const rows = [
    String(index + 1),
    `${clock(startMs, ',')} --> ${clock(endMs, ',')}`,
    `${name}: ${first}`,
    ...others,
  ];
  return `${rows.join('\n')}\n`;
}

function plain(text: string): string {
  return text.replace(/<|\{|--(?=>)/g, (mark) => mark + WORD_JOINER);
}
