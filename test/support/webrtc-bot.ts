import wrtc from '@roamhq/wrtc';
import { Device } from 'mediasoup-client';
import { nanoid } from 'nanoid';
import type { Transport } from 'mediasoup-client/types';
import type { EventData, NewConsumer } from '../../server/protocol/events.ts';
import { HearChoice, PeerId, TransportId } from '../../server/protocol/ids.ts';
import type { ConsumerId, ProducerId } from '../../server/protocol/ids.ts';
import { DtlsParameters, RtpCapabilities, RtpParameters } from '../../server/protocol/rtp.ts';
import type { Direction } from '../../server/rooms/peer.ts';
import type { Joined, Room } from '../../server/rooms/room.ts';
import type { Outbox, PlainEvent } from '../../server/rooms/ports.ts';
import { tag } from './room-stage.ts';

// mediasoup-client's browser handlers take WebRTC from the global scope.
const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = wrtc;
const { MediaStream, MediaStreamTrack } = wrtc;
Object.assign(globalThis, {
  ...{ RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, MediaStream, MediaStreamTrack },
});

const RATE = 48_000;
const FRAME = 480;

/** A browser-like participant of a room: real ICE, DTLS, SRTP and Opus, without a page. */
export class WebRtcBot implements Outbox {
  readonly #joined: Joined;
  readonly #device: Device;
  readonly #transports = new Map<Direction, Transport>();
  readonly #sinks = new Map<
    ConsumerId,
    { readonly offer: NewConsumer; loudest: number; stop(): void }
  >();
  #tone: NodeJS.Timeout | undefined;
  #producerId: ProducerId | undefined;
  #resets = 0;

  private constructor(device: Device, joining: (bot: Outbox) => Joined) {
    this.#device = device;
    this.#joined = joining(this);
  }

  static async join(room: Room, hear: string, offered: RtpCapabilities): Promise<WebRtcBot> {
    const device = await Device.factory({ handlerName: 'Chrome111' });
    await device.load({ routerRtpCapabilities: offered });
    return new WebRtcBot(device, (bot) =>
      room.join(
        { peerId: PeerId.parse(nanoid()), role: 'guest', returning: false },
        {
          displayName: 'Bot',
          speak: tag('en'),
          hear: HearChoice.parse(hear),
          hearOwn: false,
          keepWords: false,
          rtpCapabilities: RtpCapabilities.parse(device.recvRtpCapabilities),
        },
        bot,
      ),
    );
  }

  get id(): string {
    return this.#joined.result.peerId;
  }

  /** How often the server said that the media must be built anew. */
  get resets(): number {
    return this.#resets;
  }

  /** Loudest sample heard on a kind of track since it began, 0 to 1; undefined without such a track. */
  loudest(type: 'original' | 'translation'): number | undefined {
    return this.#sinks.values().find(({ offer }) => offer.track.type === type)?.loudest;
  }

  emit<E extends PlainEvent>(event: E, data: EventData<E>): void {
    if (event === 'mediaReset') {
      this.#resets += 1;
      this.#closeMedia();
    }
    if (event === 'consumerClosed' && typeof data === 'object' && 'consumerId' in data) {
      this.#sinks.get(data.consumerId)?.stop();
      this.#sinks.delete(data.consumerId);
    }
  }

  async offer(offer: NewConsumer): Promise<void> {
    const transport = this.#transports.get('recv');
    if (!transport) throw new Error('no transport to receive on');
    const { track } = await transport.consume({
      id: offer.consumerId,
      producerId: offer.producerId,
      kind: offer.kind,
      rtpParameters: offer.rtpParameters,
    });
    const sink = new wrtc.nonstandard.RTCAudioSink(track);
    const entry = {
      offer,
      loudest: 0,
      stop: () => {
        sink.stop();
      },
    };
    sink.ondata = ({ samples }) => {
      for (const sample of samples)
        entry.loudest = Math.max(entry.loudest, Math.abs(sample) / 32_768);
    };
    this.#sinks.set(offer.consumerId, entry);
  }

  close(): void {
    this.#closeMedia();
  }

  async receive(): Promise<void> {
    const info = await this.#joined.participation.createTransport('recv');
    const options = { ...info, iceCandidates: [...info.iceCandidates], iceServers: [] };
    this.#wire('recv', this.#device.createRecvTransport(options));
  }

  /** Sends a tone of 440 Hz as the microphone. */
  async speak(): Promise<void> {
    const { participation } = this.#joined;
    const info = await participation.createTransport('send');
    const transport = this.#device.createSendTransport({
      ...info,
      iceCandidates: [...info.iceCandidates],
      iceServers: [],
    });
    this.#wire('send', transport);
    transport.on('produce', ({ rtpParameters }, done, fail) => {
      participation
        .produce({
          transportId: info.id,
          kind: 'audio',
          source: 'microphone',
          rtpParameters: RtpParameters.parse(rtpParameters),
        })
        .then((id) => {
          this.#producerId = id;
          done({ id });
        }, fail);
    });
    const source = new wrtc.nonstandard.RTCAudioSource();
    let phase = 0;
    this.#tone = setInterval(() => {
      const samples = Int16Array.from(
        { length: FRAME },
        () => 12_000 * Math.sin((2 * Math.PI * 440 * phase++) / RATE),
      );
      source.onData({
        samples,
        sampleRate: RATE,
        bitsPerSample: 16,
        channelCount: 1,
        numberOfFrames: FRAME,
      });
    }, 10);
    await transport.produce({ track: source.createTrack(), stopTracks: false });
  }

  async setMuted(muted: boolean): Promise<void> {
    if (!this.#producerId) throw new Error('not speaking');
    await this.#joined.participation.setProducerPaused(this.#producerId, muted);
  }

  leave(): void {
    this.#closeMedia();
    this.#joined.participation.leave();
  }

  #wire(direction: Direction, transport: Transport): void {
    this.#transports.set(direction, transport);
    transport.on('connect', ({ dtlsParameters }, done, fail) => {
      this.#joined.participation
        .connectTransport(TransportId.parse(transport.id), DtlsParameters.parse(dtlsParameters))
        .then(done, fail);
    });
  }

  #closeMedia(): void {
    clearInterval(this.#tone);
    for (const sink of this.#sinks.values()) sink.stop();
    this.#sinks.clear();
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
  }
}
