import type { Blockage, ConnectionPhase } from '../media/connection-quality.ts';
import type { RtcReport } from '../media/rtc-report.ts';

const LOOK_MS = 2_000;
/** One lost consent check is no reason to act; Chromium sends one about every two seconds. */
const PATIENCE_MS = 3_000;
/** How long each remedy gets before the next one is tried. */
const REMEDY_MS = 8_000;
/** No way to the server in so long is told. */
const BLOCKED_MS = 15_000;

/** The media of a call, as far as it is watched. */
export interface WatchedMedia {
  readonly connectionStates: readonly RTCPeerConnectionState[];
  blockage(now: number, patienceMs: number): Blockage | undefined;
  restartIce(): Promise<void>;
  statistics(): Promise<readonly RtcReport[]>;
}

/** Where what is seen goes. */
export interface WatchedConnection {
  phase: ConnectionPhase;
  blockage: Blockage | undefined;
  measure(reports: readonly RtcReport[]): void;
}

export interface MediaWatchOptions {
  readonly connection: WatchedConnection;
  readonly media: () => WatchedMedia | undefined;
  /** Whether the server can be asked for anything now. */
  readonly online: () => boolean;
  /** New transports for the same stay. */
  readonly rebuild: () => Promise<void>;
  /** Out and in again, as the same person. */
  readonly rejoin: () => Promise<void>;
}

/**
 * Looks after the media of a running call: says how it travels, and when its path is lost restarts
 * ICE, then builds new transports, then joins again. While the server cannot be reached it waits:
 * coming back looks at the media again.
 */
export class MediaWatch {
  readonly #options: MediaWatchOptions;
  #look: ReturnType<typeof setInterval> | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;
  /** Remedies tried since the path was lost. */
  #tried = 0;

  constructor(options: MediaWatchOptions) {
    this.#options = options;
  }

  start(): void {
    clearInterval(this.#look);
    this.#cancel();
    this.#look = setInterval(() => void this.#measure(), LOOK_MS);
    this.check();
  }

  stop(): void {
    clearInterval(this.#look);
    this.#look = undefined;
    this.#cancel();
    this.#tried = 0;
  }

  /** To be called whenever a transport's state has changed. */
  check(): void {
    const states = this.#options.media()?.connectionStates ?? [];
    const { connection } = this.#options;
    if (states.includes('failed') || states.includes('disconnected')) {
      connection.phase = 'reconnecting';
      const afterAWhile = this.#tried > 0 ? REMEDY_MS : PATIENCE_MS;
      this.#recover(states.includes('failed') && this.#tried === 0 ? 0 : afterAWhile);
      return;
    }
    connection.phase = states.includes('connecting') ? 'connecting' : 'connected';
    if (connection.phase === 'connecting') return;
    this.#cancel();
    this.#tried = 0;
    void this.#measure();
  }

  #cancel(): void {
    clearTimeout(this.#recovery);
    this.#recovery = undefined;
  }

  #recover(waitMs: number): void {
    if (this.#look === undefined) return;
    this.#recovery ??= setTimeout(() => void this.#remedy(), waitMs);
  }

  async #remedy(): Promise<void> {
    const { media, online, rebuild, rejoin, connection } = this.#options;
    this.#recovery = undefined;
    if (!online()) return;
    this.#tried += 1;
    // The next remedy waits for this one; a change for the better calls it off.
    this.#recovery = setTimeout(() => {
      this.#recovery = undefined;
      if (connection.phase !== 'connected') void this.#remedy();
    }, REMEDY_MS);
    const remedies = [async () => media()?.restartIce(), rebuild];
    await (remedies[this.#tried - 1] ?? rejoin)().catch(() => undefined);
  }

  async #measure(): Promise<void> {
    const { media, connection } = this.#options;
    connection.blockage = media()?.blockage(performance.now(), BLOCKED_MS);
    const reports = await media()
      ?.statistics()
      .catch(() => undefined);
    if (reports !== undefined && this.#look !== undefined) connection.measure(reports);
  }
}
