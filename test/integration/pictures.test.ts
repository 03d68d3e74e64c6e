import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RtpParameters } from '../../server/protocol/rtp.ts';
import { MediasoupSfu } from '../../server/sfu/mediasoup-sfu.ts';
import type { SfuRouter, SfuTransport } from '../../server/sfu/ports.ts';
import { silent } from '../support/room-stage.ts';

/** A camera in three layers, as Chromium describes it. */
const camera: RtpParameters = {
  mid: '1',
  codecs: [
    { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 },
    { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
  ],
  headerExtensions: [
    { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 4 },
    { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', id: 10 },
    { uri: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id', id: 11 },
  ],
  encodings: ['r0', 'r1', 'r2'].map((rid) => ({ rid, scalabilityMode: 'L1T3' })),
};

let sfu: MediasoupSfu;
let router: SfuRouter;
let sender: SfuTransport;
let receiver: SfuTransport;

beforeEach(async () => {
  sfu = await MediasoupSfu.create({
    ...{ workers: 1, port: 0, addresses: [{ ip: '127.0.0.1' }] },
    ...{ maxConsumersPerWorker: 400, maxIncomingBitrate: 4_000_000, log: silent },
  });
  router = await sfu.createRouter({ onLost: () => undefined, onLevels: () => undefined });
  const none = (): void => undefined;
  [sender, receiver] = [
    await router.createWebRtcTransport(none),
    await router.createWebRtcTransport(none),
  ];
});

afterEach(async () => {
  router.close();
  expect(sfu.census).toMatchObject({ routers: 0, webRtcTransports: 0, producers: 0, consumers: 0 });
  await sfu.close();
});

const show = (rtpParameters: RtpParameters) =>
  sender.produce({ kind: 'video', rtpParameters, paused: false });

describe('a picture', () => {
  test('is offered to everyone as one stream, of which they choose the layer', async () => {
    const producer = await show(camera);
    const consumer = await receiver.consume(producer.id, sfu.rtpCapabilities);
    expect(consumer.kind).toBe('video');
    expect(consumer.rtpParameters.codecs.map(({ mimeType }) => mimeType)).toEqual([
      'video/VP8',
      'video/rtx',
    ]);
    expect(consumer.rtpParameters.encodings).toHaveLength(1);
    expect(consumer.rtpParameters.encodings?.[0]?.rtx?.ssrc).toEqual(expect.any(Number));
    await consumer.preferLayer(0);
    await consumer.resume();
    // More than there is means the largest.
    await consumer.preferLayer(2);
    await consumer.pause();
  });

  test('of one layer is taken too, and preferring changes nothing', async () => {
    const producer = await show({ ...camera, encodings: [{ ssrc: 77, rtx: { ssrc: 78 } }] });
    const consumer = await receiver.consume(producer.id, sfu.rtpCapabilities);
    await consumer.preferLayer(0);
    await consumer.resume();
  });

  test('in a codec that the router does not have is refused', async () => {
    const codecs = [{ mimeType: 'video/AV1', payloadType: 96, clockRate: 90_000 }];
    await expect(show({ ...camera, codecs })).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('is kept from the media process', async () => {
    const producer = await show(camera);
    const link = await router.openMediaLink({ rtpPort: 9, voicePort: 9 });
    await expect(link.tap(producer.id)).rejects.toMatchObject({ code: 'unsupported' });
    link.close();
  });
});
