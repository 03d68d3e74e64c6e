import { load } from './capacity/step.ts';
import type { Side } from './capacity/step.ts';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

/** 80 % of two processors. */
const MAX_CPU_PERCENT = 160;
const MAX_LATE = 0.01;
/** Each step has an eighth more speakers than the last. */
const GROWTH = 1.125;
/** Well below what either side carries. */
const FIRST: Record<Side, number> = { ours: 100, ffmpeg: 30 };

/** The last step at which the side kept up. */
async function carriedBy(side: Side): Promise<number> {
  let carried = 0;
  const steps: (string | number)[][] = [];
  for (let speakers = FIRST[side]; ; speakers = Math.ceil(speakers * GROWTH)) {
    const { cpuPercent, late } = await load(side, speakers);
    steps.push([speakers, cpuPercent, 100 * late]);
    if (cpuPercent > MAX_CPU_PERCENT || late > MAX_LATE) break;
    carried = speakers;
  }
  printTable([`${side}: speakers`, '% of a core', '% late'], steps);
  if (carried === 0) throw new Error(`${side} did not carry its first step`);
  return carried;
}

/**
 * From RTP to utterances, on two processors that also run the senders: every speaker reads aloud all
 * the time, so nothing is gained from silence.
 */
export const capacity: Benchmark = {
  name: 'capacity',
  summary: 'speakers heard and cut on two processors, against an ffmpeg and a VAD session for each',
  run: async () => {
    const measured = await takeTurns({
      ours: () => carriedBy('ours'),
      baseline: () => carriedBy('ffmpeg'),
    });
    return {
      benchmark: 'capacity',
      ...measured,
      goal: 3,
      lowerIsBetter: false,
      unit: 'speakers on two processors',
    };
  },
};
