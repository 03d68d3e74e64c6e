import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { opusPackets, rtpDatagram } from '../../support/rtp-builder.ts';
import { as48k, librivox } from '../../support/speech.ts';
import { monotonicMs } from './protocol.ts';
import type { SenderJob, SenderReport } from './protocol.ts';

/**
 * Sends streams of recorded speech in real time, 20 ms apart, each with its own phase, and tells when
 * each packet left. A process of its own, never counted.
 */
const PACKET_MS = 20;
/** How Chromium codes a microphone on a clean network, at the bit rate our page asks for. */
const MICROPHONE = { bitrate: 64_000, complexity: 9, lossPercent: 0 };
/** Spreads phases evenly and without a pattern, the same in every run: the golden ratio. */
const phaseOf = (stream: number): number => PACKET_MS * ((stream * 0.618_034) % 1);

const tell = (report: SenderReport): void => {
  process.send?.(report);
};

const recordings = await Promise.all(
  librivox().map(async ({ audio }) => opusPackets(await as48k(audio), MICROPHONE)),
);
const speech = recordings.flat();
const socket = createSocket('udp4').bind(0, '127.0.0.1');
await once(socket, 'listening');

process.once('disconnect', () => process.exit(0));
process.on('message', (job: SenderJob) => {
  void send(job).then((sentAt) => {
    tell({ type: 'sent', sentAt });
  });
});
tell({ type: 'ready', port: socket.address().port });

async function send({ ports, payloadType, packets }: SenderJob): Promise<readonly number[][]> {
  const sentAt = ports.map((): number[] => []);
  const start = performance.now() + 50;
  const order = ports
    .map((port, stream) => ({ port, stream, phase: phaseOf(stream) }))
    .sort((a, b) => a.phase - b.phase);
  for (let index = 0; index < packets; index += 1) {
    for (const { port, stream, phase } of order) {
      const wait = start + index * PACKET_MS + phase - performance.now();
      if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
      const payload = speech[(index + stream * 97) % speech.length];
      const fields = { sequence: index, timestamp: index * 960, ssrc: stream + 1, payloadType };
      socket.send(rtpDatagram({ ...fields, ...(payload && { payload }) }), port, '127.0.0.1');
      sentAt[stream]?.push(monotonicMs());
    }
  }
  // A closed socket would drop what it has not sent yet.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return sentAt;
}
