import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { defaults } from '../../../config/defaults.ts';
import { UtteranceDetector } from '../../../media/vad/detector.ts';
import { VAD_WINDOW } from '../../../media/vad/model.ts';
import { SileroVad } from '../../../media/vad/silero.ts';
import { receive } from '../ingest/receive.ts';

const BYTES = 2 * VAD_WINDOW;

/** The usual recipe: an ffmpeg for each stream, and a session of the VAD for each. */
const folder = await mkdtemp(join(tmpdir(), 'parley-capacity-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

process.setMaxListeners(0);

await receive(async ({ streams, payloadType }, deliver) => {
  const ports: number[] = [];
  for (let stream = 0; stream < streams; stream += 1) {
    const port = await freePort();
    const samples = await decode(port, payloadType);
    ports.push(port);
    void judge(samples, (count) => {
      deliver(stream, count);
    });
  }
  return ports;
});

async function decode(port: number, payloadType: number): Promise<Readable> {
  const sdp = join(folder, `${port}.sdp`);
  const media = `m=audio ${port} RTP/AVP ${payloadType}`;
  const coding = `a=rtpmap:${payloadType} opus/48000/2`;
  const head = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  await writeFile(sdp, [...head, media, coding, ''].join('\r\n'));
  const arguments_ = [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'file,udp,rtp'],
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32'],
    ...['-analyzeduration', '0', '-i', sdp, '-ar', '16000', '-ac', '1'],
    ...['-f', 's16le', '-flush_packets', '1', 'pipe:1'],
  ];
  const child = spawn('ffmpeg', arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  await bound(port);
  return child.stdout;
}

async function judge(input: Readable, judged: (samples: number) => void): Promise<void> {
  await using model = await SileroVad.create();
  const vad = model.open();
  const detector = new UtteranceDetector(defaults.media);
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  for await (const bytes of input) {
    if (!Buffer.isBuffer(bytes)) throw new Error('ffmpeg writes bytes');
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (; rest.length >= BYTES; rest = rest.subarray(BYTES)) {
      const samples = new Float32Array(VAD_WINDOW);
      for (let at = 0; at < VAD_WINDOW; at += 1) samples[at] = rest.readInt16LE(2 * at) / 32_768;
      const probability = await vad.probability(samples, false);
      const arrivedAt = performance.now();
      detector.push({ position, samples, silent: false, arrivedAt, follows: true, probability });
      position += VAD_WINDOW;
      judged(VAD_WINDOW);
    }
  }
}

/** An even port: ffmpeg takes the next one for RTCP. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port % 2 === 0 ? port : freePort();
}

/** Resolves once somebody listens on a UDP port. */
async function bound(port: number): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (;;) {
    const tables = await Promise.all(
      ['udp', 'udp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8')),
    );
    if (tables.some((text) => text.includes(`:${hex} `))) return;
    await setTimeout(50);
  }
}
