import { RequestError } from '../errors.ts';
import type { MediaPorts } from '../../media/messages.ts';
import type { Logger } from '../log.ts';
import type { EngineInfo } from '../protocol/events.ts';
import type { MediaLink, RouterEvents, Sfu, SfuRouter } from '../sfu/ports.ts';
import { listenedFor } from './detection.ts';
import type { Demand, WantedTracks } from './demand.ts';
import { distribute } from './distribution.ts';
import type { Track } from './distribution.ts';
import type { Interpreting } from './interpreting.ts';
import type { Means, SpeakerJob } from './interpreted-speaker.ts';
import type { Peer } from './peer.ts';
import type { SpeechMedia } from './ports.ts';

/** Who is in the room and what that asks for, at the moment of the call. */
export interface Scene {
  readonly peers: readonly Peer[];
  readonly demand: Demand;
}

export interface CallMediaOptions {
  readonly sfu: Sfu;
  /** The media process that serves the room now. */
  readonly media: () => SpeechMedia;
  readonly interpreting: Interpreting;
  readonly events: RouterEvents;
  /** Tracks one person receives. */
  readonly maxTracks: number;
  readonly log: Logger;
}

/**
 * The media of one room: its router, its link to the media process, and what runs over them.
 * `router` and `reconcile` must not overlap; the room's queue sees to that.
 */
export class CallMedia {
  readonly #options: CallMediaOptions;
  #router: SfuRouter | undefined;
  #ended = false;
  #link: { readonly ports: MediaPorts; readonly link: MediaLink } | undefined;

  constructor(options: CallMediaOptions) {
    this.#options = options;
  }

  async router(): Promise<SfuRouter> {
    return this.#router ?? this.#createRouter();
  }

  /**
   * Makes taps, voices and consumers equal to what the scene asks for. The scene is read again
   * after each wait, since people come and go meanwhile.
   */
  async reconcile(scene: () => Scene): Promise<void> {
    const means = await this.#currentMeans();
    if (means) await this.#options.interpreting.apply(jobs(scene(), means.media.engine), means);
    const { peers, demand } = scene();
    if (peers.length === 0) {
      this.close();
      return;
    }
    await Promise.all(
      peers.map((peer) => {
        const wanted = demand.listeners.get(peer.id) ?? [];
        return distribute(peer, this.#tracks(wanted, peers), this.#options);
      }),
    );
  }

  /** Lets go of the link at once when the media process it leads to is gone, or no longer ours. */
  dropDeadLink(): void {
    if (!this.#link || this.#link.ports === this.#options.media().ports) return;
    this.#options.interpreting.reset();
    this.#link.link.close();
    this.#link = undefined;
  }

  close(): void {
    this.#options.interpreting.reset();
    this.#link?.link.close();
    this.#link = undefined;
    this.#router?.close();
    this.#router = undefined;
  }

  /** Closes for good: a router that is on its way is closed when it comes. */
  end(): void {
    this.#ended = true;
    this.close();
  }

  async #createRouter(): Promise<SfuRouter> {
    const { sfu, events } = this.#options;
    const fate = { lost: false };
    const router = await sfu.createRouter({
      onLost: () => {
        fate.lost = true;
        this.close();
        events.onLost();
      },
      onLevels: (levels) => {
        events.onLevels(levels);
      },
    });
    if (fate.lost) throw new RequestError('unavailable', 'the media worker died meanwhile');
    if (this.#ended) {
      router.close();
      throw new RequestError('unavailable', 'the meeting has ended meanwhile');
    }
    this.#router = router;
    return router;
  }

  /** The media process and the link to it, if there is one or one can be opened. */
  async #currentMeans(): Promise<Means | undefined> {
    this.dropDeadLink();
    const media = this.#options.media();
    if (this.#link) return { media, link: this.#link.link };
    const { ports } = media;
    const router = this.#router;
    if (ports === undefined || !router) return undefined;
    const link = await router.openMediaLink(ports).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'no link to the media process');
    });
    if (!link) return undefined;
    if (this.#router !== router || this.#options.media().ports !== ports) {
      link.close();
      return undefined;
    }
    this.#link = { ports, link };
    return { media, link };
  }

  /** What is heard comes first: where not everything can be received, pictures are left out. */
  #tracks(wanted: readonly WantedTracks[], peers: readonly Peer[]): readonly Track[] {
    return [...this.#sounds(wanted, peers), ...pictures(wanted, peers)];
  }

  #sounds(wanted: readonly WantedTracks[], peers: readonly Peer[]): readonly Track[] {
    return wanted.flatMap(({ of, original, translation }) => {
      const speaker = peers.find((peer) => peer.id === of);
      if (!speaker) return [];
      return speaker.sounds.flatMap(({ producer, paused }) => {
        const peerId = speaker.id;
        const tracks: Track[] = [];
        if (original) {
          tracks.push({ producerId: producer.id, peerId, track: { type: 'original' }, paused });
        }
        const voice = translation && this.#options.interpreting.voiceOf(producer.id, translation);
        if (translation && voice) {
          const track = { type: 'translation' as const, language: translation };
          tracks.push({ producerId: voice, peerId, track, paused: false });
        }
        return tracks;
      });
    });
  }
}

/** Screens before faces. */
function pictures(wanted: readonly WantedTracks[], peers: readonly Peer[]): readonly Track[] {
  return (['screen', 'camera'] as const).flatMap((type) =>
    wanted.flatMap(({ of, original }) => {
      const sent = peers.find((peer) => peer.id === of)?.published.get(type);
      if (!original || !sent) return [];
      const { producer, paused } = sent;
      return [{ producerId: producer.id, peerId: of, track: { type }, paused }];
    }),
  );
}

/** One job for each track of each speaker who is to be interpreted. */
function jobs({ peers, demand }: Scene, engine: EngineInfo): readonly SpeakerJob[] {
  return peers.flatMap((peer) => {
    const speakerDemand = demand.speakers.get(peer.id);
    if (!speakerDemand) return [];
    return peer.sounds.map(({ producer, source, paused }) => ({
      peerId: peer.id,
      producerId: producer.id,
      muted: paused,
      // The threshold was set by what the microphone picks up.
      gateDb: source === 'microphone' ? peer.gateDb : null,
      among: listenedFor(peer.detection.allowed, engine),
      voice: peer.voice,
      demand: speakerDemand,
    }));
  });
}
