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
/** Where the first round begins; the others begin where the one before them ended. */
const begin: Record<Side, number> = { ours: 100, ffmpeg: 30 };

/** What each side was seen to do in its last round: speakers, processor time, lateness. */
const steps: Record<Side, (string | number)[][]> = { ours: [], ffmpeg: [] };

async function keepsUp(side: Side, speakers: number): Promise<boolean> {
  const { cpuPercent, late } = await load(side, speakers);
  steps[side].push([String(speakers), cpuPercent, 100 * late]);
  console.error(
    `${side} ${speakers}: ${cpuPercent.toFixed(0)} %, ${(100 * late).toFixed(1)} % late`,
  );
  return cpuPercent <= MAX_CPU_PERCENT && late <= MAX_LATE;
}

/** The most speakers that the side keeps up with: up from where it began, or down if it cannot. */
async function carriedBy(side: Side): Promise<number> {
  steps[side] = [];
  let speakers = begin[side];
  if (await keepsUp(side, speakers)) {
    for (let more = up(speakers); await keepsUp(side, more); more = up(more)) speakers = more;
  } else {
    do speakers = Math.floor(speakers / GROWTH);
    while (speakers > 0 && !(await keepsUp(side, speakers)));
  }
  begin[side] = Math.max(1, speakers);
  return speakers;
}

const up = (speakers: number): number => Math.ceil(speakers * GROWTH);

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
    for (const side of ['ours', 'ffmpeg'] as const) {
      printTable([`${side}, last round: speakers`, '% of a core', '% late'], steps[side]);
    }
    return {
      benchmark: 'capacity',
      ...measured,
      goal: 3,
      lowerIsBetter: false,
      unit: 'speakers on two processors',
    };
  },
};
