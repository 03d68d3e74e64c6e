import { availableParallelism } from 'node:os';
import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Census } from './census.ts';
import type { ListenAddress } from './listen-address.ts';
import type { MediaWorker } from './media-worker.ts';
import { WorkerSlot } from './worker-slot.ts';

export interface WorkerPoolOptions {
  /** 0: one for each core. */
  readonly workers: number;
  /** Port of the first worker; 0: any. */
  readonly port: number;
  readonly addresses: readonly ListenAddress[];
  /** Tracks that one worker sends; beyond it, it takes no new meetings. */
  readonly maxConsumers: number;
  readonly log: Logger;
}

/** A fixed number of media workers, and which of them takes the next router. */
export class WorkerPool {
  readonly census = new Census();
  readonly #maxConsumers: number;
  readonly #slots: readonly WorkerSlot[];
  readonly #waiting = new Set<PromiseWithResolvers<MediaWorker>>();

  private constructor({ workers, port, addresses, maxConsumers, log }: WorkerPoolOptions) {
    const count = workers === 0 ? availableParallelism() : workers;
    const onUp = (worker: MediaWorker) => {
      this.#welcome(worker);
    };
    const slot = (index: number) =>
      new WorkerSlot({ addresses, port: port === 0 ? 0 : port + index, onUp, log });
    this.#maxConsumers = maxConsumers;
    this.#slots = Array.from({ length: count }, (_, index) => slot(index));
  }

  /** Rejects with a StartError when a worker cannot run or its port is taken. */
  static async create(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    try {
      await Promise.all(pool.#slots.map((slot) => slot.start()));
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /** Workers that died since the start, those included that hung. */
  get deaths(): number {
    return this.#slots.reduce((sum, { deaths }) => sum + deaths, 0);
  }

  /** Workers that were killed since the start because they no longer answered. */
  get hangs(): number {
    return this.#slots.reduce((sum, { hangs }) => sum + hangs, 0);
  }

  /**
   * The worker with the fewest routers, of those that answer if any do; waits while none runs.
   * Rejects with a RequestError 'serverFull' when all send as many tracks as they may.
   */
  async leastLoaded(): Promise<MediaWorker> {
    const running = this.#slots.flatMap(({ worker, doubtful }) =>
      worker ? [{ worker, doubtful }] : [],
    );
    const [best] = running.sort(
      (a, b) =>
        Number(a.doubtful) - Number(b.doubtful) || a.worker.routers.size - b.worker.routers.size,
    );
    if (
      best &&
      running.every(({ worker }) => worker.census.counts.consumers >= this.#maxConsumers)
    ) {
      throw new RequestError('serverFull', 'the media workers send as much as they can');
    }
    if (best) return best.worker;
    const waiter = Promise.withResolvers<MediaWorker>();
    this.#waiting.add(waiter);
    return waiter.promise;
  }

  /** Resolves when every worker process has ended. */
  async close(): Promise<void> {
    for (const waiter of this.#waiting) waiter.reject(new Error('the worker pool is closed'));
    this.#waiting.clear();
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #welcome(host: MediaWorker): void {
    this.census.watch(host.worker);
    for (const waiter of this.#waiting) waiter.resolve(host);
    this.#waiting.clear();
  }
}
