import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { median, printTable, spread, type Benchmark } from './result.ts';

const RECEIVER = join(import.meta.dirname, 'direct-vs-plain/receiver.ts');
const STREAMS = [1, 20, 100, 300];
/** The size that the figure in the result stands for. */
const TYPICAL = 20;
const ROUNDS = 5;
const KINDS = ['direct', 'plain', 'forwarded'] as const;
type Kind = (typeof KINDS)[number];

const Report = z.object({ microsecondsPerPacket: z.number(), arrived: z.number() });
type Report = z.infer<typeof Report>;

/**
 * Two ways off a mediasoup worker: DirectTransport hands each packet to the JavaScript of the process
 * that owns the worker, PlainTransport sends it by UDP to whichever process is to have it. The third
 * column is what the first costs once the packet is where the second has it already.
 */
export const directVsPlain: Benchmark = {
  name: 'direct-vs-plain',
  summary: 'CPU per packet of DirectTransport over PlainTransport, worker and Node together',
  run: async () => {
    const curve = new Map<number, Record<Kind, readonly Report[]>>();
    for (const streams of STREAMS) {
      const reports: Record<Kind, Report[]> = { direct: [], plain: [], forwarded: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const kind of KINDS) reports[kind].push(await receive(kind, streams));
      }
      curve.set(streams, reports);
      console.error(`${streams} streams done`);
    }
    const cost = (reports: readonly Report[]) =>
      median(reports.map(({ microsecondsPerPacket }) => microsecondsPerPacket));
    printTable(
      ['streams', ...KINDS.map((kind) => `${kind}, µs`), 'direct ÷ plain', 'fewest arrived'],
      Array.from(curve, ([streams, reports]) => [
        String(streams),
        ...KINDS.map((kind) => cost(reports[kind])),
        cost(reports.direct) / cost(reports.plain),
        Math.min(...KINDS.flatMap((kind) => reports[kind].map(({ arrived }) => arrived))),
      ]),
    );
    const typical = curve.get(TYPICAL);
    if (typical === undefined) throw new Error('the typical size was not measured');
    const ratios = typical.direct.map(
      ({ microsecondsPerPacket }, round) =>
        microsecondsPerPacket / (typical.plain[round]?.microsecondsPerPacket ?? Number.NaN),
    );
    return {
      benchmark: 'direct-vs-plain',
      ratio: cost(typical.direct) / cost(typical.plain),
      goal: null,
      lowerIsBetter: true,
      ours: cost(typical.direct),
      baseline: cost(typical.plain),
      unit: `µs per packet at ${TYPICAL} streams`,
      rounds: ROUNDS,
      spread: spread(ratios),
    };
  },
};

async function receive(kind: Kind, streams: number): Promise<Report> {
  const receiver = fork(RECEIVER, [kind, String(streams)]);
  const [message] = (await once(receiver, 'message')) as unknown[];
  if (receiver.exitCode === null) await once(receiver, 'exit');
  return Report.parse(message);
}
