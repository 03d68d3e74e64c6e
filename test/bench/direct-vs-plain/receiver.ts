import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createWorker } from 'mediasoup';
import type { Router } from 'mediasoup/types';
import {
  mediaRtpCapabilities,
  routerCodecs,
  voiceRtpParameters,
} from '../../../server/sfu/codecs.ts';
import { workerBinary } from '../../../server/sfu/worker/location.ts';
import { cpuMs } from '../proc.ts';

/**
 * A process that owns a mediasoup worker, as the server does, and gets every packet of its streams
 * off it: `receiver.ts direct|plain|forwarded STREAMS`. Reports processor time per packet of all
 * processes that take part.
 *
 * - direct: packets end here, as JavaScript events. Half of what Parley would need.
 * - plain: packets end in another process, by UDP from the worker. What Parley does.
 * - forwarded: direct, and from here by UDP to another process.
 */
const [kind = 'plain', count = '1'] = process.argv.slice(2);
const streams = Number(count);
const WARM_UP_MS = 1000;
const MEASURE_MS = 5000;
const LOOPBACK = '127.0.0.1';
const listenInfo = { protocol: 'udp' as const, ip: LOOPBACK };

let direct = 0;

async function takeDirectly(router: Router, handle: (packet: Buffer) => void): Promise<void> {
  const transport = await router.createDirectTransport();
  for (const producerId of producerIds) {
    const consumer = await transport.consume({ producerId, rtpCapabilities: mediaRtpCapabilities });
    consumer.on('rtp', handle);
  }
}

async function takeByUdp(router: Router, port: number): Promise<void> {
  const transport = await router.createPlainTransport({ listenInfo, rtcpMux: true });
  await transport.connect({ ip: LOOPBACK, port });
  for (const producerId of producerIds) {
    await transport.consume({ producerId, rtpCapabilities: mediaRtpCapabilities });
  }
}

async function numberFrom(child: ChildProcess): Promise<number> {
  const [message] = (await once(child, 'message')) as unknown[];
  return Number(message);
}

const program = (name: string, args: readonly string[] = []) =>
  fork(join(import.meta.dirname, name), args);

const workerBin = workerBinary();
const worker = await createWorker({ logLevel: 'error', ...(workerBin && { workerBin }) });
const router = await worker.createRouter({ mediaCodecs: routerCodecs });
const incoming = await router.createPlainTransport({ listenInfo, comedia: true });
const producerIds: string[] = [];
for (let ssrc = 1; ssrc <= streams; ssrc += 1) {
  const rtpParameters = voiceRtpParameters(ssrc);
  producerIds.push((await incoming.produce({ kind: 'audio', rtpParameters })).id);
}

const sink = kind === 'direct' ? undefined : program('sink.ts');
const sinkPort = sink ? await numberFrom(sink) : 0;
if (kind === 'plain') {
  await takeByUdp(router, sinkPort);
} else if (kind === 'direct') {
  await takeDirectly(router, () => {
    direct += 1;
  });
} else {
  const socket = createSocket('udp4');
  await takeDirectly(router, (packet) => {
    socket.send(packet, sinkPort, LOOPBACK);
  });
}

const arrived = async (): Promise<number> => {
  if (!sink) return direct;
  const answer = numberFrom(sink);
  sink.send('count');
  return answer;
};
const used = async (): Promise<number> => {
  const pids = [process.pid, worker.pid, ...(sink?.pid === undefined ? [] : [sink.pid])];
  const times = await Promise.all(pids.map(cpuMs));
  return times.reduce((sum, time) => sum + time, 0);
};

const sender = program('sender.ts', [String(incoming.tuple.localPort), count]);
await setTimeout(WARM_UP_MS);
const started = performance.now();
const [packetsBefore, usedBefore] = [await arrived(), await used()];
await setTimeout(MEASURE_MS);
const [packetsAfter, usedAfter] = [await arrived(), await used()];
const sent = (streams * (performance.now() - started)) / 20;
const packets = packetsAfter - packetsBefore;
process.send?.({
  microsecondsPerPacket: ((usedAfter - usedBefore) * 1000) / packets,
  arrived: packets / sent,
});
sender.kill();
sink?.kill();
worker.close();
process.exit(0);
