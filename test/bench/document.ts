import { BenchmarkResult, verdict } from './result.ts';

/** One run of one benchmark. */
export interface Run {
  readonly result: BenchmarkResult;
  /** What it printed: tables. */
  readonly output: string;
  /** ISO date. */
  readonly date: string;
  /** Processor, cores, system. */
  readonly machine: string;
}

/**
 * Puts a run into the page: the block between the benchmark's own markers is replaced, or added with
 * a heading at the end; the table at the top is made anew from all blocks. What people have written
 * around the blocks stays.
 */
export function documented(page: string, run: Run): string {
  const { benchmark } = run.result;
  const known = blockOf(benchmark).test(page);
  const body = known ? page : `${page.trimEnd()}\n\n## ${benchmark}\n\n${markers(benchmark, '')}\n`;
  const filled = body.replace(blockOf(benchmark), () => markers(benchmark, block(run)));
  return filled.replace(blockOf('summary'), () => markers('summary', summary(filled)));
}

const markers = (name: string, content: string): string =>
  `<!-- begin:${name} -->${content === '' ? '\n' : `\n\n${content}\n\n`}<!-- end:${name} -->`;

const blockOf = (name: string): RegExp =>
  new RegExp(`<!-- begin:${name} -->[\\s\\S]*?<!-- end:${name} -->`);

function block({ result, output, date, machine }: Run): string {
  const said = `${VERDICTS[verdict(result)]} ${date}, ${machine}.`;
  const tables = output.trim() === '' ? [] : [fenced(output.trim())];
  return [said, ...tables, fenced(JSON.stringify(result))].join('\n\n');
}

const VERDICTS = {
  met: 'Goal met.',
  missed: '**Goal missed.**',
  published: 'No goal: published as it is.',
};

const fenced = (text: string): string => `\`\`\`\n${text}\n\`\`\``;

function summary(page: string): string {
  const rows = Array.from(page.matchAll(/^```\n(\{.*\})\n```$/gm), ([, json = '']) =>
    row(BenchmarkResult.parse(JSON.parse(json))),
  );
  return [
    '| benchmark | ratio | goal | | ours | baseline | unit | spread |',
    '| --- | --: | --: | --- | --: | --: | --- | --: |',
    ...rows,
  ].join('\n');
}

function row(result: BenchmarkResult): string {
  const { benchmark, ratio, goal, lowerIsBetter, ours, baseline, unit, spread } = result;
  const wanted = goal === null ? '–' : `${lowerIsBetter ? '≤' : '≥'} ${goal}`;
  const cells = [
    `[${benchmark}](#${benchmark})`,
    figure(ratio),
    wanted,
    verdict(result),
    figure(ours),
    figure(baseline),
    unit,
    figure(spread),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Three digits that mean something. */
const figure = (value: number): string => String(Number(value.toPrecision(3)));
