import { describe, expect, it } from 'vitest';
import { documented } from '../../bench/document.ts';
import type { BenchmarkResult } from '../../bench/result.ts';

const result: BenchmarkResult = {
  benchmark: 'pacing',
  ratio: 0.05,
  goal: 0.12,
  lowerIsBetter: true,
  ours: 2.51234,
  baseline: 50,
  unit: 'ms',
  rounds: 5,
  spread: 0.01,
};
const run = { output: 'a table', date: '2026-11-21', machine: '2 cores' };
const empty = '# Benchmarks\n\n<!-- begin:summary -->\n<!-- end:summary -->\n';

describe('the page of benchmarks', () => {
  it('gets a section for a benchmark it did not know, and a row at the top', () => {
    const page = documented(empty, { ...run, result });
    expect(page).toContain('## pacing');
    expect(page).toContain('Goal met. 2026-11-21, 2 cores.');
    expect(page).toContain('```\na table\n```');
    expect(page).toContain('| [pacing](#pacing) | 0.05 | ≤ 0.12 | met | 2.51 | 50 | ms | 0.01 |');
  });

  it('replaces the figures of the last run and keeps what was written around them', () => {
    const before = `${documented(empty, { ...run, result })}\nThe reason is known.\n`;
    const page = documented(before, { ...run, output: 'news', result: { ...result, ratio: 0.5 } });
    expect(page).toContain('The reason is known.');
    expect(page).toContain('**Goal missed.**');
    expect(page).not.toContain('a table');
    expect(page.match(/\[pacing\]/g)).toHaveLength(1);
  });

  it('says missed when more is better and there was less, and published without a goal', () => {
    const more = { ...result, lowerIsBetter: false };
    expect(documented(empty, { ...run, result: more })).toContain('| ≥ 0.12 | missed |');
    const published = { ...result, goal: null };
    expect(documented(empty, { ...run, result: published })).toContain('| – | published |');
  });
});
