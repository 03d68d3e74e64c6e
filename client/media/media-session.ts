import type { Device } from 'mediasoup-client/types';
import type { NewConsumer } from '../../server/protocol/events.ts';
import type { ConsumerId } from '../../server/protocol/ids.ts';
import type { HeldMedia } from '../../server/protocol/requests.ts';
import type { Signaling } from '../signaling.ts';
import { CallMedia } from './call-media.ts';
import type { CallMediaOptions } from './call-media.ts';

export interface MediaSessionOptions extends Omit<CallMediaOptions, 'signaling'> {
  readonly signaling: Signaling;
  /** The microphone that is open now, or none. */
  readonly microphone: () => MediaStreamTrack | undefined;
  readonly muted: () => boolean;
}

/** The media of one stay in a meeting: kept through a lost connection, built anew when it is gone. */
export class MediaSession {
  readonly #options: MediaSessionOptions;
  #media: CallMedia | undefined;
  #generation = 0;

  constructor(options: MediaSessionOptions) {
    this.#options = options;
  }

  get current(): CallMedia | undefined {
    return this.#media;
  }

  /**
   * After joining, for the first time or again: keeps what both ends still have, brought up to date,
   * or builds everything anew.
   */
  async settle(device: Device, held: HeldMedia, generation: number): Promise<void> {
    const media = this.#media;
    const kept = generation === this.#generation && media?.isHeld(held) === true;
    this.#generation = generation;
    if (!kept) {
      await this.rebuild(device);
      return;
    }
    const { microphone, muted } = this.#options;
    media.keepOnly(held.consumers);
    await media.sendMicrophone(microphone(), muted());
    await media.setMuted(muted());
  }

  /** New transports, and the microphone on them. */
  async rebuild(device: Device): Promise<void> {
    this.#media?.close();
    const media = new CallMedia(this.#options);
    this.#media = media;
    await media.open(device);
    await media.sendMicrophone(this.#options.microphone(), this.#options.muted());
  }

  consume(consumer: NewConsumer, taken: () => void): void {
    // A track that cannot be received stays paused on the server.
    this.#media?.consume(consumer).then(taken, () => undefined);
  }

  stopConsuming(consumerId: ConsumerId): void {
    this.#media?.stopConsuming(consumerId).catch(() => undefined);
  }

  close(): void {
    this.#media?.close();
    this.#media = undefined;
  }
}
