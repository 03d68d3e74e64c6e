import type { EngineInfo, EventData } from '../protocol/events.ts';
import type { ProducerId } from '../protocol/ids.ts';
import type { JoinResult } from '../protocol/requests.ts';
import type { SpeakerLevel } from '../sfu/ports.ts';
import type { Attendance } from './attendance.ts';
import { captionFor } from './captions.ts';
import type { CaptionLine, CaptionLog } from './captions.ts';
import type { DemandPeer } from './demand.ts';
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
}

/** The part of a welcome that is news. */
export type Overview = Pick<JoinResult, 'peers' | 'captions' | 'states' | 'engine'>;

/** Tells the people of a room what has happened, each in the way that is theirs. */
export class News {
  readonly #sources: NewsSources;

  constructor(sources: NewsSources) {
    this.#sources = sources;
  }

  /** Everything at once: to someone new, or with `captionsAfter` to someone who comes back. */
  overview(peer: Peer, captionsAfter?: number): Overview {
    const { attendance, captions, states, media } = this.#sources;
    const reader = { ...peer.needs, peerId: peer.id };
    return {
      peers: attendance.all.map(({ info }) => info),
      captions:
        captionsAfter === undefined
          ? captions.replay(reader)
          : captions.since(captionsAfter, reader),
      states: states.tellAll(peer.needs, this.#needs, this.#engineView),
      engine: media().engine,
    };
  }

  /** Tells everyone, or everyone but one. */
  tell<E extends PlainEvent>(event: E, data: EventData<E>, except?: Peer): void {
    for (const peer of this.#sources.attendance.all) {
      if (peer !== except) peer.line.tell(event, data);
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

  /** What has changed for each in how the others' words fare. */
  states(): void {
    const { attendance, states } = this.#sources;
    for (const peer of attendance.all) {
      const changes = states.tellChanges(peer.needs, this.#needs, this.#engineView);
      for (const state of changes) peer.line.tell('translation:state', state);
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

  get #needs(): readonly DemandPeer[] {
    return this.#sources.attendance.all.map((peer) => peer.needs);
  }

  get #engineView() {
    const { engine, ports } = this.#sources.media();
    const working = engine.state === 'ready' && ports !== undefined;
    return { ability: engine, working };
  }
}
