import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { cpuMs, overFamily, pssBytes } from '../proc.ts';
import { PAYLOAD_TYPE } from './protocol.ts';
import type { Delivery, ReceiverJob, ReceiverReport, SenderJob, SenderReport } from './protocol.ts';

export type Side = 'ours' | 'ffmpeg' | 'gstreamer';

/** Both sides have loaded and compiled everything by then. */
const WARM_MS = 4000;

export interface Session {
  /** Processor time of all processes of the side, in percent of a core and per stream. */
  readonly cpuPercent: number;
  /** Memory of all processes of the side while streams run. */
  readonly pssBytes: number;
  readonly sentAt: readonly (readonly number[])[];
  readonly deliveries: readonly (readonly Delivery[])[];
}

/** Streams speech to one side in real time, and measures it after it has warmed up. */
export async function listenTo(side: Side, streams: number, measureMs: number): Promise<Session> {
  const sender = start('sender');
  const receiver = start(side);
  try {
    const { port: from } = await told<SenderReport, 'ready'>(sender, 'ready');
    const job: ReceiverJob = { streams, payloadType: PAYLOAD_TYPE, from };
    receiver.send(job);
    const { ports } = await told<ReceiverReport, 'ready'>(receiver, 'ready');
    const packets = Math.ceil((WARM_MS + measureMs + 500) / 20);
    const sending: SenderJob = { ports, payloadType: PAYLOAD_TYPE, packets };
    const sent = told<SenderReport, 'sent'>(sender, 'sent');
    sender.send(sending);
    await setTimeout(WARM_MS);
    const cpuBefore = await cpuOf(receiver);
    const began = performance.now();
    await setTimeout(measureMs);
    const cpu = (await cpuOf(receiver)) - cpuBefore;
    const elapsed = performance.now() - began;
    const memory = await overFamily(pidOf(receiver), pssBytes);
    const { sentAt } = await sent;
    await setTimeout(500);
    receiver.send('report');
    const { deliveries } = await told<ReceiverReport, 'delivered'>(receiver, 'delivered');
    return {
      cpuPercent: ((cpu / elapsed) * 100) / streams,
      pssBytes: memory,
      sentAt,
      deliveries,
    };
  } finally {
    await Promise.all([sender, receiver].map(end));
  }
}

const start = (program: Side | 'sender'): ChildProcess =>
  fork(join(import.meta.dirname, `${program}.ts`), { serialization: 'advanced' });

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('a process did not start');
  return pid;
}

const cpuOf = (child: ChildProcess): Promise<number> => overFamily(pidOf(child), cpuMs);

async function told<Report extends { readonly type: string }, Type extends Report['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<Report, { readonly type: Type }>> {
  return new Promise((resolve, reject) => {
    const gone = () => {
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

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.disconnect();
  const killing = globalThis.setTimeout(() => child.kill('SIGKILL'), 3000);
  await exited;
  clearTimeout(killing);
}
