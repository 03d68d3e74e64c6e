import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createWorker } from 'mediasoup';
import type { WebRtcServer, Worker } from 'mediasoup/types';
import { StartError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Census } from './census.ts';
import type { ListenAddress } from './listen-address.ts';
import { workerBinary } from './worker/location.ts';

const RESTART_DELAY_MS = 500;
/** Below the ports Linux hands out by itself. */
const ANY_PORT = { min: 20_000, max: 32_000 };
const CLOSE_TIMEOUT_MS = 2_000;
const PORT_ATTEMPTS = 16;

/** One worker process with the server its WebRTC transports share. */
export interface MediaWorker {
  readonly worker: Worker;
  readonly webRtcServer: WebRtcServer;
  /** Routers on this worker, with what to call when it dies. */
  readonly routers: Set<() => void>;
}

export interface WorkerPoolOptions {
  /** 0: one for each core. */
  readonly workers: number;
  /** Port of the first worker; 0: any. */
  readonly port: number;
  readonly address: ListenAddress;
  readonly log: Logger;
}

/** Keeps a fixed number of media workers running. A worker that dies is replaced. */
export class WorkerPool {
  readonly census = new Census();
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Map<number, MediaWorker>();
  readonly #waiting = new Set<PromiseWithResolvers<MediaWorker>>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #closed = false;
  deaths = 0;

  private constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Rejects with a StartError when a worker cannot run or its port is taken. */
  static async create(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    const count = options.workers === 0 ? availableParallelism() : options.workers;
    try {
      await Promise.all(Array.from({ length: count }, (_, index) => pool.#start(index)));
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /** The worker with the fewest routers; waits while none is running. */
  async leastLoaded(): Promise<MediaWorker> {
    const [best] = [...this.#workers.values()].sort((a, b) => a.routers.size - b.routers.size);
    if (best) return best;
    const waiter = Promise.withResolvers<MediaWorker>();
    this.#waiting.add(waiter);
    return waiter.promise;
  }

  /** Resolves when every worker process has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const waiter of this.#waiting) waiter.reject(new Error('the worker pool is closed'));
    this.#waiting.clear();
    const workers = [...this.#workers.values()];
    this.#workers.clear();
    await Promise.all(workers.map(({ worker }) => closeWorker(worker)));
  }

  async #start(index: number): Promise<void> {
    const worker = await this.#spawn();
    const entry = {
      worker,
      webRtcServer: await this.#listen(worker, index),
      routers: new Set<() => void>(),
    };
    if (this.#closed) {
      worker.close();
      return;
    }
    this.census.watch(worker);
    worker.on('died', () => {
      this.#replace(index, entry);
    });
    this.#workers.set(index, entry);
    for (const waiter of this.#waiting) waiter.resolve(entry);
    this.#waiting.clear();
  }

  async #spawn(): Promise<Worker> {
    const workerBin = workerBinary();
    try {
      return await createWorker({ logLevel: 'warn', ...(workerBin && { workerBin }) });
    } catch (cause) {
      throw new StartError(
        `The media worker does not start (${workerBin ?? 'mediasoup’s own binary'}). ` +
          'Run "npm start", which builds it when it is missing.',
        { cause },
      );
    }
  }

  /** One port for UDP and TCP: the worker's own, or with port 0 one that is found free. */
  async #listen(worker: Worker, index: number): Promise<WebRtcServer> {
    const { address, port } = this.#options;
    const ports =
      port === 0
        ? Array.from({ length: PORT_ATTEMPTS }, () => randomInt(ANY_PORT.min, ANY_PORT.max))
        : [port + index];
    let failure: unknown;
    for (const candidate of ports) {
      try {
        const listen = { ...address, port: candidate };
        return await worker.createWebRtcServer({
          listenInfos: [
            { ...listen, protocol: 'udp' },
            { ...listen, protocol: 'tcp' },
          ],
        });
      } catch (error) {
        failure = error;
      }
    }
    worker.close();
    throw new StartError(
      `Port ${ports.at(-1) ?? port} for media (UDP and TCP) on ${address.ip} cannot be used. ` +
        'Stop the program that holds it, or set PARLEY_RTC_PORT to another port.',
      { cause: failure },
    );
  }

  #replace(index: number, entry: MediaWorker): void {
    this.deaths += 1;
    this.#workers.delete(index);
    if (this.#closed) return;
    this.#options.log.error({ pid: entry.worker.pid }, 'a media worker died and is replaced');
    this.#restartLater(index);
    for (const lost of [...entry.routers]) lost();
    entry.routers.clear();
  }

  #restartLater(index: number): void {
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#start(index).catch((error: unknown) => {
        if (this.#closed) return;
        this.#options.log.error({ err: error }, 'a media worker could not be replaced');
        this.#restartLater(index);
      });
    }, RESTART_DELAY_MS);
    this.#restarts.add(timer);
  }
}

/** A worker leaves by itself when told; one that does not is ended by force. */
async function closeWorker(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (worker.subprocessClosed) resolve();
    else worker.once('subprocessclose', resolve);
  });
  worker.close();
  const force = setTimeout(() => {
    if (!worker.subprocessClosed) process.kill(worker.pid, 'SIGKILL');
  }, CLOSE_TIMEOUT_MS);
  await ended;
  clearTimeout(force);
}
