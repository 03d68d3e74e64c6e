import wrtc from '@roamhq/wrtc';
import { Device } from 'mediasoup-client';
import type { Consumer, Transport } from 'mediasoup-client/types';
import type { CaptionEvent, NewConsumer } from '../../server/protocol/events.ts';
import { HearChoice } from '../../server/protocol/ids.ts';
import type { ConsumerId } from '../../server/protocol/ids.ts';
import { DtlsParameters, RtpCapabilities, RtpParameters } from '../../server/protocol/rtp.ts';
import { Ear } from './chaos-ear.ts';
import { Line } from './chaos-line.ts';
import { tag } from './room-stage.ts';

// mediasoup-client's browser handlers take WebRTC from the global scope.
const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = wrtc;
const { MediaStream, MediaStreamTrack } = wrtc;
Object.assign(globalThis, {
  ...{ RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, MediaStream, MediaStreamTrack },
});

const RATE = 48_000;
const FRAME = 480;
const FRAME_MS = 10;

export interface BotOptions {
  readonly url: string;
  readonly room: string;
  /** A language, or `original`. */
  readonly hear: string;
  /** 48 kHz, said over and over; a bot without it only listens. */
  readonly says?: Float32Array;
}

interface Track {
  readonly consumer: Consumer;
  stop(): void;
}

/**
 * A participant of a real server's meeting, from its door to the last sample: says a recording in a
 * loop, listens to every track, reads captions, and builds its media anew when it is told to.
 */
export class ChaosBot {
  readonly ears = { original: new Ear(), translation: new Ear() };
  /** Final captions, with when they came. */
  readonly captions: { readonly at: number; readonly caption: CaptionEvent }[] = [];
  /** When the media had to be built anew. */
  readonly resets: number[] = [];
  /** What went wrong that a person would have noticed. */
  readonly faults: string[] = [];
  readonly #line: Line;
  readonly #device: Device;
  readonly #says: Float32Array | undefined;
  readonly #tracks = new Map<ConsumerId, Track>();
  #transports: Transport[] = [];
  #receiving: PromiseWithResolvers<Transport> = Promise.withResolvers();
  #talking: NodeJS.Timeout | undefined;
  #port = 0;

  private constructor(line: Line, device: Device, says: Float32Array | undefined) {
    this.#line = line;
    this.#device = device;
    this.#says = says;
  }

  static async join({ url, room, hear, says }: BotOptions): Promise<ChaosBot> {
    const line = await Line.open(url, room);
    const { rtpCapabilities } = await line.request('getRouterRtpCapabilities', {});
    const device = await Device.factory({ handlerName: 'Chrome111' });
    await device.load({ routerRtpCapabilities: rtpCapabilities });
    const bot = new ChaosBot(line, device, says);
    bot.#listen();
    await line.request('join', {
      ...{ displayName: 'Bot', hearOwn: false, keepWords: false },
      speak: tag(says ? 'en' : 'es'),
      hear: HearChoice.parse(hear),
      rtpCapabilities: RtpCapabilities.parse(device.recvRtpCapabilities),
    });
    await bot.#build();
    return bot;
  }

  /** Where the media worker that serves this bot listens. */
  get port(): number {
    return this.#port;
  }

  async leave(): Promise<void> {
    this.#tearDown();
    await this.#line.request('leave', {});
    this.#line[Symbol.dispose]();
  }

  #listen(): void {
    this.#line.onOffer((offer, taken) => {
      this.#take(offer).then(taken, () => undefined);
    });
    this.#line.on('consumerClosed', ({ consumerId }) => {
      this.#drop(consumerId);
    });
    this.#line.on('mediaReset', () => {
      this.resets.push(performance.now());
      this.#tearDown();
      this.#build().catch((error: unknown) => this.faults.push(`rebuilding: ${String(error)}`));
    });
    this.#line.on('caption', (caption) => {
      if (caption.final) this.captions.push({ at: performance.now(), caption });
    });
    this.#line.onLost((reason) => this.faults.push(`hung up on: ${reason}`));
  }

  async #build(): Promise<void> {
    const receiving = this.#receiving;
    const receive = await this.#open('recv');
    receiving.resolve(receive);
    if (this.#says) await this.#speak(await this.#open('send'), this.#says);
  }

  #tearDown(): void {
    clearInterval(this.#talking);
    for (const id of this.#tracks.keys()) this.#drop(id);
    for (const transport of this.#transports) transport.close();
    this.#transports = [];
    this.#receiving = Promise.withResolvers();
  }

  async #open(direction: 'send' | 'recv'): Promise<Transport> {
    const info = await this.#line.request('createWebRtcTransport', { direction });
    const { id, iceParameters, iceCandidates, dtlsParameters } = info;
    const settings = { id, iceParameters, iceCandidates: [...iceCandidates], dtlsParameters };
    const transport =
      direction === 'send'
        ? this.#device.createSendTransport(settings)
        : this.#device.createRecvTransport(settings);
    this.#transports.push(transport);
    this.#port = iceCandidates[0]?.port ?? 0;
    transport.on('connect', ({ dtlsParameters: own }, done, fail) => {
      const request = { transportId: id, dtlsParameters: DtlsParameters.parse(own) };
      this.#line.request('connectWebRtcTransport', request).then(done, fail);
    });
    transport.on('produce', ({ rtpParameters }, done, fail) => {
      const track = { transportId: id, kind: 'audio' as const, source: 'microphone' as const };
      this.#line
        .request('produce', { ...track, rtpParameters: RtpParameters.parse(rtpParameters) })
        .then(({ producerId }) => {
          done({ id: producerId });
        }, fail);
    });
    return transport;
  }

  /** From its first word, as often as the clock asks for. */
  async #speak(transport: Transport, words: Float32Array): Promise<void> {
    const source = new wrtc.nonstandard.RTCAudioSource();
    const began = performance.now();
    let frames = 0;
    const whole = words.length - (words.length % FRAME);
    this.#talking = setInterval(() => {
      for (; frames * FRAME_MS < performance.now() - began; frames++) {
        const start = (frames * FRAME) % whole;
        const samples = Int16Array.from(
          words.subarray(start, start + FRAME),
          (sample) => sample * 32_767,
        );
        const format = { sampleRate: RATE, bitsPerSample: 16, channelCount: 1 };
        source.onData({ samples, ...format, numberOfFrames: FRAME });
      }
    }, FRAME_MS);
    await transport.produce({ track: source.createTrack(), stopTracks: false });
  }

  async #take(offer: NewConsumer): Promise<void> {
    const transport = await this.#receiving.promise;
    const consumer = await transport.consume({
      ...{ id: offer.consumerId, producerId: offer.producerId, kind: offer.kind },
      rtpParameters: offer.rtpParameters,
    });
    const { type } = offer.track;
    if (type !== 'original' && type !== 'translation') return;
    const sink = new wrtc.nonstandard.RTCAudioSink(consumer.track);
    const ear = this.ears[type];
    sink.ondata = ({ samples }) => {
      ear.hear(samples, performance.now());
    };
    const stop = () => {
      sink.stop();
      consumer.close();
    };
    this.#tracks.set(offer.consumerId, { consumer, stop });
  }

  #drop(id: ConsumerId): void {
    this.#tracks.get(id)?.stop();
    this.#tracks.delete(id);
  }
}
