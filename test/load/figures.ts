import { cpuMs, pssBytes } from '../bench/proc.ts';
import { descendants } from '../support/processes.ts';
import type { ProcessEntry } from '../support/processes.ts';
import type { ProcessCost } from './report.ts';

/** What one process, or all of a kind, has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** By the names of {@link ProcessCost}; undefined where it cannot be told now. */
export type Figures = ReadonlyMap<string, Usage>;

/** Words of the command line that each kind is known by. What one of them starts is counted with it. */
const KINDS = [
  { name: 'sfu', command: 'mediasoup-worker' },
  { name: 'media', command: 'media/main.ts' },
  { name: 'inference', command: 'inference/main.ts' },
] as const;

/**
 * What a process and all below it use, read from /proc. The root itself goes by the name given, or is
 * left out.
 */
export async function figuresOfFamily(root: number, rootName?: string): Promise<Figures> {
  const below = descendants(root);
  const names = new Map([[root, rootName]]);
  for (const entry of below) names.set(entry.pid, kindOf(entry) ?? names.get(entry.parent));
  const figures = new Map<string, Usage>();
  for (const [pid, name] of names) {
    if (name === undefined) continue;
    const usage = await usageOf(pid);
    if (usage === undefined) continue;
    const sum = figures.get(name) ?? { cpuMs: 0, memoryBytes: 0 };
    figures.set(name, {
      cpuMs: sum.cpuMs + usage.cpuMs,
      memoryBytes: sum.memoryBytes + usage.memoryBytes,
    });
  }
  return figures;
}

const kindOf = ({ command }: ProcessEntry): string | undefined =>
  KINDS.find((kind) => command.includes(kind.command))?.name;

/** Undefined for one that has just ended. */
async function usageOf(pid: number): Promise<Usage | undefined> {
  try {
    return { cpuMs: await cpuMs(pid), memoryBytes: await pssBytes(pid) };
  } catch {
    return undefined;
  }
}

const SAMPLE =
  /^parley_([a-z]+)_process_(cpu_seconds_total|resident_memory_bytes)(?:\{[^}]*\})? (\S+)$/gm;

/** The same from the text of `/metrics`, which tells of Node's own processes alone. */
export function figuresOfMetrics(text: string): Figures {
  const figures = new Map<string, Usage>();
  for (const [, name = '', what, value] of text.matchAll(SAMPLE)) {
    const { cpuMs: cpu, memoryBytes } = figures.get(name) ?? { cpuMs: 0, memoryBytes: 0 };
    const figure = Number(value);
    figures.set(
      name,
      what === 'cpu_seconds_total'
        ? { cpuMs: cpu + figure * 1000, memoryBytes }
        : { cpuMs: cpu, memoryBytes: memoryBytes + figure },
    );
  }
  return figures;
}

/** What was used between two looks, and the memory at the second. */
export function costs(before: Figures, after: Figures, elapsedMs: number): ProcessCost[] {
  return [...after].map(([name, { cpuMs: cpu, memoryBytes }]) => ({
    name,
    // One that was restarted meanwhile begins at nothing.
    cpuMsPerSecond: Math.max(0, cpu - (before.get(name)?.cpuMs ?? 0)) / (elapsedMs / 1000),
    memoryBytes,
  }));
}
