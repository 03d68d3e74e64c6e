import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import { packets } from 'rtp.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VOICE_FRAME } from '../../media/audio.ts';
import type { RtpStream } from '../../media/messages.ts';
import { VoiceEncoder } from '../../media/opus/encoder.ts';
import { MediaPlaces } from '../../server/rooms/media-places.ts';
import { Moderation } from '../../server/rooms/moderation.ts';
import { Room } from '../../server/rooms/room.ts';
import { RoomId } from '../../server/protocol/ids.ts';
import { MediasoupSfu } from '../../server/sfu/mediasoup-sfu.ts';
import { FakeSpeechMedia } from '../support/fake-speech-media.ts';
import { alive, descendants } from '../support/processes.ts';
import { englishEngine, silent } from '../support/room-stage.ts';
import { WebRtcBot } from '../support/webrtc-bot.ts';

const nothing = {
  routers: 0,
  webRtcTransports: 0,
  plainTransports: 0,
  producers: 0,
  consumers: 0,
};
const soon = { timeout: 15_000, interval: 50 };

let sfu: MediasoupSfu;
let rtp: Socket;
let voice: Socket;
let media: FakeSpeechMedia;
let room: Room;
let bots: WebRtcBot[];

/** Packets of speech as they reach the media process, with where they came from. */
let speech: { readonly packet: packets.RtpPacket; readonly from: RemoteInfo }[];

beforeEach(async () => {
  bots = [];
  speech = [];
  sfu = await MediasoupSfu.create({
    workers: 1,
    port: 0,
    addresses: [{ ip: '127.0.0.1' }],
    maxConsumersPerWorker: 400,
    maxIncomingBitrate: 128_000,
    log: silent,
  });
  rtp = createSocket('udp4');
  rtp.on('message', (message, from) => {
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    if (!packets.isRtcp(view) && packets.isRtp(view))
      speech.push({ packet: new packets.RtpPacket(view), from });
  });
  voice = createSocket('udp4');
  for (const socket of [rtp, voice]) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }
  media = new FakeSpeechMedia(englishEngine);
  media.start({ rtpPort: rtp.address().port, voicePort: voice.address().port });
  room = new Room({
    id: RoomId.parse('r'.repeat(22)),
    ...{ sfu, log: silent },
    place: new MediaPlaces([media], 16).open(),
    maxPeers: 16,
    captionReplay: 10,
    captionsKept: 500,
    graceMs: 1_000,
    openedAt: 0,
    maxTracksPerPeer: 64,
    iceServers: () => [],
    onEmpty: () => undefined,
    onEnded: () => undefined,
    ...{ moderation: new Moderation(), maxWaiting: 3, waitMs: 60_000 },
  });
});

afterEach(async () => {
  for (const bot of bots) bot.leave();
  room.close();
  rtp.close();
  voice.close();
  await sfu.close();
  expect(sfu.census).toEqual({ workers: 0, ...nothing });
});

async function join(hear: string): Promise<WebRtcBot> {
  const bot = await WebRtcBot.join(room, hear, sfu.rtpCapabilities);
  bots.push(bot);
  await bot.receive();
  return bot;
}

/** The pair every test needs: someone speaking English, someone who hears Spanish. */
async function call() {
  const speaker = await join('original');
  const listener = await join('es');
  await speaker.speak();
  await expect.poll(() => media.speakers.size, soon).toBe(1);
  return { speaker, listener };
}

