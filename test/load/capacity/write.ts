import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Load } from '../arguments.ts';
import { librivoxScript, talkShare } from '../crew/speech-script.ts';
import type { SpeechScript } from '../crew/speech-script.ts';
import type { Report } from '../report.ts';
import { RunError } from '../run.ts';
import { costsOf, PLAN } from './costs.ts';
import { costTable, filled, sizeTable } from './page.ts';
import { requireGood } from './require-good.ts';
import { restOf } from './rest.ts';
import { MEETING, NODE, sizeOf } from './sizes.ts';

const PAGE = join(import.meta.dirname, '../../../docs/capacity.md');
const SIZES = [10, 1_000, 100_000];

/**
 * Takes the loads of the plan one after another and writes what they cost into docs/capacity.md. Rejects
 * with a RunError when one of them was not as it should be.
 */
export async function writeCapacity(
  { rooms, minutes }: Pick<Load, 'rooms' | 'minutes'>,
  load: (changes: Omit<Load, 'rooms' | 'minutes'>) => Promise<Report>,
  interrupted: AbortSignal,
): Promise<void> {
  const rest = await restOf();
  const step = async (name: keyof typeof PLAN): Promise<Report> => {
    const report = await load(PLAN[name]);
    if (interrupted.aborted) throw new RunError('Interrupted; nothing was written.');
    requireGood(report);
    return report;
  };
  const few = await step('few');
  const listeners = await step('listeners');
  const languages = await step('languages');
  const measured = { rest, few: few.processes, listeners: listeners.processes };
  const costs = costsOf({ ...measured, languages: languages.processes }, rooms);
  const script = await librivoxScript();
  const { cores, processor, node } = few.machine;
  const frames = [few, listeners, languages].map(({ frames: { lateShare } }) => lateShare ?? 0);
  const said =
    `${few.startedAt.slice(0, 10)}, ${cores} cores of ${processor}, Node ${node}: ${rooms} meetings, ` +
    `${minutes} min for each load, ${(100 * talkShare(script)).toFixed(0)} % of the time speech. ` +
    `Late frames in the three loads: ${frames.map((share) => `${(100 * share).toFixed(2)} %`).join(', ')}.`;
  const sizes = SIZES.map((size) => sizeOf(size, costs, phrasesPerSecond(script)));
  const assumed =
    `Meetings of ${MEETING.people} in which ${MEETING.speaking} speaks and is heard in ` +
    `${MEETING.languages} languages; machines of ${NODE.cores} cores such as the one measured, filled to 80 %.`;
  const page = filled(
    filled(await readFile(PAGE, 'utf8'), 'costs', `${said}\n\n${costTable(costs)}`),
    'sizes',
    `${assumed}\n\n${sizeTable(sizes)}`,
  );
  await writeFile(PAGE, await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}

const phrasesPerSecond = ({ phrases, lengthMs }: SpeechScript): number =>
  (1000 * phrases.length) / lengthMs;
