import type { Transport, WebRtcTransport, Worker } from 'mediasoup/types';
import { WayThere } from './way-there.ts';
import type { Failure, Protocol } from './way-there.ts';

/** How many media objects are open. Everything but workers must be 0 when nobody is in a call. */
export interface SfuCensus {
  readonly workers: number;
  readonly routers: number;
  readonly webRtcTransports: number;
  readonly plainTransports: number;
  readonly producers: number;
  readonly consumers: number;
}

interface Observed {
  readonly observer: { once(event: 'close', listener: () => void): unknown };
}

/** Counts what mediasoup itself says is open, so that a leak of ours cannot hide from it. */
export class Census {
  readonly #ways = new Set<WayThere>();
  readonly #failures: Record<Failure, number> = { unreachable: 0, lost: 0, handshake: 0 };
  readonly #counts = {
    workers: 0,
    routers: 0,
    webRtcTransports: 0,
    plainTransports: 0,
    producers: 0,
    consumers: 0,
  };

  get counts(): SfuCensus {
    return { ...this.#counts };
  }

  /** Browsers' transports that are open, by what they go over. */
  get ways(): Readonly<Record<Protocol, number>> {
    const ways = { udp: 0, tcp: 0, none: 0 };
    for (const { protocol } of this.#ways) ways[protocol] += 1;
    return ways;
  }

  /** Browsers that could not be reached, since the start. */
  get failures(): Readonly<Record<Failure, number>> {
    return { ...this.#failures };
  }

  watch(worker: Worker): void {
    this.#count('workers', worker);
    worker.observer.on('newrouter', (router) => {
      this.#count('routers', router);
      router.observer.on('newtransport', (transport) => {
        this.#watchTransport(transport);
      });
    });
  }

  #watchTransport(transport: Transport): void {
    this.#count(transport.type === 'plain' ? 'plainTransports' : 'webRtcTransports', transport);
    if (isWebRtc(transport)) this.#watchWay(transport);
    transport.observer.on('newproducer', (producer) => {
      this.#count('producers', producer);
    });
    transport.observer.on('newconsumer', (consumer) => {
      this.#count('consumers', consumer);
    });
  }

  #watchWay(transport: WebRtcTransport): void {
    const way = new WayThere(transport, (failure) => {
      this.#failures[failure] += 1;
    });
    this.#ways.add(way);
    transport.observer.once('close', () => {
      this.#ways.delete(way);
    });
  }

  #count(kind: keyof SfuCensus, object: Observed): void {
    this.#counts[kind] += 1;
    object.observer.once('close', () => {
      this.#counts[kind] -= 1;
    });
  }
}

function isWebRtc(transport: Transport): transport is WebRtcTransport {
  return transport.type === 'webrtc';
}
