import type { RecordLine } from '../../server/protocol/record.ts';
import { clock, cuesOf } from './cues.ts';
import type { Cue } from './cues.ts';
import { isolated, speakerOf, wordsOf } from './words.ts';

/**
 * WebVTT (https://www.w3.org/TR/webvtt1/): who speaks as a voice span, and in words too because
 * players do not show it; the language of each text as a language span. Cues may overlap there.
 */
export function toVtt(lines: readonly RecordLine[]): string {
  return ['WEBVTT\n', ...cuesOf(lines).map(block)].join('\n');
}

function block({ line, startMs, endMs }: Cue, index: number): string {
  const { texts, gap } = wordsOf(line);
  const name = escaped(speakerOf(line));
  const words = [
    ...texts.map(({ language, text }) => `<lang ${language}>${escaped(text)}</lang>`),
    ...(gap === undefined ? [] : [`(${gap})`]),
  ];
  const rows = [
    String(index + 1),
    `${clock(startMs, '.')} --> ${clock(endMs, '.')}`,
    `<v ${name}>${isolated(name)}: ${words.join('\n')}</v>`,
  ];
  return `${rows.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
