import type { Device } from 'mediasoup-client/types';
import type { NewConsumer } from '../../server/protocol/events.ts';
import type { ConsumerId } from '../../server/protocol/ids.ts';
import type { HeldMedia } from '../../server/protocol/requests.ts';
import type { PictureSource } from '../../server/protocol/sources.ts';
import type { Signaling } from '../signaling.ts';
import { CallMedia } from './call-media.ts';
import type { CallMediaOptions } from './call-media.ts';

export interface MediaSessionOptions extends Omit<CallMediaOptions, 'signaling'> {
  readonly signaling: Signaling;
  /** The microphone that is open now, or none. */
  readonly microphone: () => MediaStreamTrack | undefined;
  readonly muted: () => boolean;
  /** The sound of a tab that is shared now, or none. */
  readonly tab: () => MediaStreamTrack | undefined;
  readonly pictures: SentPictures;
}

/** The pictures that this page has to send. */
export interface SentPictures {
  /** The one of this source now, or none. */
  track(source: PictureSource): MediaStreamTrack | undefined;
  /** It could not be sent, though all else could. */
  refused(source: PictureSource, error: unknown): void;
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
    media.keepOnly(held.consumers);
    await this.#send(media);
    await media.setMuted(this.#options.muted());
  }

  /** New transports, and what is sent on them. */
  async rebuild(device: Device): Promise<void> {
    this.#media?.close();
    const media = new CallMedia(this.#options);
    this.#media = media;
    await media.open(device);
    await this.#send(media);
  }

  async #send(media: CallMedia): Promise<void> {
    const { microphone, muted, tab, pictures } = this.#options;
    await media.sendMicrophone(microphone(), muted());
    await media.sendTab(tab());
    for (const source of ['screen', 'camera'] as const) {
      await media.sendPicture(source, pictures.track(source)).catch((error: unknown) => {
        pictures.refused(source, error);
      });
    }
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
