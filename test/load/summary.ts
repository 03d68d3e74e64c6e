import type { Durations, Report } from './report.ts';

/** Longer, and what the bots saw may be their own doing. */
const BUSY_MS = 50;

/** What came of a load, to be read by a person. */
export function summaryOf(report: Report): string {
  const { joins, frames, phrases, bots, processes, faults, thresholds } = report;
  const rows: (readonly [string, string])[] = [
    ['came in', `${joins.done} of ${joins.asked}, ${spread(joins.ms)}`],
    ['first translated sound', spread(report.firstVoiceMs)],
    ['end of a phrase to its voice', spread(report.voiceMs)],
    [
      'the same, by the server itself',
      report.serverVoiceMs === null ? '–' : `${ms(report.serverVoiceMs)} on average`,
    ],
    ['phrases heard', `${phrases.heard} of ${phrases.said}`],
    ['captions for a phrase', phrases.captionsEach?.toFixed(2) ?? '–'],
    ['frames late', percent(frames.lateShare)],
    ['packets lost', String(frames.lost)],
    ...processes.map(
      ({ name, cpuMsPerSecond, memoryBytes }) =>
        [
          name,
          `${cpuMsPerSecond.toFixed(0)} ms of CPU a second, ${(memoryBytes / 1e6).toFixed(0)} MB`,
        ] as const,
    ),
    [
      'bots',
      `${bots.cpuMsPerSecond.toFixed(0)} ms of CPU a second, held up ${ms(bots.loopDelayMs)}`,
    ],
    ...Object.entries(faults).map(([what, count]) => [what, `${count} times`] as const),
    ...thresholds.map(
      ({ name, limit, value, met }) =>
        [
          name,
          `${value === null ? 'not measured' : Number(value.toPrecision(4))}, limit ${limit}: ${met ? 'met' : 'MISSED'}`,
        ] as const,
    ),
  ];
  const width = Math.max(...rows.map(([head]) => head.length));
  const lines = rows.map(([head, text]) => `${head.padEnd(width)}  ${text}`);
  if (bots.loopDelayMs > BUSY_MS) {
    lines.push('The bots were held up: what they found late may be their own doing.');
  }
  return lines.join('\n');
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;

const percent = (share: number | null): string =>
  share === null ? '–' : `${(100 * share).toFixed(2)} %`;

const spread = (durations: Durations | null): string =>
  durations === null
    ? '–'
    : `${ms(durations.p50)}, 95 % within ${ms(durations.p95)}, longest ${ms(durations.max)}`;
