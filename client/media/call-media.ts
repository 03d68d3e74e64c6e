import type { Device, types } from 'mediasoup-client';
import type { NewConsumer } from '../../server/protocol/events.ts';
import type { ConsumerId, ProducerId } from '../../server/protocol/ids.ts';
import type { HeldMedia } from '../../server/protocol/requests.ts';
import type { RtpCapabilities } from '../../server/protocol/rtp.ts';
import { CallError } from '../messages.ts';
import type { Signaling } from '../signaling.ts';
import { Link } from './link.ts';
import type { Blockage } from './connection-quality.ts';
import type { RemoteTrack } from './playout.ts';
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

/**
 * Twice the bit rate of a browser's default for speech: people hardly hear the difference, but the
 * recogniser does (docs/benchmarks.md). Silence costs next to nothing, thanks to DTX.
 */
const MICROPHONE_CODING = {
  opusFec: true,
  opusDtx: true,
  opusStereo: false,
  opusMaxAverageBitrate: 64_000,
} as const;

/** Both transports of one call, the microphone on one and everyone's tracks on the other. */
export class CallMedia {
  readonly #options: CallMediaOptions;
  readonly #recv = Promise.withResolvers<Link>();
  readonly #consumers = new Map<ConsumerId, Promise<types.Consumer>>();
  #links: readonly Link[] = [];
  #send: types.Transport | undefined;
  #producer: types.Producer | undefined;
  #producerId: ProducerId | undefined;
  #muted = false;
  #sending: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: CallMediaOptions) {
    this.#options = options;
    // Nobody may be waiting when the call ends before it was built.
    this.#recv.promise.catch(() => undefined);
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
      Link.toSend(options, (producerId) => {
        this.#producerId = producerId;
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
    const sends = this.#producerId === undefined ? [] : [this.#producerId];
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
    this.#muted = muted;
    return this.#inOrder(() => this.#changeMicrophone(track));
  }

  /** Muting takes effect here at once, then on the server. */
  setMuted(muted: boolean): Promise<void> {
    this.#muted = muted;
    if (muted) this.#producer?.pause();
    return this.#inOrder(() => this.#changeMuted(muted));
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
    this.#producer = undefined;
    this.#closeTransports();
  }

  #closeTransports(): void {
    for (const { transport } of this.#links) transport.close();
    this.#links = [];
  }

  /** Changes of what is sent take effect in the order they were asked for. */
  #inOrder(change: () => Promise<void>): Promise<void> {
    const done = this.#sending.then(change);
    this.#sending = done.catch(() => undefined);
    return done;
  }

  async #changeMicrophone(track: MediaStreamTrack | undefined): Promise<void> {
    if (this.#send === undefined || this.#closed) return;
    if (track === undefined) {
      await this.#stopSending();
    } else if (this.#producer === undefined) {
      this.#producer = await this.#send.produce({
        track,
        codecOptions: MICROPHONE_CODING,
        stopTracks: false,
        disableTrackOnPause: false,
        zeroRtpOnPause: true,
        appData: { muted: this.#muted },
      });
      // The server has it paused from the start; nothing is to leave this machine either.
      if (this.#muted) this.#producer.pause();
    } else if (this.#producer.track !== track) {
      await this.#producer.replaceTrack({ track });
    }
  }

  async #changeMuted(muted: boolean): Promise<void> {
    const producerId = this.#producerId;
    if (producerId === undefined) return;
    const { signaling } = this.#options;
    await signaling.request(muted ? 'pauseProducer' : 'resumeProducer', { producerId });
    if (!this.#muted) this.#producer?.resume();
  }

  async #stopSending(): Promise<void> {
    const producerId = this.#producerId;
    this.#producer?.close();
    this.#producer = undefined;
    this.#producerId = undefined;
    if (producerId !== undefined) {
      await this.#options.signaling.request('closeProducer', { producerId });
    }
  }
}
