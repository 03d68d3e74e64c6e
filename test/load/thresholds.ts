import type { Thresholds } from './arguments.ts';
import type { Report } from './report.ts';

type Judged = Report['thresholds'][number];
export type Measures = Omit<Report, 'thresholds' | 'series'>;

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What each threshold is held against. */
const MEASURES: readonly {
  readonly name: keyof Thresholds;
  readonly of: (report: Measures) => number | null;
}[] = [
  { name: 'maxLateFrames', of: ({ frames }) => frames.lateShare },
  { name: 'maxJoinMs', of: ({ joins }) => joins.ms?.p95 ?? null },
  { name: 'maxFirstVoiceMs', of: ({ firstVoiceMs }) => firstVoiceMs?.p95 ?? null },
  { name: 'maxVoiceMs', of: ({ voiceMs }) => voiceMs?.p95 ?? null },
  { name: 'minHeard', of: ({ phrases }) => phrases.heardShare },
  { name: 'minCaptions', of: ({ phrases }) => phrases.captionsEach },
  { name: 'maxRefusals', of: ({ refusals }) => total(refusals) },
];

/** A threshold is missed, too, when nothing was measured that could meet it. */
export function judge(thresholds: Thresholds, report: Measures): Judged[] {
  return MEASURES.flatMap(({ name, of }) => {
    const limit = thresholds[name];
    if (limit === undefined) return [];
    const value = of(report);
    const met = value !== null && (name.startsWith('max') ? value <= limit : value >= limit);
    return [{ name, limit, value, met }];
  });
}

/** 0: ran, and every threshold was met. 1: one was missed. 2: nobody could come in. */
export function exitCode({ joins, thresholds }: Pick<Report, 'joins' | 'thresholds'>): 0 | 1 | 2 {
  if (joins.done === 0) return 2;
  return thresholds.every(({ met }) => met) ? 0 : 1;
}
