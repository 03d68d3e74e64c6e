import type { Crews } from './crews.ts';
import { costs, figuresOfFamily } from './figures.ts';
import type { Figures } from './figures.ts';
import type { Report } from './report.ts';
import type { Target } from './target.ts';

/** What everything had used at one moment. */
export interface Look {
  /** CLOCK_MONOTONIC. */
  readonly at: number;
  readonly figures: Figures;
  /** Processor time of the crews. */
  readonly crewMs: number;
  readonly voices: Awaited<ReturnType<Target['voices']>>;
}

export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Without a target the crew itself has started what it loads. */
export async function look(target: Target | undefined, crews: Crews): Promise<Look> {
  return {
    at: monotonic(),
    figures: await (target ? target.figures() : figuresOfFamily(crews.pids[0] ?? 0)),
    crewMs: await crews.cpuMs(),
    voices: await target?.voices(),
  };
}

type Between = Pick<Report, 'processes' | 'serverVoiceMs'> & { readonly crewMsPerSecond: number };

/** What was used between two looks; nothing is known without both. */
export function between(first: Look | undefined, last: Look | undefined): Between {
  if (!first || !last) return { processes: [], serverVoiceMs: null, crewMsPerSecond: 0 };
  const elapsedMs = last.at - first.at;
  const seconds = (last.voices?.seconds ?? 0) - (first.voices?.seconds ?? 0);
  const count = (last.voices?.count ?? 0) - (first.voices?.count ?? 0);
  return {
    processes: costs(first.figures, last.figures, elapsedMs),
    serverVoiceMs: count > 0 ? (1000 * seconds) / count : null,
    crewMsPerSecond: (1000 * (last.crewMs - first.crewMs)) / elapsedMs,
  };
}
