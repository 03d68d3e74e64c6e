import type { Device, types } from 'mediasoup-client';
import type { NewConsumer } from '../../server/protocol/events.ts';
import type { ConsumerId } from '../../server/protocol/ids.ts';
import type { HeldMedia } from '../../server/protocol/requests.ts';
import type { RtpCapabilities } from '../../server/protocol/rtp.ts';
import type { PictureSource, Source } from '../../server/protocol/sources.ts';
import { CallError } from '../messages.ts';
import type { Signaling } from '../signaling.ts';
import { Link } from './link.ts';
import type { Blockage } from './connection-quality.ts';
import type { RemoteTrack } from './playout.ts';
import { SentTrack } from './sent-track.ts';
import { capabilitiesFromWire, capabilitiesToWire, parametersFromWire } from './wire-rtp.ts';

export interface CallMediaOptions {
  readonly signaling: Signaling;
  /** Send and receive through a relay only. */
  readonly relayOnly: boolean;
  readonly onTrack: (track: RemoteTrack) => void;
  readonly onTrackGone: (consumerId: ConsumerId) => void;
  readonly onStateChange: () => void;
}

/** The largest part of the pages, loaded while the first words are exchanged with the server. */
export const mediasoupClient = () => import('mediasoup-client');

/** Answers to what this browser can receive, and a device that has loaded it. */
export async function loadDevice(capabilities: RtpCapabilities): Promise<Device> {
  try {
    const { Device } = await mediasoupClient();
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: capabilitiesFromWire(capabilities) });
    return device;
  } catch (error) {
    throw new CallError('unsupported', String(error));
  }
}

export function receivable(device: Device): RtpCapabilities {
  return capabilitiesToWire(device.recvRtpCapabilities);
}

/** Both transports of one call: what this page sends on one and everyone's tracks on the other. */
export class CallMedia {
  readonly #options: CallMediaOptions;
  readonly #recv = Promise.withResolvers<Link>();
  readonly #consumers = new Map<ConsumerId, Promise<types.Consumer>>();
  #links: readonly Link[] = [];
  #send: types.Transport | undefined;
  readonly #sent: Readonly<Record<Source, SentTrack>>;
  #closed = false;

  constructor(options: CallMediaOptions) {
    this.#options = options;
    // Nobody may be waiting when the call ends before it was built.
    this.#recv.promise.catch(() => undefined);
    const { signaling } = options;
    const transport = () => (this.#closed ? undefined : this.#send);
    this.#sent = {
      microphone: new SentTrack({ source: 'microphone', signaling, transport }),
      tab: new SentTrack({ source: 'tab', signaling, transport }),
      camera: new SentTrack({ source: 'camera', signaling, transport }),
      screen: new SentTrack({ source: 'screen', signaling, transport }),
    };
  }

  /** Builds both transports. To be called once; tracks announced earlier wait for it. */
  async open(device: Device): Promise<void> {
    const { signaling, relayOnly, onStateChange } = this.#options;
    const options = {
      ...{ signaling, device, relayOnly },
      onStateChange: () => {
        if (!this.#closed) onStateChange();
      },
    };
    const [send, recv] = await Promise.all([
      Link.toSend(options, (source, producerId) => {
        this.#sent[source].taken(producerId);
      }),
      Link.toReceive(options),
    ]);
    this.#links = [send, recv];
    if (this.#closed) {
      this.#closeTransports();
      return;
    }
    this.#send = send.transport;
    this.#recv.resolve(recv);
  }

  get connectionStates(): readonly types.ConnectionState[] {
    return this.#links.map(({ transport }) => transport.connectionState);
  }

  /** Whether the server still has all of this. */
  isHeld({ transports, producers }: HeldMedia): boolean {
    const sends = Object.values(this.#sent).flatMap(({ id }) => (id === undefined ? [] : [id]));
    return (
      this.#links.length > 0 &&
      this.#links.every(({ id }) => transports.includes(id)) &&
      sends.every((id) => producers.includes(id))
    );
  }

  /** Lets go of the tracks that have ended while the connection was lost. */
  keepOnly(consumers: readonly ConsumerId[]): void {
    for (const consumerId of [...this.#consumers.keys()]) {
      if (!consumers.includes(consumerId)) {
        this.stopConsuming(consumerId).catch(() => undefined);
      }
    }
  }

  /** What stands in the way when a connection was not made within `patienceMs`. */
  blockage(now: number, patienceMs: number): Blockage | undefined {
    const found = this.#links.map((link) => link.blockage(now, patienceMs));
    return found.find((blockage) => blockage === 'relay') ?? found.find(Boolean);
  }

  /** Receives an announced track; resolves when it is attached, or gone already. */
  async consume(announced: NewConsumer): Promise<void> {
    const { consumerId, producerId, kind, peerId, track, rtpParameters } = announced;
    const before = this.#consumers.get(consumerId);
    if (before !== undefined) {
      await before;
      return;
    }
    const creating = this.#recv.promise.then(({ transport }) =>
      transport.consume({
        id: consumerId,
        producerId,
        kind,
        // One stream per track: the browser must not delay a translation to match its original.
        streamId: consumerId,
        rtpParameters: parametersFromWire(rtpParameters),
      }),
    );
    this.#consumers.set(consumerId, creating);
    const consumer = await creating;
    if (this.#consumers.get(consumerId) !== creating || this.#closed) {
      consumer.close();
      return;
    }
    this.#options.onTrack({ consumerId, peerId, kind: track, track: consumer.track });
  }

  async stopConsuming(consumerId: ConsumerId): Promise<void> {
    const consumer = this.#consumers.get(consumerId);
    this.#consumers.delete(consumerId);
    this.#options.onTrackGone(consumerId);
    (await consumer)?.close();
  }

  /** Sends this microphone from now on, or none. */
  sendMicrophone(track: MediaStreamTrack | undefined, muted: boolean): Promise<void> {
    return this.#sent.microphone.send(track, muted);
  }

  /** Sends this sound of a tab from now on, or none. */
  sendTab(track: MediaStreamTrack | undefined): Promise<void> {
    return this.#sent.tab.send(track, false);
  }

  /** Sends this picture from now on, or none. */
  sendPicture(source: PictureSource, track: MediaStreamTrack | undefined): Promise<void> {
    return this.#sent[source].send(track, false);
  }

  /** Of the microphone. Here at once, then on the server. */
  setMuted(muted: boolean): Promise<void> {
    return this.#sent.microphone.setMuted(muted);
  }

  /** New ICE credentials for both connections; what still flows goes on flowing meanwhile. */
  async restartIce(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.restartIce()));
  }

  /** Statistics of both connections. */
  async statistics(): Promise<readonly RTCStatsReport[]> {
    return Promise.all(this.#links.map(({ transport }) => transport.getStats()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#recv.reject(new CallError('notJoined', 'the call has ended'));
    for (const [consumerId, consumer] of this.#consumers) {
      consumer.catch(() => undefined);
      this.#options.onTrackGone(consumerId);
    }
    this.#consumers.clear();
    for (const sent of Object.values(this.#sent)) sent.forget();
    this.#closeTransports();
  }

  #closeTransports(): void {
    for (const { transport } of this.#links) transport.close();
    this.#links = [];
  }
}
