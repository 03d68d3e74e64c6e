import { delaysOf } from './ingest/delays.ts';
import { listenTo } from './ingest/session.ts';
import { median, printTable, quantile } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const STREAMS = 20;
const MEASURE_MS = 15_000;
/** Packets of the first two seconds. */
const SKIP = 100;

/** Last sample delivered after the packet was sent, on a clean network. */
export const ingestDelay: Benchmark = {
  name: 'ingest-delay',
  summary: 'p95 from packet to its last 16 kHz sample, against one ffmpeg per stream',
  run: async () => {
    const rows: (readonly [string, number, number, number])[] = [];
    const p95 = async (side: Parameters<typeof listenTo>[0]): Promise<number> => {
      const delays = delaysOf(await listenTo(side, STREAMS, MEASURE_MS), SKIP);
      const late = quantile(delays, 0.95);
      rows.push([side, median(delays), late, quantile(delays, 0.99)]);
      return late;
    };
    const measured = await takeTurns({ ours: () => p95('ours'), baseline: () => p95('ffmpeg') });
    printTable(['delay (ms), each round', 'p50', 'p95', 'p99'], rows);
    return {
      benchmark: 'ingest-delay',
      ...measured,
      goal: 0.15,
      lowerIsBetter: true,
      unit: 'ms',
    };
  },
};
