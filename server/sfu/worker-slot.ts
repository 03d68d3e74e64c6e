import { Backoff } from '../backoff.ts';
import { Heartbeat } from '../heartbeat.ts';
import type { Logger } from '../log.ts';
import { closeWorker, killWorker, startWorker } from './media-worker.ts';
import type { MediaWorker, MediaWorkerOptions } from './media-worker.ts';

/**
 * A worker handles one small message after another and runs before the models, so that it is never
 * busy for long: shorter than for the other processes, because sound stands still meanwhile.
 */
const HUNG_AFTER_MS = 2_000;

export interface WorkerSlotOptions extends MediaWorkerOptions {
  /** A worker runs and listens; told before anything is made on it. */
  readonly onUp: (worker: MediaWorker) => void;
  readonly log: Logger;
}

/** Keeps one media worker running. One that dies or hangs is replaced, on the same port. */
export class WorkerSlot {
  readonly #options: WorkerSlotOptions;
  readonly #backoff = new Backoff();
  #running: { readonly host: MediaWorker; readonly heartbeat: Heartbeat } | undefined;
  #starting: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #closed = false;
  #deaths = 0;
  #hangs = 0;

  constructor(options: WorkerSlotOptions) {
    this.#options = options;
  }

  /** The worker, while there is one. */
  get worker(): MediaWorker | undefined {
    return this.#running?.host;
  }

  /** Whether the worker is overdue with a sign of life. */
  get doubtful(): boolean {
    return this.#running?.heartbeat.doubtful ?? false;
  }

  /** Workers that ended though nobody had told them to. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Of these, those that had to be killed because they no longer answered. */
  get hangs(): number {
    return this.#hangs;
  }

  /** Rejects with a StartError when the worker cannot run or its port is taken. */
  async start(): Promise<void> {
    const started = this.#start();
    this.#starting = started.catch(() => undefined);
    return started;
  }

  /** Resolves when the worker process has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    await this.#starting;
    this.#running?.heartbeat[Symbol.dispose]();
    if (this.#running) await closeWorker(this.#running.host.worker);
    this.#running = undefined;
  }

  async #start(): Promise<void> {
    const host = await startWorker(this.#options);
    if (this.#closed) {
      await closeWorker(host.worker);
      return;
    }
    const bornAt = performance.now();
    const heartbeat = this.#listenTo(host);
    this.#running = { host, heartbeat };
    host.worker.on('died', () => {
      heartbeat[Symbol.dispose]();
      this.#replace(host, performance.now() - bornAt);
    });
    this.#options.onUp(host);
  }

  #listenTo({ worker }: MediaWorker): Heartbeat {
    return new Heartbeat({
      ask: () => worker.getResourceUsage(),
      hungAfterMs: HUNG_AFTER_MS,
      onHung: () => {
        this.#hangs += 1;
        this.#options.log.error({ pid: worker.pid }, 'a media worker hangs and is killed');
        killWorker(worker);
      },
    });
  }

  #replace({ worker, routers }: MediaWorker, livedMs: number): void {
    this.#deaths += 1;
    this.#running = undefined;
    if (this.#closed) return;
    this.#options.log.error({ pid: worker.pid }, 'a media worker died and is replaced');
    this.#startLater(livedMs);
    for (const lost of [...routers]) lost();
    routers.clear();
  }

  #startLater(livedMs: number): void {
    this.#restart = setTimeout(() => {
      this.start().catch((error: unknown) => {
        if (this.#closed) return;
        this.#options.log.error({ err: error }, 'a media worker could not be replaced');
        this.#startLater(0);
      });
    }, this.#backoff.next(livedMs));
  }
}
