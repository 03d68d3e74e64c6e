import { SvelteMap } from 'svelte/reactivity';
import type { PeerInfo } from '../../server/protocol/events.ts';
import type { ConsumerId, PeerId } from '../../server/protocol/ids.ts';
import type { JoinResult } from '../../server/protocol/requests.ts';
import type { PictureSource } from '../../server/protocol/sources.ts';
import type { CallMedia } from '../media/call-media.ts';
import type { SentPictures } from '../media/media-session.ts';
import type { RemoteTrack } from '../media/playout.ts';
import { Viewing } from '../media/viewing.ts';
import type { View, ViewRequests } from '../media/viewing.ts';
import { m } from '../paraglide/messages.js';
import type { Signaling } from '../signaling.ts';
import type { Camera } from './camera.svelte.ts';
import type { ScreenShare } from './screen-share.svelte.ts';
import { failureOf } from './stay.ts';

export interface PicturesOptions {
  readonly camera: Camera;
  readonly screen: ScreenShare;
  readonly requests: ViewRequests;
  /** Undefined while there is no call. */
  readonly media: () => CallMedia | undefined;
  readonly nameOf: (peerId: PeerId) => string | undefined;
  readonly notice: (words: string) => void;
}

/** Where tracks go when they come. */
interface Receiver {
  add(track: RemoteTrack): void;
  remove(consumerId: ConsumerId): void;
}

const NOT_SENT: Readonly<Record<PictureSource, () => string>> = {
  camera: m.camera_not_sent,
  screen: m.camera_screen_not_sent,
};

/** The pictures of a meeting: those of the others, and the camera and screen of this page. */
export class Pictures implements SentPictures {
  readonly camera: Camera;
  readonly screen: ScreenShare;
  readonly #options: PicturesOptions;
  readonly #received = new SvelteMap<ConsumerId, RemoteTrack>();
  readonly #viewing: Viewing;

  constructor(options: PicturesOptions) {
    this.#options = options;
    this.camera = options.camera;
    this.screen = options.screen;
    this.#viewing = new Viewing(options.requests);
  }

  /** The screen that someone else shares now. */
  get shared(): RemoteTrack | undefined {
    return [...this.#received.values()].findLast(({ kind }) => kind.type === 'screen');
  }

  /** What someone else's camera shows now. */
  of(peerId: PeerId): RemoteTrack | undefined {
    const theirs = (track: RemoteTrack) => track.peerId === peerId && track.kind.type === 'camera';
    return [...this.#received.values()].find(theirs);
  }

  /** How one of them is seen, from now on. */
  see(consumerId: ConsumerId, view: View): void {
    if (this.#received.has(consumerId)) this.#viewing.see(consumerId, view);
  }

  /** Keeps pictures here and passes on what is to be heard. */
  beside(sounds: Receiver): Receiver {
    return {
      add: (track) => {
        const { type } = track.kind;
        if (type === 'camera' || type === 'screen') this.#received.set(track.consumerId, track);
        else sounds.add(track);
      },
      remove: (consumerId) => {
        this.#viewing.forget(consumerId);
        if (!this.#received.delete(consumerId)) sounds.remove(consumerId);
      },
    };
  }

  follow(signaling: Signaling): void {
    signaling.on('screenReplaced', ({ by }) => {
      this.#replaced(by);
    });
  }

  /** In, for the first time or again: meanwhile someone else may have shared their screen. */
  entered({ peers, peerId: self }: Pick<JoinResult, 'peers' | 'peerId'>): void {
    this.#viewing.tellAgain();
    const other = peers.find(({ peerId, screen }: PeerInfo) => screen && peerId !== self);
    if (other && this.screen.track) this.#replaced(other.peerId);
  }

  track(source: PictureSource): MediaStreamTrack | undefined {
    return this[source].track;
  }

  /** Offline, it is sent on coming back. */
  refused(source: PictureSource, error: unknown): void {
    if (failureOf(error) === 'unreachable') return;
    if (source === 'camera') this.camera.close();
    else this.screen.stop();
    this.#options.notice(NOT_SENT[source]());
  }

  /** Sends this picture from now on, or none. */
  async use(source: PictureSource, track: MediaStreamTrack | undefined): Promise<void> {
    try {
      await this.#options.media()?.sendPicture(source, track);
    } catch (error) {
      // One that was turned off meanwhile need not be sent.
      if (track !== undefined && this.track(source) === track) this.refused(source, error);
    }
  }

  /** The call is over. */
  clear(): void {
    this.camera.close();
    this.screen.stop();
    for (const consumerId of this.#received.keys()) this.#viewing.forget(consumerId);
    this.#received.clear();
  }

  #replaced(by: PeerId): void {
    this.screen.stop();
    const name = this.#options.nameOf(by);
    this.#options.notice(
      name === undefined ? m.camera_replaced_by_other() : m.camera_replaced({ name }),
    );
  }
}
