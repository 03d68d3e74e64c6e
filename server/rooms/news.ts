import type { AudienceMember, EngineInfo, EventData } from '../protocol/events.ts';
import type { LobbyGuest, RoomPolicy } from '../protocol/hosting.ts';
import type { ProducerId } from '../protocol/ids.ts';
import type { JoinResult } from '../protocol/requests.ts';
import type { SpeakerLevel } from '../sfu/ports.ts';
import type { Attendance } from './attendance.ts';
import { audienceOf, sameAudience } from './audience.ts';
import { captionFor } from './captions.ts';
import type { CaptionLine, CaptionLog } from './captions.ts';
import type { DemandPeer } from './demand.ts';
import { permitted } from './language-limits.ts';
import type { Peer } from './peer.ts';
import type { PlainEvent, SpeechMedia } from './ports.ts';
import type { TranslationStates } from './translation-states.ts';

/** What a room knows that its people are to know. */
export interface NewsSources {
  readonly attendance: Attendance;
  readonly captions: CaptionLog;
  readonly states: TranslationStates;
  /** The media process that serves the room now. */
  readonly media: () => SpeechMedia;
  /** What the hosts have decided. */
  readonly policy: () => RoomPolicy;
  /** Who waits to be let in. */
  readonly waiting: () => readonly LobbyGuest[];
}

/** The part of a welcome that is news. */
export type Overview = Pick<
  JoinResult,
  'peers' | 'captions' | 'states' | 'audience' | 'engine' | 'policy' | 'waiting'
>;

/** Tells the people of a room what has happened, each in the way that is theirs. */
export class News {
  readonly #sources: NewsSources;
  /** What each was last told of those who listen to them. */
  readonly #audiences = new WeakMap<Peer, readonly AudienceMember[]>();

  constructor(sources: NewsSources) {
    this.#sources = sources;
  }

  /** Everything at once: to someone new, or with `captionsAfter` to someone who comes back. */
  overview(peer: Peer, captionsAfter?: number): Overview {
    const { attendance, captions, states, media, policy, waiting } = this.#sources;
    const reader = { ...peer.needs, peerId: peer.id };
    const audience = this.#audienceOf(peer);
    this.#audiences.set(peer, audience);
    return {
      peers: attendance.all.map(({ info }) => info),
      captions:
        captionsAfter === undefined
          ? captions.replay(reader)
          : captions.since(captionsAfter, reader),
      states: states.tellAll(peer.needs, this.#needs, this.#engineView),
      audience,
      engine: media().engine,
      policy: policy(),
      ...(peer.role === 'host' && { waiting: waiting() }),
    };
  }

  /** Tells everyone, or everyone but one. */
  tell<E extends PlainEvent>(event: E, data: EventData<E>, except?: Peer): void {
    for (const peer of this.#sources.attendance.all) {
      if (peer !== except) peer.line.tell(event, data);
    }
  }

  /** To hosts: who waits to be let in. */
  waiting(): void {
    const waiting = this.#sources.waiting();
    for (const { role, line } of this.#sources.attendance.all) {
      if (role === 'host') line.tell('lobby:waiting', { waiting });
    }
  }

  engine(info: EngineInfo): void {
    this.tell('translation:engine', info);
  }

  captions(lines: readonly CaptionLine[]): void {
    for (const peer of this.#sources.attendance.all) {
      for (const line of lines) {
        peer.line.tell('caption', captionFor(line, { ...peer.needs, peerId: peer.id }));
      }
    }
  }

  /** What has changed for each in how the others' words fare, and their own. */
  states(): void {
    const { attendance, states } = this.#sources;
    for (const peer of attendance.all) {
      const changes = states.tellChanges(peer.needs, this.#needs, this.#engineView);
      for (const state of changes) peer.line.tell('translation:state', state);
      const listeners = this.#audienceOf(peer);
      if (sameAudience(listeners, this.#audiences.get(peer) ?? [])) continue;
      this.#audiences.set(peer, listeners);
      peer.line.tell('translation:audience', { listeners });
    }
  }

  /** To those who receive it: a track was muted or unmuted. */
  paused(producerId: ProducerId, paused: boolean): void {
    for (const { received, line } of this.#sources.attendance.all) {
      for (const [consumerId, { offer }] of received) {
        if (offer.producerId !== producerId) continue;
        line.tell(paused ? 'consumerPaused' : 'consumerResumed', { consumerId });
      }
    }
  }

  levels(levels: readonly SpeakerLevel[]): void {
    const speakers = this.#sources.attendance.all.flatMap(({ id, published }) => {
      const own = new Set([...published.values()].map(({ producer }) => producer.id));
      const heard = levels.filter(({ producerId }) => own.has(producerId));
      if (heard.length === 0) return [];
      return [{ peerId: id, level: Math.max(...heard.map(({ level }) => level)) }];
    });
    this.tell('activeSpeakers', speakers);
  }

  #audienceOf(peer: Peer): readonly AudienceMember[] {
    return audienceOf(peer.needs, this.#needs, this.#sources.states, this.#engineView);
  }

  get #needs(): readonly DemandPeer[] {
    return this.#sources.attendance.all.map((peer) => peer.needs);
  }

  get #engineView() {
    const { engine, ports } = this.#sources.media();
    const working = engine.state === 'ready' && ports !== undefined;
    const { languages } = this.#sources.policy();
    return { ability: permitted(engine, this.#needs, languages), unlimited: engine, working };
  }
}
