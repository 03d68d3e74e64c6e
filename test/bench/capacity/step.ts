import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PAYLOAD_TYPE } from '../ingest/protocol.ts';
import type {
  Delivery,
  ReceiverJob,
  ReceiverReport,
  SenderJob,
  SenderReport,
} from '../ingest/protocol.ts';
import { cpuMs, overFamily } from '../proc.ts';

export type Side = 'ours' | 'ffmpeg';

export interface Step {
  /** Of one core, all processes of the side together. */
  readonly cpuPercent: number;
  /** Share of packets. */
  readonly late: number;
}

const PACKET_MS = 20;
const PACKET_SAMPLES = 320;
const WARM_MS = 3000;
const MEASURE_MS = 6000;
/** A packet must be judged so long after it was sent: a window, gathering, and ffmpeg's held frame. */
const LATE_MS = 100;
/** Packets at the beginning that a program may miss while it starts, without being late for ever. */
const MISSED = 5;

/** As many speakers as said, on two processes of the side: one for each processor. */
export async function load(side: Side, speakers: number): Promise<Step> {
  const halves = [Math.ceil(speakers / 2), Math.floor(speakers / 2)];
  await using processes = new AsyncDisposableStack();
  const pairs = await Promise.all(
    halves.map(async (streams) => {
      const sender = start(join('..', 'ingest', 'sender.ts'), processes);
      const receiver = start(`${side}.ts`, processes);
      const { port: from } = await told<SenderReport, 'ready'>(sender, 'ready');
      receiver.send({ streams, payloadType: PAYLOAD_TYPE, from } satisfies ReceiverJob);
      const { ports } = await told<ReceiverReport, 'ready'>(receiver, 'ready');
      return { sender, receiver, ports };
    }),
  );
  const packets = (WARM_MS + MEASURE_MS) / PACKET_MS;
  const sent = pairs.map(({ sender, ports }) => {
    sender.send({ ports, payloadType: PAYLOAD_TYPE, packets } satisfies SenderJob);
    return told<SenderReport, 'sent'>(sender, 'sent');
  });
  const cpu = () => sumOf(pairs.map(({ receiver }) => overFamily(receiver.pid ?? 0, cpuMs)));
  await setTimeout(WARM_MS);
  const [before, began] = [await cpu(), performance.now()];
  await setTimeout(MEASURE_MS - 500);
  const used = (await cpu()) - before;
  const elapsed = performance.now() - began;
  const reports = await Promise.all(sent);
  await setTimeout(LATE_MS);
  const late = await sumOf(
    pairs.map(async ({ receiver }, half) => {
      receiver.send('report');
      const { deliveries } = await told<ReceiverReport, 'delivered'>(receiver, 'delivered');
      const sentAt = reports[half]?.sentAt ?? [];
      return lateOf(sentAt, deliveries);
    }),
  );
  const measured = speakers * (packets - WARM_MS / PACKET_MS);
  return { cpuPercent: (100 * used) / elapsed, late: late / measured };
}

/** Packets sent after the warm-up of which not all was judged in time. */
function lateOf(
  sentAt: readonly (readonly number[])[],
  deliveries: readonly (readonly Delivery[])[],
): number {
  let late = 0;
  for (const [stream, packets] of sentAt.entries()) {
    const judged = deliveries[stream] ?? [];
    let at = 0;
    for (const [packet, sent] of packets.entries()) {
      const needed = (packet + 1 - MISSED) * PACKET_SAMPLES;
      while ((judged[at]?.samples ?? Infinity) < needed) at += 1;
      const isLate = (judged[at]?.at ?? Infinity) > sent + LATE_MS;
      if (isLate && packet >= WARM_MS / PACKET_MS) late += 1;
    }
  }
  return late;
}

async function sumOf(figures: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(figures)).reduce((sum, figure) => sum + figure, 0);
}

function start(program: string, processes: AsyncDisposableStack): ChildProcess {
  const child = fork(join(import.meta.dirname, program), {
    serialization: 'advanced',
    execArgv: [],
  });
  processes.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  });
  return child;
}

async function told<Report extends { readonly type: string }, Type extends Report['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<Report, { readonly type: Type }>> {
  return new Promise((resolve, reject) => {
    const gone = (): void => {
      reject(new Error(`a process ended before it was ${type}`));
    };
    child.once('exit', gone);
    child.on('message', function listen(report: Extract<Report, { readonly type: Type }>) {
      if (report.type !== type) return;
      child.off('message', listen);
      child.off('exit', gone);
      resolve(report);
    });
  });
}
