import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receiveByChildren } from './child-per-stream.ts';

/** The usual recipe beside an SFU: told by an SDP file what comes, and asked to hold nothing back. */
const folder = await mkdtemp(join(tmpdir(), 'parley-ffmpeg-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

function sessionOf(port: number, payloadType: number): string {
  return [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP ${payloadType}`,
    `a=rtpmap:${payloadType} opus/48000/2`,
    '',
  ].join('\r\n');
}

await receiveByChildren('ffmpeg', async (port, payloadType) => {
  const sdp = join(folder, `${port}.sdp`);
  await writeFile(sdp, sessionOf(port, payloadType));
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'file,udp,rtp'],
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32'],
    ...['-analyzeduration', '0', '-i', sdp, '-ar', '16000', '-ac', '1'],
    ...['-f', 's16le', '-flush_packets', '1', 'pipe:1'],
  ];
});
