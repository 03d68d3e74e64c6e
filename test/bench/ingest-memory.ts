import { listenTo } from './ingest/session.ts';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const FEW = 1;
const MANY = 21;
const MEASURE_MS = 5_000;

/** Memory that one more stream takes: the slope between few and many. */
async function slope(side: Parameters<typeof listenTo>[0]): Promise<number> {
  const few = await listenTo(side, FEW, MEASURE_MS);
  const many = await listenTo(side, MANY, MEASURE_MS);
  return (many.pssBytes - few.pssBytes) / (MANY - FEW) / 1e6;
}

export const ingestMemory: Benchmark = {
  name: 'ingest-memory',
  summary: 'memory per stream from RTP to 16 kHz samples, against one ffmpeg per stream',
  run: async () => {
    const measured = await takeTurns({
      ours: () => slope('ours'),
      baseline: () => slope('ffmpeg'),
    });
    printTable(
      ['MB per stream (PSS)', 'median'],
      [
        ['ours', measured.ours],
        ['ffmpeg', measured.baseline],
      ],
    );
    return {
      benchmark: 'ingest-memory',
      ...measured,
      goal: 0.02,
      lowerIsBetter: true,
      unit: 'MB per stream',
    };
  },
};
