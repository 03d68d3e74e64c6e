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
import { WorkerPool } from './worker-pool.ts';
import type { MediaWorker } from './worker-pool.ts';

export interface MediasoupSfuOptions {
  /** 0: one for each core. */
  readonly workers: number;
  readonly port: number;
  readonly address: ListenAddress;
  readonly log: Logger;
}

/** The SFU on mediasoup workers. Owns the pool; rooms own their routers. */
export class MediasoupSfu implements Sfu {
  readonly #pool: WorkerPool;

  private constructor(pool: WorkerPool) {
    this.#pool = pool;
  }

  /** Rejects with a StartError when a worker cannot run or its port is taken. */
  static async create(options: MediasoupSfuOptions): Promise<MediasoupSfu> {
    return new MediasoupSfu(await WorkerPool.create(options));
  }

  get rtpCapabilities(): RtpCapabilities {
    return routerRtpCapabilities;
  }

  get census(): SfuCensus {
    return this.#pool.census.counts;
  }

  /** Workers that died since the start. */
  get workerDeaths(): number {
    return this.#pool.deaths;
  }

  async createRouter(events: RouterEvents): Promise<SfuRouter> {
    return guarded(async () => MediasoupRouter.create(await this.#pool.leastLoaded(), events));
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

  private constructor(
    host: MediaWorker,
    router: Router,
    levels: AudioLevelObserver,
    lost: () => void,
  ) {
    this.#host = host;
    this.#router = router;
    this.#levels = levels;
    this.#lost = lost;
  }

  static async create(host: MediaWorker, events: RouterEvents): Promise<MediasoupRouter> {
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
      return new MediasoupRouter(host, router, levels, lost);
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
