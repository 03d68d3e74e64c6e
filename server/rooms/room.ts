import { RequestError } from '../errors.ts';
import type { PeerId, Role, RoomId } from '../protocol/ids.ts';
import type { RequestData } from '../protocol/requests.ts';
import type { Entrant } from './attendance.ts';
import { offerAgain } from './distribution.ts';
import type { Entry } from './moderation.ts';
import { Participation } from './participation.ts';
import type { Surroundings, Welcome } from './participation.ts';
import type { Peer } from './peer.ts';
import type { Outbox, SpeechMedia } from './ports.ts';
import type { RoomOptions } from './room-options.ts';
import { assemble } from './room-parts.ts';
import type { RoomParts } from './room-parts.ts';
import { surroundingsOf } from './room-surroundings.ts';

export interface Joined {
  readonly participation: Participation;
  readonly result: Welcome;
}

/**
 * One meeting: who is here and who hears what. Whatever changes, the room computes what should be
 * (`demand`) and makes it so, one reconciliation at a time.
 */
export class Room {
  readonly id: RoomId;
  readonly #options: RoomOptions;
  readonly #parts: RoomParts;
  #closed = false;
  /** Grows through all meetings under this id: a page may live to see several. */
  #generation: number;
  #endsAt: number | undefined;

  constructor(options: RoomOptions) {
    this.id = options.id;
    this.#options = options;
    this.#generation = options.openedAt;
    this.#parts = assemble(options, {
      stamp: () => ({ generation: this.#generation }),
      onGone: (peer) => {
        this.#leave(peer);
      },
      onRouterLost: () => {
        this.#resetMedia();
      },
    });
  }

  get size(): number {
    return this.#parts.attendance.size;
  }

  get full(): boolean {
    return this.#parts.attendance.full;
  }

  /** People who wait to be let in. */
  get waiting(): number {
    return this.#parts.lobby.waiting.length;
  }

