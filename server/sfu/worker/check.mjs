/**
 * Makes one real call through a mediasoup worker binary, and fails if any part of it does not work:
 *
 *   node server/sfu/worker/check.mjs /path/to/mediasoup-worker
 *
 * A WebRTC client (libwebrtc, so not the worker's own code at both ends) connects over ICE and DTLS
 * on the loopback interface and sends a tone. It leaves the worker decrypted through a plain
 * transport, is sent back as it came, and has to reach the client's ear again as a tone. Exits with
 * 0 only then.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import process from 'node:process';
import wrtc from '@roamhq/wrtc';
import * as mediasoup from 'mediasoup';
import { Device } from 'mediasoup-client';

const TIME_LIMIT_MS = 30_000;
const LOOPBACK = { protocol: 'udp', ip: '127.0.0.1' };
const OPUS = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 };
const TONE_AMPLITUDE = 10_000;
/** Frames of 10 ms above half the amplitude after which the tone counts as heard. */
const FRAMES_WANTED = 20;

setTimeout(() => finish('the call did not get through in time'), TIME_LIMIT_MS);
call(process.argv[2]).then(() => finish(), finish);

async function call(workerBin) {
  const worker = await mediasoup.createWorker({ workerBin, logLevel: 'warn' });
  worker.once('died', () => finish('the worker died'));
  const router = await worker.createRouter({ mediaCodecs: [OPUS] });
  const client = await createClient(router);
  const spoken = await client.speak();
  const echoed = await echo(router, spoken);
  await client.hear(echoed);
}

/** A client with one transport in each direction, wired to the router without any signalling. */
async function createClient(router) {
  const { RTCPeerConnection, MediaStream } = wrtc;
  Object.assign(globalThis, { RTCPeerConnection, MediaStream });
  const device = new Device({ handlerName: 'Chrome111' });
  await device.load({ routerRtpCapabilities: router.rtpCapabilities });

  const up = await router.createWebRtcTransport({ listenInfos: [LOOPBACK] });
  const down = await router.createWebRtcTransport({ listenInfos: [LOOPBACK] });
  const sending = device.createSendTransport(offered(up));
  const receiving = device.createRecvTransport(offered(down));
  answer(sending, 'connect', ({ dtlsParameters }) => up.connect({ dtlsParameters }));
  answer(receiving, 'connect', ({ dtlsParameters }) => down.connect({ dtlsParameters }));
  answer(sending, 'produce', ({ kind, rtpParameters }) => up.produce({ kind, rtpParameters }));

  return {
    async speak() {
      const source = new wrtc.nonstandard.RTCAudioSource();
      setInterval(() => source.onData(tenMillisecondsOfTone()), 10);
      const { id } = await sending.produce({ track: source.createTrack() });
      return id;
    },
    async hear(producerId) {
      const { rtpCapabilities } = device;
      const { id, kind, rtpParameters } = await down.consume({ producerId, rtpCapabilities });
      const { track } = await receiving.consume({ id, producerId, kind, rtpParameters });
      const sink = new wrtc.nonstandard.RTCAudioSink(track);
      await new Promise((resolve) => {
        let heard = 0;
        sink.ondata = ({ samples }) => {
          const loud = samples.some((sample) => Math.abs(sample) > TONE_AMPLITUDE / 2);
          if (loud && ++heard === FRAMES_WANTED) resolve();
        };
      });
    },
  };
}

/** Sends what a producer sends out of the worker and back into it, as the producer it returns. */
async function echo(router, producerId) {
  const socket = createSocket('udp4').bind(0, LOOPBACK.ip);
  await once(socket, 'listening');
  const transport = await router.createPlainTransport({ listenInfo: LOOPBACK, rtcpMux: true });
  await transport.connect({ ip: LOOPBACK.ip, port: socket.address().port });
  const { rtpCapabilities } = router;
  const { kind, rtpParameters } = await transport.consume({ producerId, rtpCapabilities });
  const { codecs, encodings } = rtpParameters;
  const producer = await transport.produce({ kind, rtpParameters: { codecs, encodings } });
  socket.on('message', (packet) => {
    const isRtp = (packet[1] & 0x7f) === codecs[0].payloadType;
    if (isRtp) socket.send(packet, transport.tuple.localPort, LOOPBACK.ip);
  });
  return producer.id;
}

function offered({ id, iceParameters, iceCandidates, dtlsParameters }) {
  return { id, iceParameters, iceCandidates, dtlsParameters };
}

/** Answers an event of mediasoup-client with the result of an asynchronous function. */
function answer(transport, event, work) {
  transport.on(event, (parameters, resolve, reject) => {
    work(parameters).then((result) => resolve(result), reject);
  });
}

function tenMillisecondsOfTone() {
  const samples = Int16Array.from({ length: 480 }, (_, index) =>
    Math.round(TONE_AMPLITUDE * Math.sin((2 * Math.PI * 5 * index) / 480)),
  );
  return { samples, sampleRate: 48_000, bitsPerSample: 16, channelCount: 1, numberOfFrames: 480 };
}

/** Ends at once; what is still open (the worker too) ends with the process. */
function finish(failure) {
  if (failure) console.error(failure);
  process.exit(failure ? 1 : 0);
}
