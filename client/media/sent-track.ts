import type { types } from 'mediasoup-client';
import type { ProducerId } from '../../server/protocol/ids.ts';
import type { Source } from '../../server/protocol/sources.ts';
import { CallError } from '../messages.ts';
import type { Signaling } from '../signaling.ts';
import { CODING } from './coding.ts';

export interface SentTrackOptions {
  readonly source: Source;
  readonly signaling: Signaling;
  /** Undefined before the call's connection is built, and after its end. */
  readonly transport: () => types.Transport | undefined;
}

/** One of the tracks of this page on its way to the server. Changes of it take effect in order. */
export class SentTrack {
  readonly #options: SentTrackOptions;
  #producer: types.Producer | undefined;
  /** The server's name for it, known a moment before the producer is. */
  #producerId: ProducerId | undefined;
  #muted = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(options: SentTrackOptions) {
    this.#options = options;
  }

  get id(): ProducerId | undefined {
    return this.#producerId;
  }

  /** The server takes it. */
  taken(producerId: ProducerId): void {
    this.#producerId = producerId;
  }

  /** Sends this from now on, or nothing. */
  send(track: MediaStreamTrack | undefined, muted: boolean): Promise<void> {
    this.#muted = muted;
    return this.#inOrder(() => this.#change(track));
  }

  /**
   * Takes effect here at once, so that the first word is not lost, and then on the server, which
   * passes nothing on before it has agreed.
   */
  setMuted(muted: boolean): Promise<void> {
    this.#muted = muted;
    if (muted) this.#producer?.pause();
    else this.#producer?.resume();
    return this.#inOrder(() => this.#tellMuted(muted));
  }

  /** The transport is closed, and this with it. */
  forget(): void {
    this.#producer = undefined;
  }

  #inOrder(change: () => Promise<void>): Promise<void> {
    const done = this.#sending.then(change);
    this.#sending = done.catch(() => undefined);
    return done;
  }

  async #change(track: MediaStreamTrack | undefined): Promise<void> {
    const transport = this.#options.transport();
    if (transport === undefined) return;
    if (track === undefined) {
      await this.#stop();
    } else if (this.#producer === undefined) {
      this.#producer = await transport.produce({
        track,
        ...CODING[this.#options.source],
        stopTracks: false,
        disableTrackOnPause: false,
        zeroRtpOnPause: true,
        appData: { source: this.#options.source, muted: this.#muted },
      });
      // The server has it paused from the start; nothing is to leave this machine either.
      if (this.#muted) this.#producer.pause();
    } else if (this.#producer.track !== track) {
      await this.#producer.replaceTrack({ track });
    }
  }

  async #tellMuted(muted: boolean): Promise<void> {
    const producerId = this.#producerId;
    if (producerId === undefined) return;
    const { signaling } = this.#options;
    try {
      await signaling.request(muted ? 'pauseProducer' : 'resumeProducer', { producerId });
    } catch (error) {
      if (!muted) this.#producer?.pause();
      throw error;
    }
  }

  async #stop(): Promise<void> {
    const producerId = this.#producerId;
    this.#producer?.close();
    this.#producer = undefined;
    this.#producerId = undefined;
    if (producerId !== undefined) {
      await this.#options.signaling.request('closeProducer', { producerId }).catch(unlessGone);
    }
  }
}

/** What the server has closed already need not be closed. */
function unlessGone(error: unknown): void {
  if (!(error instanceof CallError && error.code === 'notFound')) throw error;
}