  /** What the numbers of a meeting that follows this one may begin at. */
  get nextNumber(): number {
    return Math.max(this.#parts.captions.next, this.#generation + 1);
  }

  /** Whether a place is taken for this person, here or reconnecting. */
  has(peerId: PeerId): boolean {
    return this.#parts.attendance.find(peerId) !== undefined;
  }

  /** What a link of this role opens now. Throws a RequestError 'roomEnded'. */
  entry(role: Role): Entry {
    return this.#options.moderation.entry(role);
  }

  /**
   * Asks the hosts to let someone in, where that is needed, and returns what to call when they give
   * up; undefined when they may join. Throws a RequestError 'removed', 'roomEnded', 'roomLocked',
   * 'roomFull' or 'lobbyFull'.
   */
  knock(entrant: Entrant, request: RequestData<'join'>, outbox: Outbox): (() => void) | undefined {
    return this.#parts.gate.knock(entrant, request, outbox);
  }

  /**
   * Lets someone in who need not ask any more, or back to the place that is kept for them. Throws a
   * RequestError 'waiting', 'roomFull', 'mediaFull', 'serverFull', or one of those of `knock`.
   */
  join(entrant: Entrant, request: RequestData<'join'>, outbox: Outbox): Joined {
    if (this.#closed) throw new RequestError('roomNotFound', 'this meeting has ended');
    const present = this.#parts.attendance.find(entrant.peerId);
    const peer = present ?? this.#admit(entrant, request);
    peer.line.attach(outbox);
    this.#parts.minutes.note(peer.id, request.keepWords);
    const { captionsAfter } = request;
    if (present) this.#welcomeBack(present, request);
    else this.#parts.news.tell('newPeer', peer.info, peer);
    const result = this.#welcome(peer, present && captionsAfter);
    if (present) offerAgain(present, this.#options.log);
    this.#changed();
    return { participation: new Participation(peer, this.#surroundings(), outbox), result };
  }

  #admit(entrant: Entrant, request: RequestData<'join'>): Peer {
    const peer = this.#parts.gate.admit(entrant, request);
    this.#parts.captions.arrive(peer.id);
    this.#noteReaders();
    this.#options.observer?.joined(this.id, peer.id, peer.role);
    this.#options.log.info({ peers: this.size }, 'joined');
    return peer;
  }

  #welcomeBack(peer: Peer, request: RequestData<'join'>): void {
    this.#parts.attendance.back(peer);
    peer.choose(request);
    this.#parts.attendance.revoice(peer, request.voice);
    if (peer.mutedByHost) peer.line.tell('mutedByHost', {});
    this.#parts.news.tell('peerUpdated', peer.info, peer);
    this.#options.log.info('came back');
  }

  #surroundings(): Surroundings {
    return surroundingsOf(this.#parts, this.#options, {
      changed: () => {
        this.#changed();
      },
      welcome: (who) => this.#welcome(who),
      lost: (who, outbox, silentMs) => {
        this.#lost(who, outbox, silentMs);
      },
      leave: (who) => {
        this.#leave(who);
      },
      end: () => {
        this.end();
      },
    });
  }

  /** The engine of a media process started, failed or learned something. */
  engineChanged(media: SpeechMedia): void {
    if (this.#options.place.media !== media) return;
    this.#parts.news.engine(media.engine);
    this.#changed();
  }

  /** The transcript began, failed or was deleted. */
  transcriptChanged(): void {
    this.#parts.news.tell('transcript:state', { state: this.#parts.minutes.state });
  }

  /** A media process came or went. */
  mediaChanged(media: SpeechMedia): void {
    if (this.#options.place.media !== media) return;
    this.#parts.arrangement.dropDeadLink();
    this.#changed();
  }

  /** The server waits for its meetings to end, until then (ms since 1970). */
  drain(endsAt: number): void {
    this.#endsAt = endsAt;
    this.#parts.news.tell('draining', { endsAt });
  }

  /** Everyone is told why and let go. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.news.tell('closing', { reason: 'serverStopping' });
    this.#parts.lobby.close('serverStopping');
    this.#clear();
  }

  /**
   * Another node has the meeting now: everyone is told and let go. What they send and receive here
   * goes on for `lingerMs`, so that they hear each other while they change over.
   */
  move(lingerMs: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.lobby.close('moved');
    for (const { line } of this.#parts.attendance.all) line.hangUp('moved');
    if (lingerMs === 0) this.#clear();
    else setTimeout(this.#clear.bind(this), lingerMs).unref();
  }

  /** By a host: everyone is told, and nobody comes back before a host does. */
  end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.moderation.end();
    this.#parts.lobby.close('ended');
    for (const { line } of this.#parts.attendance.all) line.hangUp('ended');
    this.#clear();
    this.#options.log.info('ended by a host');
    this.#options.onEnded();
  }

  #clear(): void {
    for (const peer of this.#parts.attendance.all) {
      this.#parts.attendance.remove(peer);
      this.#options.observer?.left(this.id, peer.id);
      this.#options.place.leave();
    }
    this.#parts.arrangement.end();
  }

  #noteReaders(): void {
    this.#options.chronicle?.readers(this.#parts.captions.readers, this.size);
  }

  #welcome(peer: Peer, captionsAfter?: number): Welcome {
    return {
      peerId: peer.id,
      role: peer.role,
      generation: this.#generation,
      media: peer.media,
      ...this.#parts.news.overview(peer, captionsAfter),
      ...(this.#endsAt !== undefined && { endsAt: this.#endsAt }),
      transcript: this.#parts.minutes.state,
      chat: this.#parts.chat.replay(peer),
    };
  }

  /** Others see them as reconnecting, until they are back or the time is over. */
  #lost(peer: Peer, outbox: Outbox, silentMs: number): void {
    if (!peer.line.detach(outbox) || this.#parts.attendance.find(peer.id) !== peer) return;
    this.#parts.attendance.away(peer, silentMs);
    this.#parts.news.tell('peerUpdated', peer.info);
  }

  #leave(peer: Peer): void {
    if (!this.#parts.attendance.remove(peer)) return;
    this.#options.observer?.left(this.id, peer.id);
    this.#options.place.leave();
    this.#parts.captions.depart(peer.id);
    this.#noteReaders();
    this.#parts.states.forgetListener(peer.id);
    this.#parts.news.tell('peerClosed', { peerId: peer.id });
    this.#options.log.info({ peers: this.size }, 'left');
    this.#changed();
    if (this.size === 0) this.#options.onEmpty();
  }

  #changed(): void {
    this.#parts.news.states();
    this.#parts.arrangement.update();
  }

  /** The router died under the call: everyone builds their media anew. */
  #resetMedia(): void {
    this.#generation += 1;
    const peers = this.#parts.attendance.all;
    for (const peer of peers) peer.resetMedia();
    for (const { info } of peers) this.#parts.news.tell('peerUpdated', info);
    this.#parts.news.tell('mediaReset', {});
    this.#changed();
  }
}
