import type { Transport, Worker } from 'mediasoup/types';

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
    transport.observer.on('newproducer', (producer) => {
      this.#count('producers', producer);
    });
    transport.observer.on('newconsumer', (consumer) => {
      this.#count('consumers', consumer);
    });
  }

  #count(kind: keyof SfuCensus, object: Observed): void {
    this.#counts[kind] += 1;
    object.observer.once('close', () => {
      this.#counts[kind] -= 1;
    });
  }
}
