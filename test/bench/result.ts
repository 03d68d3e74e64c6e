import { z } from 'zod';

/** What every benchmark ends with, as one line of JSON, so that a program can compare runs. */
export const BenchmarkResult = z.object({
  benchmark: z.string(),
  /** Ours against the baseline; for differences, the difference itself. */
  ratio: z.number(),
  /** Null when the figure is only published. */
  goal: z.number().nullable(),
  lowerIsBetter: z.boolean(),
  ours: z.number(),
  baseline: z.number(),
  unit: z.string(),
  rounds: z.number(),
  /** Largest minus smallest of the rounds' ratios. */
  spread: z.number(),
});
export type BenchmarkResult = Readonly<z.infer<typeof BenchmarkResult>>;

/** Whether the goal was met; published figures have none to miss. */
export function verdict({
  ratio,
  goal,
  lowerIsBetter,
}: BenchmarkResult): 'met' | 'missed' | 'published' {
  if (goal === null) return 'published';
  return (lowerIsBetter ? ratio <= goal : ratio >= goal) ? 'met' : 'missed';
}

export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  run(): Promise<BenchmarkResult>;
}

/** Middle value, or the mean of the two middle ones. Throws on an empty list. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear interpolation between the two nearest values. Throws on an empty list. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new Error('nothing was measured');
  return below + (above - below) * (at - Math.floor(at));
}

export function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** Prints rows under their headings, numbers to the right. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const text = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 3 : 0) : cell)),
  );
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...text.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const numeric = rows.some((row) => typeof row[column] === 'number');
        return numeric ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd();
  console.log(line(headings));
  console.log(widths.map((width) => '─'.repeat(width)).join('  '));
  for (const row of text) console.log(line(row));
}
