import type { LanguageTag } from '../../server/protocol/ids.ts';
import type { RecordLine } from '../../server/protocol/record.ts';
import { englishName } from '../languages.ts';
import { isolated, speakerOf, wordsOf } from './words.ts';

/** How times are written: for the reader, or fixed in a test. */
export interface Place {
  readonly locale?: string;
  readonly timeZone?: string;
}

/** For reading: the time of day and the name, and below it the words with their languages. */
export function toTxt(lines: readonly RecordLine[], { locale, timeZone }: Place = {}): string {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone });
  const [first] = lines;
  if (first === undefined) return 'Nothing was said.\n';
  const head = [
    `Parley, ${day.format(first.startedAt)}`,
    `Times: ${time.resolvedOptions().timeZone}. Written down and translated by machine; it may be wrong.`,
  ];
  const paragraphs = lines.map((line) => paragraph(line, time.format(line.startedAt)));
  return [`${head.join('\n')}\n`, ...paragraphs].join('\n');
}

function paragraph(line: RecordLine, time: string): string {
  const { texts, gap } = wordsOf(line);
  const { translation } = line;
  const voice = (language: LanguageTag): string =>
    translation?.language === language && translation.spoken ? ', AI voice' : '';
  const rows = [
    `${time}  ${isolated(speakerOf(line))}`,
    ...texts.map(({ language, text }) => `    ${englishName(language)}${voice(language)}: ${text}`),
    ...(gap === undefined ? [] : [`    (${gap})`]),
  ];
  return `${rows.join('\n')}\n`;
}
