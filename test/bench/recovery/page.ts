import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { failures, type Figure, type Finding } from '../../support/lab/finding.ts';

const PAGE = join(import.meta.dirname, '../../../docs/reliability.md');

/** Puts the tables into docs/reliability.md, between the markers that bear their names. */
export async function writePage(tables: {
  readonly network: readonly Finding[];
  readonly processes: readonly Finding[];
}): Promise<void> {
  let page = await readFile(PAGE, 'utf8');
  page = filled(page, 'network', tables.network);
  if (tables.processes.length > 0) page = filled(page, 'processes', tables.processes);
  page = between(page, 'measured', `Last measured ${new Date().toISOString().slice(0, 10)}.`);
  await writeFile(PAGE, await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}

/** Throws when the page has no place for the table. */
export function filled(page: string, name: string, findings: readonly Finding[]): string {
  return between(page, name, table(findings));
}

function between(page: string, name: string, text: string): string {
  const place = new RegExp(`(<!-- begin:${name} -->)[\\s\\S]*?(<!-- end:${name} -->)`);
  if (!place.test(page)) throw new Error(`docs/reliability.md has no place for ${name}`);
  return page.replace(place, (_all, begin: string, end: string) => [begin, text, end].join('\n\n'));
}

function table(findings: readonly Finding[]): string {
  return [
    '| fault | whose network | measured | of which one waits anyway | at most | |',
    '| --- | --- | --: | --: | --: | --- |',
    ...findings.flatMap((finding) => rowsOf(finding)),
  ].join('\n');
}

function rowsOf(finding: Finding): readonly string[] {
  const verdict = failures(finding).length === 0 ? 'held' : `**${failures(finding).join('; ')}**`;
  const { row, whose, figures } = finding;
  const name = [row, whose.length === 2 ? 'both' : (whose[0] ?? '')];
  if (figures.length === 0) return [`| ${[...name, '', '', '', verdict].join(' | ')} |`];
  return figures.map((figure, index) => {
    const [first, last] = index === 0 ? [name, verdict] : [['', ''], ''];
    return `| ${[...first, ...cellsOf(figure), last].join(' | ')} |`;
  });
}

function cellsOf({ what, value, limit, unit, of }: Figure): readonly string[] {
  const number = (some: number): string => String(Number(some.toPrecision(3)));
  const anyway = of === undefined ? '' : `${number(of.anyway)} ${unit}`;
  return [`${what}: ${number(of?.measured ?? value)} ${unit}`, anyway, `${limit} ${unit}`];
}
