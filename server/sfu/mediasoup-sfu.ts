import type { AudioLevelObserver, AudioLevelObserverVolume, Router } from 'mediasoup/types';
import type { MediaPorts } from '../../media/messages.ts';
import type { Logger } from '../log.ts';
import { ProducerId } from '../protocol/ids.ts';
import type { RtpCapabilities } from '../protocol/rtp.ts';
import type { SfuCensus } from './census.ts';
import { routerCodecs, routerRtpCapabilities } from './codecs.ts';
import { guarded } from './guard.ts';
import type { ListenAddress } from './listen-address.ts';
import { PlainMediaLink } from './media-link.ts';
import type {
  MediaLink,
  RouterEvents,
  Sfu,
  SfuRouter,
  SfuTransport,
  SpeakerLevel,
} from './ports.ts';
import { BrowserTransport } from './webrtc-transport.ts';
import type { MediaWorker } from './media-worker.ts';
import type { Failure, Protocol } from './way-there.ts';
import { WorkerPool } from './worker-pool.ts';

export interface MediasoupSfuOptions {
  /** 0: one for each core. */
  readonly workers: number;
  readonly port: number;
  readonly addresses: readonly ListenAddress[];
  /** Tracks that one worker sends; beyond it, it takes no new meetings. */
  readonly maxConsumersPerWorker: number;
  /** Bits per second that a browser is asked not to exceed. */
  readonly maxIncomingBitrate: number;
  readonly log: Logger;
}

/** The SFU on mediasoup workers. Owns the pool; rooms own their routers. */
export class MediasoupSfu implements Sfu {
  readonly #pool: WorkerPool;
  readonly #maxIncomingBitrate: number;

  private constructor(pool: WorkerPool, maxIncomingBitrate: number) {
    this.#pool = pool;
    this.#maxIncomingBitrate = maxIncomingBitrate;
  }

  /** Rejects with a StartError when a worker cannot run or its port is taken. */
  static async create(options: MediasoupSfuOptions): Promise<MediasoupSfu> {
    const { maxConsumersPerWorker: maxConsumers, maxIncomingBitrate } = options;
    const pool = await WorkerPool.create({ ...options, maxConsumers });
    return new MediasoupSfu(pool, maxIncomingBitrate);
  }

  get rtpCapabilities(): RtpCapabilities {
    return routerRtpCapabilities;
  }

  get census(): SfuCensus {
    return this.#pool.census.counts;
  }

  /** Browsers' transports that are open, by what they go over. */
  get ways(): Readonly<Record<Protocol, number>> {
    return this.#pool.census.ways;
  }

  /** Browsers that could not be reached, since the start. */
  get wayFailures(): Readonly<Record<Failure, number>> {
    return this.#pool.census.failures;
  }

  /** Workers that died since the start, those included that hung. */
  get workerDeaths(): number {
    return this.#pool.deaths;
  }

  /** Workers that were killed since the start because they no longer answered. */
  get workerHangs(): number {
    return this.#pool.hangs;
  }

  async createRouter(events: RouterEvents): Promise<SfuRouter> {
    return guarded(async () => {
      const host = await this.#pool.leastLoaded();
      return MediasoupRouter.create(host, {
        ...events,
        maxIncomingBitrate: this.#maxIncomingBitrate,
      });
    });
  }

  /** Resolves when every worker process has ended. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}

/** Loudness below which nobody counts as speaking, dBov. */
const SILENCE_DBOV = -60;
const LEVEL_INTERVAL_MS = 200;
const LEVEL_ENTRIES = 8;

class MediasoupRouter implements SfuRouter {
  readonly #host: MediaWorker;
  readonly #router: Router;
  readonly #levels: AudioLevelObserver;
  readonly #lost: () => void;
  readonly #maxIncomingBitrate: number;

  private constructor(
    host: MediaWorker,
    router: Router,
    levels: AudioLevelObserver,
    { lost, maxIncomingBitrate }: { lost: () => void; maxIncomingBitrate: number },
  ) {
    this.#host = host;
    this.#router = router;
    this.#levels = levels;
    this.#lost = lost;
    this.#maxIncomingBitrate = maxIncomingBitrate;
  }

  static async create(
    host: MediaWorker,
    { maxIncomingBitrate, ...events }: RouterEvents & { readonly maxIncomingBitrate: number },
  ): Promise<MediasoupRouter> {
    const lost = () => {
      events.onLost();
    };
    host.routers.add(lost);
    try {
      const router = await host.worker.createRouter({ mediaCodecs: routerCodecs });
      const levels = await router.createAudioLevelObserver({
        maxEntries: LEVEL_ENTRIES,
        threshold: SILENCE_DBOV,
        interval: LEVEL_INTERVAL_MS,
      });
      levels.on('volumes', (volumes) => {
        events.onLevels(volumes.map(level));
      });
      levels.on('silence', () => {
        events.onLevels([]);
      });
      return new MediasoupRouter(host, router, levels, { lost, maxIncomingBitrate });
    } catch (error) {
      host.routers.delete(lost);
      throw error;
    }
  }

  async createWebRtcTransport(onClosed: () => void): Promise<SfuTransport> {
    return guarded(async () => {
      const transport = await this.#router.createWebRtcTransport({
        webRtcServer: this.#host.webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
      });
      await transport.setMaxIncomingBitrate(this.#maxIncomingBitrate);
      return new BrowserTransport(transport, { levels: this.#levels, onClosed });
    });
  }

  async openMediaLink(ports: MediaPorts): Promise<MediaLink> {
    return guarded(() => PlainMediaLink.create(this.#router, ports));
  }

  close(): void {
    this.#host.routers.delete(this.#lost);
    this.#router.close();
  }
}

function level({ producer, volume }: AudioLevelObserverVolume): SpeakerLevel {
  return { producerId: ProducerId.parse(producer.id), level: 1 - volume / SILENCE_DBOV };
}
