import type { Device, types } from 'mediasoup-client';
import type { IceServer } from '../../server/protocol/ice.ts';
import type { ProducerId, TransportId } from '../../server/protocol/ids.ts';
import type { TransportInfo } from '../../server/protocol/requests.ts';
import type { Source } from '../../server/protocol/sources.ts';
import type { Signaling } from '../signaling.ts';
import type { Blockage } from './connection-quality.ts';
import { parametersToWire } from './wire-rtp.ts';

export interface LinkOptions {
  readonly signaling: Signaling;
  readonly device: Device;
  /** Send and receive through a relay only. */
  readonly relayOnly: boolean;
  readonly onStateChange: () => void;
}

/** One of the two connections of a call to the SFU: the one that sends or the one that receives. */
export class Link {
  readonly id: TransportId;
  readonly transport: types.Transport;
  readonly #signaling: Signaling;
  /** Since when it has been trying to connect for the first time; undefined before and after. */
  #tryingSince: number | undefined;
  /** A relay has refused us. */
  #relayRefused = false;

  private constructor(
    { id }: TransportInfo,
    transport: types.Transport,
    { signaling, onStateChange }: LinkOptions,
  ) {
    this.id = id;
    this.transport = transport;
    this.#signaling = signaling;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.#tryingSince = performance.now();
      signaling
        .request('connectWebRtcTransport', { transportId: id, dtlsParameters })
        .then(done, failed);
    });
    transport.on('icecandidateerror', ({ errorCode }) => {
      // 4xx are answers of the relay (RFC 8656); 701 is that none was reached.
      if (errorCode >= 400 && errorCode < 500) this.#relayRefused = true;
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') this.#tryingSince = undefined;
      onStateChange();
    });
  }

  /** What this page sends goes this way. `onProducing` is told the server's name for each track. */
  static async toSend(
    options: LinkOptions,
    onProducing: (source: Source, producerId: ProducerId) => void,
  ): Promise<Link> {
    const { signaling, device } = options;
    const answer = await signaling.request('createWebRtcTransport', { direction: 'send' });
    const transport = device.createSendTransport(settings(answer, options));
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const source = sourceOf(appData['source']);
      signaling
        .request('produce', {
          transportId: answer.id,
          kind,
          source,
          rtpParameters: parametersToWire(rtpParameters),
          paused: appData['muted'] === true,
        })
        .then(({ producerId }) => {
          onProducing(source, producerId);
          done({ id: producerId });
        }, failed);
    });
    return new Link(answer, transport, options);
  }

  /** Everyone's tracks come this way. */
  static async toReceive(options: LinkOptions): Promise<Link> {
    const { signaling, device } = options;
    const answer = await signaling.request('createWebRtcTransport', { direction: 'recv' });
    return new Link(answer, device.createRecvTransport(settings(answer, options)), options);
  }

  /** What stands in the way when it has not connected within `patienceMs`. */
  blockage(now: number, patienceMs: number): Blockage | undefined {
    if (this.#tryingSince === undefined || now - this.#tryingSince < patienceMs) return undefined;
    return this.#relayRefused ? 'relay' : 'network';
  }

  /** New ICE credentials, for the relays too. */
  async restartIce(): Promise<void> {
    const { iceParameters, iceServers } = await this.#signaling.request('restartIce', {
      transportId: this.id,
    });
    await this.transport.updateIceServers({ iceServers: iceServers.map(relay) });
    await this.transport.restartIce({ iceParameters });
  }
}

/** What SentTrack gave along. */
function sourceOf(value: unknown): Source {
  return value === 'tab' || value === 'camera' || value === 'screen' ? value : 'microphone';
}

function settings(answer: TransportInfo, { relayOnly }: LinkOptions) {
  return {
    id: answer.id,
    iceParameters: answer.iceParameters,
    iceCandidates: [...answer.iceCandidates],
    dtlsParameters: answer.dtlsParameters,
    iceServers: answer.iceServers.map(relay),
    iceTransportPolicy: relayOnly ? ('relay' as const) : ('all' as const),
  };
}

function relay({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls: [...urls], username, credential };
}
