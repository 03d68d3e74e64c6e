import type { Amount, Cost } from './costs.ts';
import { meetingCost } from './sizes.ts';
import type { Size } from './sizes.ts';

const COLUMNS = [
  { head: 'at rest', of: ({ rest }: Cost) => rest },
  { head: 'a speaker', of: ({ speaker }: Cost) => speaker },
  { head: 'each listener', of: ({ listener }: Cost) => listener },
  { head: 'each language', of: ({ language }: Cost) => language },
  { head: 'the meeting below', of: meetingCost },
] as const;

/** Puts a text between the marks of that name. Throws when the page has none. */
export function filled(page: string, name: string, text: string): string {
  const marks = new RegExp(`<!-- begin:${name} -->[\\s\\S]*?<!-- end:${name} -->`);
  if (!marks.test(page)) throw new Error(`the page has no place for ${name}`);
  return page.replace(marks, () => `<!-- begin:${name} -->\n\n${text}\n\n<!-- end:${name} -->`);
}

/** Processor time and memory of each process, as a table. */
export function costTable(costs: readonly Cost[]): string {
  const cpu = ({ cpuMsPerSecond }: Amount): string => number(cpuMsPerSecond);
  const memory = ({ memoryBytes }: Amount): string => number(memoryBytes / 1e6);
  return [
    'Milliseconds of processor time in a second:',
    table(costs, cpu),
    'Memory in MB, shared pages counted in parts:',
    table(costs, memory),
  ].join('\n\n');
}

function table(costs: readonly Cost[], cell: (amount: Amount) => string): string {
  const rows = costs.map((cost) => [cost.process, ...COLUMNS.map(({ of }) => cell(of(cost)))]);
  return markdown(['process', ...COLUMNS.map(({ head }) => head)], rows);
}

/** What so many meetings need, side by side. */
export function sizeTable(sizes: readonly Size[]): string {
  const row = (head: string, of: (size: Size) => number): string[] => [
    head,
    ...sizes.map((size) => number(of(size))),
  ];
  const processes = sizes[0]?.cores.map(({ process }) => process) ?? [];
  return markdown(
    ['meetings at once', ...sizes.map(({ rooms }) => number(rooms))],
    [
      row('people', ({ people }) => people),
      row('tracks sent', ({ tracks }) => tracks),
      ...processes.map((process) =>
        row(`busy cores, ${process}`, ({ cores }) => {
          return cores.find((each) => each.process === process)?.cores ?? 0;
        }),
      ),
      row('busy cores in all', ({ allCores }) => allCores),
      row('machines', ({ nodes }) => nodes),
      row('memory of meetings, GB', ({ memoryBytes }) => memoryBytes / 1e9),
      row('media workers by tracks', ({ workers }) => workers),
      row('media processes by people', ({ mediaProcesses }) => mediaProcesses),
      row('commands to Redis a second', ({ redisOperations }) => redisOperations),
    ],
  );
}

function markdown(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line(heads.map((_, at) => (at === 0 ? '---' : '--:'))),
    ...rows.map(line),
  ].join('\n');
}

/** Three digits that mean something. */
const number = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 2 });
