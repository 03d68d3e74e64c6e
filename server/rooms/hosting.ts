import { RequestError } from '../errors.ts';
import type { ClosingReason, RoomPolicy, Whom } from '../protocol/hosting.ts';
import type { PeerId, ProducerId } from '../protocol/ids.ts';
import type { Attendance } from './attendance.ts';
import type { Gestures } from './gestures.ts';
import type { Lobby } from './lobby.ts';
import type { Moderation } from './moderation.ts';
import type { News } from './news.ts';
import type { Peer } from './peer.ts';

/** What hosting needs of the room. */
export interface HostedRoom {
  readonly attendance: Attendance;
  readonly moderation: Moderation;
  readonly lobby: Lobby;
  readonly news: News;
  readonly gestures: Gestures;
  /** The peer looks different to the others. */
  announce(peer: Peer): void;
  /** A peer's own track was muted or unmuted. */
  trackPaused(producerId: ProducerId, paused: boolean): void;
  /** Something that decides who hears what has changed. */
  changed(): void;
  /** Tells someone why and takes their place from them. */
  dismiss(peer: Peer, reason: ClosingReason): void;
  /** Ends the meeting for everyone. */
  end(): void;
}

/** What one host may do with their meeting. */
export class Hosting {
  readonly #host: Peer;
  readonly #room: HostedRoom;

  constructor(host: Peer, room: HostedRoom) {
    this.#host = host;
    this.#room = room;
  }

  /** Decides something for everyone. Those who wait in a lobby that is turned off come in. */
  decide(part: Partial<RoomPolicy>): void {
    const { moderation, lobby, news } = this.#room;
    moderation.change(part);
    news.tell('room:policy', moderation.policy);
    if (part.lobby === false) lobby.admit('all');
    if (part.languages) this.#room.changed();
  }

  /** Throws a RequestError 'notFound' when that person does not wait. */
  admit(whom: Whom): void {
    this.#room.lobby.admit(whom);
  }

  /** Throws a RequestError 'notFound' when that person does not wait. */
  refuse(whom: Whom): void {
    this.#room.lobby.refuse(whom);
  }

  /** Rejects with a RequestError 'notFound', or 'unavailable' when a worker died. */
  async mute(whom: Whom): Promise<void> {
    const everyone = this.#room.attendance.all.filter((peer) => peer !== this.#host);
    const meant = whom === 'all' ? everyone : [this.#find(whom)];
    await Promise.all(meant.map((peer) => this.#muteOne(peer)));
  }

  /** Throws a RequestError 'notFound'. */
  lowerHand(whom: Whom): void {
    const meant = whom === 'all' ? this.#room.attendance.all : [this.#find(whom)];
    for (const peer of meant) this.#room.gestures.lower(peer);
  }

  /** Throws a RequestError 'notFound', or 'badRequest' for oneself. */
  remove(peerId: PeerId): void {
    const peer = this.#other(peerId);
    this.#room.moderation.remove(peerId);
    this.#room.dismiss(peer, 'removed');
  }

  /** Throws a RequestError 'notFound', or 'badRequest' for oneself. */
  handOver(peerId: PeerId): void {
    const { moderation, news } = this.#room;
    const heir = this.#other(peerId);
    moderation.handOver(this.#host.id, heir.id);
    for (const [peer, role] of [[heir, 'host'] as const, [this.#host, 'guest'] as const]) {
      peer.role = role;
      this.#room.announce(peer);
    }
    news.waiting();
  }

  end(): void {
    this.#room.end();
  }

  /** Their microphone; what else they share is not what mute means to them. */
  async #muteOne(peer: Peer): Promise<void> {
    const microphone = peer.published.get('microphone');
    if (!microphone || microphone.paused) return;
    peer.mutedByHost = true;
    peer.line.tell('mutedByHost', {});
    await microphone.producer.pause();
    microphone.paused = true;
    this.#room.trackPaused(microphone.producer.id, true);
    this.#room.announce(peer);
    this.#room.changed();
  }

  #find(peerId: PeerId): Peer {
    const peer = this.#room.attendance.find(peerId);
    if (!peer) throw new RequestError('notFound', 'this person is not in the meeting');
    return peer;
  }

  #other(peerId: PeerId): Peer {
    const peer = this.#find(peerId);
    if (peer === this.#host) throw new RequestError('badRequest', 'that is you');
    return peer;
  }
}
