import type { DtlsParameters, DtlsState, IceState, TransportTuple } from 'mediasoup/types';

/** What the packets of a browser go over; `none` until its way was found. */
export type Protocol = 'udp' | 'tcp' | 'none';

/**
 * How a browser failed to be reached: its way was never found, was lost until ICE gave up, or it was
 * found and the DTLS handshake over it failed.
 */
export type Failure = 'unreachable' | 'lost' | 'handshake';

/** The parts of mediasoup's WebRtcTransport that tell of it. */
export interface WayTransport {
  readonly iceState: IceState;
  readonly iceSelectedTuple: TransportTuple | undefined;
  /** The role is `auto` until the browser has asked to be connected. */
  readonly dtlsParameters: DtlsParameters;
  readonly observer: {
    on(event: 'icestatechange', listener: (state: IceState) => void): unknown;
    on(event: 'dtlsstatechange', listener: (state: DtlsState) => void): unknown;
    once(event: 'close', listener: () => void): unknown;
  };
}

/** Follows one browser's way to the SFU and tells how it fails. */
export class WayThere {
  readonly #transport: WayTransport;
  #found = false;

  constructor(transport: WayTransport, onFailure: (failure: Failure) => void) {
    this.#transport = transport;
    transport.observer.on('icestatechange', (state) => {
      if (state === 'connected' || state === 'completed') this.#found = true;
      if (state === 'disconnected') onFailure('lost');
    });
    transport.observer.on('dtlsstatechange', (state) => {
      if (state === 'failed') onFailure('handshake');
    });
    transport.observer.once('close', () => {
      const wasAsked = transport.dtlsParameters.role !== 'auto';
      if (wasAsked && !this.#found) onFailure('unreachable');
    });
  }

  get protocol(): Protocol {
    return this.#transport.iceSelectedTuple?.protocol ?? 'none';
  }
}
