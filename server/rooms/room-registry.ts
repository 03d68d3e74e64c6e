import { RequestError } from '../errors.ts';
import { roomTag } from '../log.ts';
import type { Logger } from '../log.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { PeerId, RoomId } from '../protocol/ids.ts';
import type { RoomOptions as Limits } from '../options.ts';
import type { Sfu } from '../sfu/ports.ts';
import { numbersAfter } from './chronicle.ts';
import type { Chronicle, RoomPast } from './chronicle.ts';
import type { MediaPlaces } from './media-places.ts';
import { Moderation } from './moderation.ts';
import type { TranscriptSink } from './minutes.ts';
import type { RoomObserver } from './observer.ts';
import type { SpeechMedia } from './ports.ts';
import { newRoomId } from './room-id.ts';
import { Room } from './room.ts';

export interface RoomRegistryOptions {
  readonly sfu: Sfu;
  readonly places: MediaPlaces;
  readonly limits: Limits;
  readonly iceServers: (peerId: PeerId) => readonly IceServer[];
  /** Nobody is translated before they agree. */
  readonly consentRequired?: boolean;
  /** Undefined: nothing is kept in writing. */
  readonly transcripts?: TranscriptSink | undefined;
  /** Is told who comes and goes. */
  readonly observer?: RoomObserver | undefined;
  /** Where a room tells what must outlive this node; undefined: nothing need. */
  readonly chronicle?: (id: RoomId) => Chronicle | undefined;
  /** A room that was empty for long is closed. */
  readonly onForgotten?: (id: RoomId) => void;
  readonly log: Logger;
}

interface Entry {
  room: Room;
  /** Outlives the room when a host ends the meeting. */
  readonly moderation: Moderation;
  /** Runs while the room is empty. */
  expiry: NodeJS.Timeout | undefined;
}

/** All meetings of this server. A room exists from its creation until it was empty for long. */
export class RoomRegistry {
  readonly #options: RoomRegistryOptions;
  readonly #rooms = new Map<RoomId, Entry>();
  readonly #emptied = new Set<() => void>();
  #endsAt: number | undefined;

  constructor(options: RoomRegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** People in all rooms. */
  get peers(): number {
    return this.#rooms.values().reduce((sum, { room }) => sum + room.size, 0);
  }

  /** People who wait to be let into a room. */
  get waiting(): number {
    return this.#rooms.values().reduce((sum, { room }) => sum + room.waiting, 0);
  }

  /** Whether the server waits for its meetings to end. */
  get draining(): boolean {
    return this.#endsAt !== undefined;
  }

  /** Throws a RequestError 'serverFull' or 'stopping'. */
  create(): Room {
    return this.#open(newRoomId());
  }

  /**
   * The room of this id, opened again if need be: for those whose right to it has outlived a
   * restart of the server, or whose meeting comes from another one with its `past`. Throws a
   * RequestError 'serverFull' or 'stopping'.
   */
  revive(id: RoomId, past?: RoomPast): Room {
    return this.find(id) ?? this.#open(id, past);
  }

  /** Ends a meeting for everyone, as a host would, if it is here. */
  end(id: RoomId): void {
    this.find(id)?.end();
  }

  /** The meetings that are here now. */
  get ids(): readonly RoomId[] {
    return [...this.#rooms.keys()];
  }

  /** Another node has this meeting now; see `Room.move`. */
  move(id: RoomId, lingerMs: number): void {
    const entry = this.#rooms.get(id);
    if (!entry) return;
    clearTimeout(entry.expiry);
    this.#rooms.delete(id);
    entry.room.move(lingerMs);
    this.#tellIfEmpty();
  }

  find(id: RoomId): Room | undefined {
    return this.#rooms.get(id)?.room;
  }

  /** Throws a RequestError 'serverFull' when nobody more fits on this server. */
  requirePlace(): void {
    if (this.peers >= this.#options.limits.maxPeersInAll) {
      throw new RequestError('serverFull', 'this server holds no more people');
    }
  }

  /**
   * No new meetings from now on; those that run are told that they end at `endsAt` (ms since 1970).
   * Resolves when nobody is in one any more.
   */
  async drain(endsAt: number): Promise<void> {
    this.#endsAt = endsAt;
    for (const { room } of this.#rooms.values()) room.drain(endsAt);
    if (this.peers === 0) return;
    await new Promise<void>((resolve) => this.#emptied.add(resolve));
  }

  /** The engine of a media process started, failed or learned something. */
  engineChanged(media: SpeechMedia): void {
    for (const { room } of this.#rooms.values()) room.engineChanged(media);
  }

  /** A media process came or went. */
  mediaChanged(media: SpeechMedia): void {
    for (const { room } of this.#rooms.values()) room.mediaChanged(media);
  }

  close(): void {
    for (const { room, expiry } of this.#rooms.values()) {
      clearTimeout(expiry);
      room.close();
    }
    this.#rooms.clear();
  }

  #open(id: RoomId, past?: RoomPast): Room {
    const { limits } = this.#options;
    if (this.draining) throw new RequestError('stopping', 'this server is about to restart');
    if (this.#rooms.size >= limits.maxRooms) {
      throw new RequestError('serverFull', 'this server holds no more meetings');
    }
    const moderation = new Moderation(past?.decisions, (decisions) => {
      this.#options.chronicle?.(id)?.decided(decisions);
    });
    const room = this.#build({ id, moderation, past });
    this.#rooms.set(id, { room, moderation, expiry: undefined });
    this.#expireLater(id);
    return room;
  }

  #build(made: {
    readonly id: RoomId;
    readonly moderation: Moderation;
    readonly past?: RoomPast | undefined;
    /** The meeting under this id that was ended. */
    readonly before?: Room;
  }): Room {
    const { id, moderation, past, before } = made;
    const { sfu, places, limits, iceServers, consentRequired, transcripts, observer } =
      this.#options;
    const log = this.#options.log.child({ room: roomTag(id) });
    return new Room({
      ...{ id, sfu, iceServers, consentRequired, transcripts, observer, log, moderation, past },
      ...limits,
      chronicle: this.#options.chronicle?.(id),
      openedAt: Math.max(numbersAfter(past, Date.now()), before?.nextNumber ?? 0),
      place: places.open(),
      onEmpty: () => {
        this.#emptyNow(id);
      },
      onEnded: () => {
        this.#replace(id);
      },
    });
  }

  #emptyNow(id: RoomId): void {
    this.#expireLater(id);
    this.#tellIfEmpty();
  }

  #tellIfEmpty(): void {
    if (this.peers > 0) return;
    for (const emptied of this.#emptied) emptied();
    this.#emptied.clear();
  }

  /** Nothing of a meeting that was ended is left in the one that may follow it. */
  #replace(id: RoomId): void {
    const entry = this.#rooms.get(id);
    if (!entry) return;
    this.#options.chronicle?.(id)?.ended();
    entry.room = this.#build({ id, moderation: entry.moderation, before: entry.room });
    if (this.#endsAt !== undefined) entry.room.drain(this.#endsAt);
    this.#emptyNow(id);
  }

  #expireLater(id: RoomId): void {
    const entry = this.#rooms.get(id);
    if (!entry) return;
    clearTimeout(entry.expiry);
    entry.expiry = setTimeout(() => {
      if (entry.room.size > 0) return;
      entry.room.close();
      this.#rooms.delete(id);
      this.#options.onForgotten?.(id);
    }, this.#options.limits.emptyTimeoutMs);
    entry.expiry.unref();
  }
}
