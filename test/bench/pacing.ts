import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { printTable, quantile, type Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const SENDER = join(import.meta.dirname, 'pacing/sender.ts');
const ROUND_MS = 12_000;
/** Neither side's start counts. */
const WARM_UP_MS = 1_000;
const FRAME_MS = 20;

export interface Pacing {
  /** How far the time between two packets is from 20 ms, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** How much later than its place in the stream the last packet came. */
  readonly drift: number;
}

/** Packets of a busy process as they arrive in this one, which does nothing else. */
export async function measure(side: 'thread' | 'interval', ms = ROUND_MS): Promise<Pacing> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const arrivals: number[] = [];
  socket.on('message', () => arrivals.push(performance.now()));
  const sender = fork(SENDER, [side, String(socket.address().port), String(ms)]);
  await once(sender, 'exit');
  socket.close();
  const [begin = 0] = arrivals;
  const counted = arrivals.filter((at) => at - begin > WARM_UP_MS);
  const first = counted[0] ?? Number.NaN;
  const last = counted.at(-1) ?? Number.NaN;
  const errors = counted.slice(1).map((at, index) => {
    return Math.abs(at - (counted[index] ?? Number.NaN) - FRAME_MS);
  });
  return {
    p50: quantile(errors, 0.5),
    p99: quantile(errors, 0.99),
    worst: Math.max(...errors),
    drift: last - first - (counted.length - 1) * FRAME_MS,
  };
}

/** Translated voice from the speaking thread, against a timer in the loop that is busy. */
export const pacing: Benchmark = {
  name: 'pacing',
  summary: 'p99 interval error of packets sent by a busy process, against setInterval(20)',
  run: async () => {
    const seen = { thread: [] as Pacing[], interval: [] as Pacing[] };
    const measured = async (side: 'thread' | 'interval'): Promise<number> => {
      const one = await measure(side);
      seen[side].push(one);
      return one.p99;
    };
    const rounds = await takeTurns({
      ours: () => measured('thread'),
      baseline: () => measured('interval'),
    });
    printTable(
      ['sender', 'round', 'p50 (ms)', 'p99 (ms)', 'worst (ms)', 'drift (ms)'],
      (['thread', 'interval'] as const).flatMap((side) =>
        seen[side]
          .slice(1)
          .map(({ p50, p99, worst, drift }, round) => [
            side,
            `${round + 1}`,
            p50,
            p99,
            worst,
            drift,
          ]),
      ),
    );
    return { benchmark: 'pacing', goal: 0.12, lowerIsBetter: true, unit: 'ms', ...rounds };
  },
};
