import { RequestError } from '../errors.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { TransportInfo } from '../protocol/requests.ts';
import type { Sfu, SfuRouter } from './ports.ts';

/** Long enough for a relay over TCP, the slowest way there is. */
const PATIENCE_MS = 15_000;

export interface ProbesOptions {
  readonly sfu: Sfu;
  readonly iceServers: (peerId: PeerId) => readonly IceServer[];
  /** Probes open at once, in all and by one address. */
  readonly limits: { readonly probes: number; readonly probesPerAddress: number };
}

/** One open transport that carries no media. */
export interface Probe {
  readonly info: TransportInfo;
  /** Idempotent; by itself after 15 s. */
  close(): void;
}

/** Who tries their way. */
export interface Prober {
  readonly peerId: PeerId;
  /** Where they come from. */
  readonly address: string;
}

/**
 * Transports for those at the door who want to know whether they can reach the SFU, before they are
 * in a meeting. They live on a router of their own, which is there while anyone tries.
 */
export class Probes {
  readonly #options: ProbesOptions;
  /** Of each that is open, or about to be: where its owner comes from. */
  readonly #open = new Map<symbol, string>();
  #router: Promise<SfuRouter> | undefined;
  #opened = 0;
  #refused = 0;

  constructor(options: ProbesOptions) {
    this.#options = options;
  }

  /** Since the start. */
  get counts(): Readonly<Record<'opened' | 'refused', number>> {
    return { opened: this.#opened, refused: this.#refused };
  }

  get open(): number {
    return this.#open.size;
  }

  /**
   * Rejects with a RequestError: 'rateLimited' when this address has too many, 'unavailable' when
   * everyone together has, or when no worker is there.
   */
  async begin({ peerId, address }: Prober): Promise<Probe> {
    this.#requirePlace(address);
    const place = Symbol('probe');
    this.#open.set(place, address);
    try {
      const router = await this.#currentRouter();
      const transport = await router.createWebRtcTransport(() => {
        close();
      });
      const timer = setTimeout(() => {
        close();
      }, PATIENCE_MS);
      const close = (): void => {
        clearTimeout(timer);
        transport.close();
        this.#leave(place);
      };
      this.#opened += 1;
      return { info: { ...transport.info, iceServers: this.#options.iceServers(peerId) }, close };
    } catch (error) {
      this.#leave(place);
      throw error;
    }
  }

  #requirePlace(address: string): void {
    const { probes, probesPerAddress } = this.#options.limits;
    const here = [...this.#open.values()].filter((other) => other === address).length;
    if (this.#open.size < probes && here < probesPerAddress) return;
    this.#refused += 1;
    throw here >= probesPerAddress
      ? new RequestError('rateLimited', 'too many try their way from this address')
      : new RequestError('unavailable', 'too many try their way to this server');
  }

  #leave(place: symbol): void {
    if (!this.#open.delete(place) || this.#open.size > 0) return;
    const router = this.#router;
    this.#router = undefined;
    router?.then(
      (idle) => {
        idle.close();
      },
      () => undefined,
    );
  }

  #currentRouter(): Promise<SfuRouter> {
    if (this.#router) return this.#router;
    const forget = (): void => {
      if (this.#router === opening) this.#router = undefined;
    };
    const opening = this.#options.sfu.createRouter({ onLost: forget, onLevels: () => undefined });
    opening.catch(forget);
    this.#router = opening;
    return opening;
  }
}
