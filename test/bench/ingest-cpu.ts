import { listenTo } from './ingest/session.ts';
import { printTable } from './result.ts';
import type { Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const STREAMS = 20;
const MEASURE_MS = 15_000;

const cpu = async (side: Parameters<typeof listenTo>[0]): Promise<number> =>
  (await listenTo(side, STREAMS, MEASURE_MS)).cpuPercent;

/** Everything on: order, FEC, concealment, 16 kHz samples; no VAD on either side. */
export const ingestCpu: Benchmark = {
  name: 'ingest-cpu',
  summary: 'processor time per stream from RTP to 16 kHz samples, against one ffmpeg per stream',
  run: async () => {
    const measured = await takeTurns({ ours: () => cpu('ours'), baseline: () => cpu('ffmpeg') });
    const gstreamer = await cpu('gstreamer');
    printTable(
      [`% of a core per stream, ${STREAMS} streams`, 'median'],
      [
        ['ours', measured.ours],
        ['ffmpeg', measured.baseline],
        ['gst-launch, jitter buffer of 60 ms (one round, for information)', gstreamer],
      ],
    );
    return {
      benchmark: 'ingest-cpu',
      ...measured,
      goal: 0.3,
      lowerIsBetter: true,
      unit: '% of a core per stream',
    };
  },
};
