import { RequestError } from '../errors.ts';
import type { Stamp } from '../protocol/events.ts';
import type { ClosingReason, LobbyGuest, Whom } from '../protocol/hosting.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { Outbox } from './ports.ts';

/** How long someone who was let in may take to come in. */
const ENTER_MS = 30_000;

export interface LobbyOptions {
  /** People who may wait at once. */
  readonly maxWaiting: number;
  /** Who is not let in for so long is sent away. */
  readonly waitMs: number;
  readonly stamp: () => Stamp;
  /** Somebody else waits than before. */
  readonly onChange: () => void;
}

interface Place {
  readonly guest: LobbyGuest;
  readonly outbox: Outbox;
  readonly admitted: boolean;
  readonly timer: NodeJS.Timeout;
}

/** Those who want to get into a room and wait for a host, in order of coming. */
export class Lobby {
  readonly #options: LobbyOptions;
  readonly #places = new Map<PeerId, Place>();

  constructor(options: LobbyOptions) {
    this.#options = options;
  }

  get waiting(): readonly LobbyGuest[] {
    return [...this.#places.values()].filter(({ admitted }) => !admitted).map(({ guest }) => guest);
  }

  /** Whether a host has let them in, and they have not come yet. */
  isAdmitted(peerId: PeerId): boolean {
    return this.#places.get(peerId)?.admitted === true;
  }

  /**
   * Takes someone in and returns what to call when they give up. Who waits already goes on waiting at
   * their new page. Throws a RequestError 'lobbyFull'.
   */
  wait(guest: LobbyGuest, outbox: Outbox): () => void {
    const { peerId } = guest;
    const { maxWaiting, waitMs, onChange } = this.#options;
    const before = this.#places.get(peerId);
    if (!before && this.#places.size >= maxWaiting) {
      throw new RequestError('lobbyFull', 'too many people wait to be let in');
    }
    clearTimeout(before?.timer);
    if (before && before.outbox !== outbox) this.#sendAway(before, 'elsewhere');
    const timer = this.#timer(peerId, waitMs);
    this.#places.set(peerId, { guest, outbox, timer, admitted: false });
    onChange();
    return () => {
      if (this.#places.get(peerId)?.outbox === outbox) this.#drop(peerId);
    };
  }

  /** Throws a RequestError 'notFound' when that person does not wait. */
  admit(whom: Whom): void {
    for (const [peerId, place] of this.#meant(whom)) {
      clearTimeout(place.timer);
      const timer = this.#timer(peerId, ENTER_MS);
      this.#places.set(peerId, { ...place, timer, admitted: true });
      place.outbox.emit('lobby:admitted', {}, this.#options.stamp());
    }
    this.#options.onChange();
  }

  /** Throws a RequestError 'notFound' when that person does not wait. */
  refuse(whom: Whom): void {
    for (const [peerId] of this.#meant(whom)) this.#drop(peerId, 'refused');
  }

  /** They are in the room now. */
  entered(peerId: PeerId): void {
    if (this.#places.has(peerId)) this.#drop(peerId);
  }

  /** Sends everyone away. */
  close(reason: ClosingReason): void {
    for (const peerId of [...this.#places.keys()]) this.#drop(peerId, reason);
  }

  #meant(whom: Whom): readonly (readonly [PeerId, Place])[] {
    const waiting = [...this.#places].filter(([, { admitted }]) => !admitted);
    if (whom === 'all') return waiting;
    const found = waiting.filter(([peerId]) => peerId === whom);
    if (found.length === 0) throw new RequestError('notFound', 'this person does not wait');
    return found;
  }

  #timer(peerId: PeerId, ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#drop(peerId, 'unanswered');
    }, ms);
  }

  #drop(peerId: PeerId, reason?: ClosingReason): void {
    const place = this.#places.get(peerId);
    if (!place) return;
    clearTimeout(place.timer);
    this.#places.delete(peerId);
    if (reason) this.#sendAway(place, reason);
    this.#options.onChange();
  }

  #sendAway({ outbox }: Place, reason: ClosingReason): void {
    outbox.emit('closing', { reason }, this.#options.stamp());
    outbox.close();
  }
}