/** Sends a tone on a track as the media process would, until told to stop. */
async function sing({ port, ssrc, payloadType }: RtpStream): Promise<() => void> {
  const encoder = await VoiceEncoder.create({
    opusBitrate: 32_000,
    opusComplexity: 0,
    opusLossPercent: 0,
  });
  const frame = Float32Array.from(
    { length: VOICE_FRAME },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * 500 * i) / 48_000),
  );
  let sequence = 0;
  const timer = setInterval(() => {
    const packet = new packets.RtpPacket();
    packet.setPayloadType(payloadType);
    packet.setSsrc(ssrc);
    packet.setSequenceNumber(sequence);
    packet.setTimestamp(sequence * VOICE_FRAME);
    packet.setMarker(sequence === 0);
    packet.setPayload(new DataView(Uint8Array.from(encoder.encode(frame)).buffer));
    const bytes = new Uint8Array(packet.getByteLength());
    packet.serialize(bytes.buffer);
    voice.send(bytes, port, '127.0.0.1');
    sequence += 1;
  }, 20);
  return () => {
    clearInterval(timer);
    encoder[Symbol.dispose]();
  };
}

test('what a browser says reaches the media process as plain Opus packets of one stream', async () => {
  await call();
  const { ssrc } = media.speaker;
  await expect.poll(() => speech.length, soon).toBeGreaterThan(50);
  const sequences = speech.map(({ packet }) => packet.getSequenceNumber());
  expect(new Set(speech.map(({ packet }) => packet.getSsrc()))).toEqual(new Set([ssrc]));
  expect(new Set(speech.map(({ packet }) => packet.getPayloadType()))).toEqual(new Set([100]));
  expect(new Set(speech.map(({ from }) => from.port)).size).toBe(1);
  const steps = sequences.slice(1).map((sequence, i) => (sequence - (sequences[i] ?? 0)) & 0xffff);
  expect(new Set(steps)).toEqual(new Set([1]));
});

test('the other hears the speaker, and what the media process sends on the voice track', async () => {
  const { speaker, listener } = await call();
  await expect.poll(() => listener.loudest('original') ?? 0, soon).toBeGreaterThan(0.2);
  const voice = media.speaker.targets.find(({ language }) => language === 'es')?.voice;
  if (!voice) throw new Error('no voice was asked for');
  await expect.poll(() => listener.loudest('translation'), soon).toBe(0);
  const stop = await sing(voice);
  await expect.poll(() => listener.loudest('translation') ?? 0, soon).toBeGreaterThan(0.2);
  stop();
  expect(speaker.loudest('translation')).toBeUndefined();
});

test('after everyone has left, nothing is open but the worker', async () => {
  const { speaker, listener } = await call();
  expect(sfu.census).toMatchObject({ routers: 1, plainTransports: 2, webRtcTransports: 3 });
  speaker.leave();
  listener.leave();
  await expect.poll(() => sfu.census, soon).toEqual({ workers: 1, ...nothing });
});

test('a worker that is killed is replaced, and the call goes on after everyone has rebuilt', async () => {
  const { speaker, listener } = await call();
  const [worker] = descendants(process.pid).filter(({ command }) =>
    /mediasoup-worker/.test(command),
  );
  if (!worker) throw new Error('no worker');
  process.kill(worker.pid, 'SIGKILL');
  await expect.poll(() => [speaker.resets, listener.resets], soon).toEqual([1, 1]);
  expect(sfu.workerDeaths).toBe(1);
  await Promise.all([speaker.receive(), listener.receive()]);
  await speaker.speak();
  await expect.poll(() => listener.loudest('original') ?? 0, soon).toBeGreaterThan(0.2);
  await expect.poll(() => media.speakers.size, soon).toBe(1);
  expect(sfu.census).toMatchObject({ workers: 1, routers: 1 });
});

test('a signal to stop is the server’s to act on: workers take no notice by themselves', async () => {
  const taken = new Promise((resolve) => process.once('SIGTERM', resolve));
  process.kill(process.pid, 'SIGTERM');
  await taken;
  const heard = await WebRtcBot.join(room, 'original', sfu.rtpCapabilities);
  bots.push(heard);
  await heard.receive();
  expect(sfu.census.workers).toBe(1);
});

test('closing ends the worker process', async () => {
  const [worker] = descendants(process.pid).filter(({ command }) =>
    /mediasoup-worker/.test(command),
  );
  if (!worker) throw new Error('no worker');
  await sfu.close();
  expect(alive(worker.pid)).toBe(false);
});
