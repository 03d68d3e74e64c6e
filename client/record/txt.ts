import type { RecordLine } from '../../server/protocol/record.ts';
import { whereReaderIs } from '../format.ts';
import { languageName } from '../languages.ts';
import { m } from '../paraglide/messages.js';
import { isolated, speakerOf, wordsOf } from './words.ts';

/** How times are written: as where the reader is, or fixed in a test. */
export interface Place {
  readonly locale?: string;
  readonly timeZone?: string;
}

/** For reading: the time of day and the name, and below it the words with their languages. */
export function toTxt(
  lines: readonly RecordLine[],
  { locale = whereReaderIs(), timeZone }: Place = {},
): string {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone });
  const [first] = lines;
  if (first === undefined) return `${m.record_file_empty()}\n`;
  const head = [
    m.record_file_head({ day: day.format(first.startedAt) }),
    m.record_file_times({ zone: time.resolvedOptions().timeZone }),
  ];
  const paragraphs = lines.map((line) => paragraph(line, time.format(line.startedAt)));
  return [`${head.join('\n')}\n`, ...paragraphs].join('\n');
}

function paragraph(line: RecordLine, time: string): string {
  const { texts, gap } = wordsOf(line);
  const { translation } = line;
  const rows = [
    `${time}  ${isolated(speakerOf(line))}`,
    ...texts.map(({ language: tag, text }) => {
      const said = { language: languageName(tag), text };
      const spoken = translation?.language === tag && translation.spoken;
      return `    ${spoken ? m.record_file_spoken(said) : m.record_file_text(said)}`;
    }),
    ...(gap === undefined ? [] : [`    (${gap})`]),
  ];
  return `${rows.join('\n')}\n`;
}
