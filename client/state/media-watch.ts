import type { CallMedia } from '../media/call-media.ts';
import type { Connection } from './connection.svelte.ts';

const LOOK_MS = 2_000;
/** One lost consent check is no reason to act; Chromium sends one about every two seconds. */
const PATIENCE_MS = 3_000;
const RECOVERY_MS = 10_000;

export interface MediaWatchOptions {
  readonly connection: Connection;
  readonly media: () => CallMedia | undefined;
  readonly rejoin: () => Promise<void>;
}

/**
 * Looks after the media of a running call: says how it travels, and when its path is lost first
 * restarts ICE and then joins again.
 */
export class MediaWatch {
  readonly #options: MediaWatchOptions;
  #look: ReturnType<typeof setInterval> | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MediaWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#look = setInterval(() => void this.#measure(), LOOK_MS);
    this.check();
  }

  stop(): void {
    clearInterval(this.#look);
    clearTimeout(this.#recovery);
    this.#look = undefined;
    this.#recovery = undefined;
  }

  /** To be called whenever a transport's state has changed. */
  check(): void {
    const states = this.#options.media()?.connectionStates ?? [];
    const { connection } = this.#options;
    if (states.some((state) => state === 'failed' || state === 'disconnected')) {
      connection.phase = 'reconnecting';
      this.#recovery ??= setTimeout(
        () => void this.#restart(),
        states.includes('failed') ? 0 : PATIENCE_MS,
      );
      return;
    }
    connection.phase = states.includes('connecting') ? 'connecting' : 'connected';
    if (connection.phase === 'connecting') return;
    clearTimeout(this.#recovery);
    this.#recovery = undefined;
    void this.#measure();
  }

  async #restart(): Promise<void> {
    await this.#options
      .media()
      ?.restartIce()
      .catch(() => undefined);
    this.#recovery = setTimeout(() => {
      this.#recovery = undefined;
      if (this.#options.connection.phase !== 'connected') void this.#options.rejoin();
    }, RECOVERY_MS);
  }

  async #measure(): Promise<void> {
    const reports = await this.#options
      .media()
      ?.statistics()
      .catch(() => undefined);
    if (reports !== undefined && this.#look !== undefined) {
      this.#options.connection.measure(reports);
    }
  }
}
