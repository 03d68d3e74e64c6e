import wrtc from '@roamhq/wrtc';
import { Device } from 'mediasoup-client';
import type { Consumer, Transport } from 'mediasoup-client/types';
import { z } from 'zod';
import type { EventData, NewConsumer } from '../../server/protocol/events.ts';
import type { ConsumerId } from '../../server/protocol/ids.ts';
import { DtlsParameters, RtpParameters } from '../../server/protocol/rtp.ts';
import type { Line } from './chaos-line.ts';

// mediasoup-client's browser handlers take WebRTC from the global scope.
const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = wrtc;
const { MediaStream, MediaStreamTrack } = wrtc;
Object.assign(globalThis, {
  ...{ RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, MediaStream, MediaStreamTrack },
});

const Inbound = z.object({
  type: z.literal('inbound-rtp'),
  id: z.string(),
  packetsReceived: z.number(),
  packetsLost: z.number(),
  totalSamplesReceived: z.number(),
  concealedSamples: z.number(),
  silentConcealedSamples: z.number(),
});
/** What a receiver says of one track (webrtc-stats, RTCInboundRtpStreamStats). */
export type Inbound = Readonly<z.infer<typeof Inbound>>;

export interface BotMediaOptions {
  readonly line: Pick<Line, 'request' | 'onOffer'> & {
    on(event: 'consumerClosed', listener: (closed: EventData<'consumerClosed'>) => void): void;
  };
  readonly device: Device;
  /** Told of each track that is received; what it returns is called when the track ends. */
  readonly onTrack: (offer: NewConsumer, track: MediaStreamTrack) => () => void;
  readonly onFault: (what: string) => void;
}

/** What a bot sends. */
export interface Sent extends Disposable {
  readonly track: MediaStreamTrack;
}

export interface Sending {
  /** Made anew whenever the media is, and disposed of with it. */
  readonly open: () => Sent;
  /** Send nothing while there is nothing to hear. */
  readonly dtx?: boolean;
}

type Direction = 'send' | 'recv';

/** Real ICE, DTLS, SRTP and Opus of one participant of a real server's meeting, without a page. */
export class BotMedia {
  readonly #options: BotMediaOptions;
  readonly #tracks = new Map<ConsumerId, { readonly consumer: Consumer; stop(): void }>();
  readonly #connected = {
    send: Promise.withResolvers<undefined>(),
    recv: Promise.withResolvers<undefined>(),
  };
  #transports: Transport[] = [];
  #receiving: PromiseWithResolvers<Transport> = Promise.withResolvers();
  #sent: Sent | undefined;
  #port = 0;

  constructor(options: BotMediaOptions) {
    this.#options = options;
    const { line, onFault } = options;
    line.onOffer((offer, taken) => {
      this.#take(offer).then(taken, (error: unknown) => {
        onFault(`taking a track: ${String(error)}`);
      });
    });
    line.on('consumerClosed', ({ consumerId }) => {
      this.#drop(consumerId);
    });
  }

  /** What a participant can receive, as the server has offered it. */
  static async device(line: Pick<Line, 'request'>): Promise<Device> {
    const { rtpCapabilities } = await line.request('getRouterRtpCapabilities', {});
    const device = await Device.factory({ handlerName: 'Chrome111' });
    await device.load({ routerRtpCapabilities: rtpCapabilities });
    return device;
  }

  /** Where the media worker that serves this bot listens. */
  get port(): number {
    return this.#port;
  }

  /** Resolves when packets have gone that way for the first time. */
  async connected(direction: Direction): Promise<void> {
    await this.#connected[direction].promise;
  }

  /** After joining, and again after a reset. */
  async build(sending: Sending | undefined): Promise<void> {
    const receiving = this.#receiving;
    receiving.resolve(await this.#open('recv'));
    if (!sending) return;
    const transport = await this.#open('send');
    this.#sent = sending.open();
    await transport.produce({
      ...{ track: this.#sent.track, stopTracks: false },
      ...(sending.dtx === true && { codecOptions: { opusDtx: true } }),
    });
  }

  tearDown(): void {
    this.#sent?.[Symbol.dispose]();
    this.#sent = undefined;
    for (const id of this.#tracks.keys()) this.#drop(id);
    for (const transport of this.#transports) transport.close();
    this.#transports = [];
    this.#receiving = Promise.withResolvers();
  }

  /** Every track that is received now. */
  async inbound(): Promise<readonly Inbound[]> {
    const receiving = this.#transports.filter(({ direction }) => direction === 'recv');
    const reports = await Promise.all(receiving.map((transport) => transport.getStats()));
    return reports.flatMap((report) =>
      [...report.values()].flatMap((entry: unknown) => {
        const inbound = Inbound.safeParse(entry);
        return inbound.success ? [inbound.data] : [];
      }),
    );
  }

  async #open(direction: Direction): Promise<Transport> {
    const { line, device } = this.#options;
    const info = await line.request('createWebRtcTransport', { direction });
    const { id, iceParameters, iceCandidates, dtlsParameters } = info;
    const settings = { id, iceParameters, iceCandidates: [...iceCandidates], dtlsParameters };
    const transport =
      direction === 'send'
        ? device.createSendTransport(settings)
        : device.createRecvTransport(settings);
    this.#transports.push(transport);
    this.#port = iceCandidates[0]?.port ?? 0;
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') this.#connected[direction].resolve(undefined);
    });
    transport.on('connect', ({ dtlsParameters: own }, done, fail) => {
      const request = { transportId: id, dtlsParameters: DtlsParameters.parse(own) };
      line.request('connectWebRtcTransport', request).then(done, fail);
    });
    transport.on('produce', ({ rtpParameters }, done, fail) => {
      const track = { transportId: id, kind: 'audio' as const, source: 'microphone' as const };
      line
        .request('produce', { ...track, rtpParameters: RtpParameters.parse(rtpParameters) })
        .then(({ producerId }) => {
          done({ id: producerId });
        }, fail);
    });
    return transport;
  }

  async #take(offer: NewConsumer): Promise<void> {
    const transport = await this.#receiving.promise;
    const consumer = await transport.consume({
      ...{ id: offer.consumerId, producerId: offer.producerId, kind: offer.kind },
      rtpParameters: offer.rtpParameters,
    });
    const ended = this.#options.onTrack(offer, consumer.track);
    const stop = () => {
      ended();
      consumer.close();
    };
    this.#tracks.set(offer.consumerId, { consumer, stop });
  }

  #drop(id: ConsumerId): void {
    this.#tracks.get(id)?.stop();
    this.#tracks.delete(id);
  }
}
