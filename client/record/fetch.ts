import type { HearChoice } from '../../server/protocol/ids.ts';
import type { RecordLine, RecordPage } from '../../server/protocol/record.ts';

/** Asks the server for the lines behind `after`, or for the first ones. */
export type AskPage = (request: {
  readonly language: HearChoice;
  readonly after?: number;
}) => Promise<RecordPage>;

/** The whole record, part by part. Rejects with what `ask` rejects with. */
export async function fetchRecord(
  ask: AskPage,
  language: HearChoice,
): Promise<readonly RecordLine[]> {
  const lines: RecordLine[] = [];
  for (;;) {
    const last = lines.at(-1);
    const page = await ask(last ? { language, after: last.sequence } : { language });
    lines.push(...page.lines);
    if (!page.more || page.lines.length === 0) return lines;
  }
}
