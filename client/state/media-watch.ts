import { arrived } from '../media/connection-quality.ts';
import type { Blockage, ConnectionPhase } from '../media/connection-quality.ts';
import type { RtcReport } from '../media/rtc-report.ts';
import { Pulse } from './pulse.ts';

/** How often it is felt whether anything arrives. */
const PULSE_MS = 500;
/** Every so many pulses the quality is measured. */
const PULSES_PER_LOOK = 4;
/** Something always arrives: media, or an answer to the check that ICE makes every 2.5 s. */
const QUIET_MS = 2_000;
/** The way for media is gone when nothing arrives for so long although the server answers. */
const LOST_MS = 3_500;
/** How long the server may take to answer when nothing arrives. */
const ANSWER_MS = 1_000;
/** Browsers say by themselves that a path is lost, but late; one lost check is no reason to act. */
const PATIENCE_MS = 3_000;
/** How long each remedy gets before the next one is tried. */
const REMEDY_MS = 8_000;
/** No way to the server in so long is told: seen and read within fifteen seconds of entering. */
const BLOCKED_MS = 11_500;

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
  /** Whether the server answers within so long. */
  readonly answers: (patienceMs: number) => Promise<boolean>;
  /** Gives up the connection to the server and makes a new one. */
  readonly reconnect: () => void;
  /** New transports for the same stay. */
  readonly rebuild: () => Promise<void>;
  /** Out and in again, as the same person. */
  readonly rejoin: () => Promise<void>;
}

/**
 * Looks after the media of a running call: says how it travels, and when nothing arrives any more
 * finds out whether the server can still be asked, by the same connection or a new one, and then
 * restarts ICE, builds new transports, joins again. Browsers notice a change of network late: the
 * old address goes on being used until somebody misses the answers.
 */
export class MediaWatch {
  readonly #options: MediaWatchOptions;
  readonly #pulse = new Pulse();
  #look: ReturnType<typeof setInterval> | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;
  #pulses = 0;
  #asking = false;
  /** Remedies tried since the path was lost. */
  #tried = 0;

  constructor(options: MediaWatchOptions) {
    this.#options = options;
  }

  /** To be called when one has come in, for the first time or again. */
  start(): void {
    clearInterval(this.#look);
    this.#cancel();
    this.#look = setInterval(() => void this.#feel(), PULSE_MS);
    if (this.#quietMs() >= QUIET_MS) this.#lost();
    else this.check();
  }

  stop(): void {
    clearInterval(this.#look);
    this.#look = undefined;
    this.#cancel();
    this.#tried = 0;
    this.#pulse.forget();
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
    // What the server would say of the meeting cannot be heard: that is no call.
    if (!this.#options.online()) return;
    connection.phase = states.includes('connecting') ? 'connecting' : 'connected';
    if (connection.phase === 'connecting') return;
    this.#cancel();
    this.#tried = 0;
  }

  async #feel(): Promise<void> {
    const { media, connection } = this.#options;
    const reports = await this.#read();
    if (reports === undefined || this.#look === undefined) return;
    this.#pulses += 1;
    if (this.#pulses % PULSES_PER_LOOK === 0) {
      connection.blockage = media()?.blockage(performance.now(), BLOCKED_MS);
      connection.measure(reports);
    }
    const quietMs = this.#quietMs();
    if (quietMs >= QUIET_MS) await this.#missed();
    else if (connection.phase === 'reconnecting') this.check();
  }

  /** Nothing arrives: is it the way for media alone, or the whole network? */
  async #missed(): Promise<void> {
    if (this.#asking || !this.#options.online()) return;
    this.#asking = true;
    const answered = await this.#options.answers(ANSWER_MS);
    await this.#read();
    this.#asking = false;
    if (this.#quietMs() < QUIET_MS || !this.#options.online()) return;
    if (!answered) this.#options.reconnect();
    else if (this.#quietMs() >= LOST_MS) this.#lost();
  }

  #lost(): void {
    this.#options.connection.phase = 'reconnecting';
    if (this.#tried === 0) this.#recover(0);
  }

  async #read(): Promise<readonly RtcReport[] | undefined> {
    const reports = await this.#options
      .media()
      ?.statistics()
      .catch(() => undefined);
    const sum = reports?.reduce((total, report) => total + arrived(report), 0);
    if (sum !== undefined) this.#pulse.feel(sum, performance.now());
    return reports;
  }

  #quietMs(): number {
    return this.#pulse.quietFor(performance.now());
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
}
