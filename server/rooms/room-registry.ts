import { nanoid } from 'nanoid';
import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { RoomId } from '../protocol/ids.ts';
import type { RoomOptions as Limits } from '../options.ts';
import type { Sfu } from '../sfu/ports.ts';
import type { MediaPlaces } from './media-places.ts';
import type { SpeechMedia } from './ports.ts';
import { Room } from './room.ts';

/** 22 characters of 64 kinds: 132 bits, so a link cannot be guessed. */
const ROOM_ID_LENGTH = 22;

export interface RoomRegistryOptions {
  readonly sfu: Sfu;
  readonly places: MediaPlaces;
  readonly limits: Limits;
  readonly log: Logger;
}

interface Entry {
  readonly room: Room;
  /** Runs while the room is empty. */
  expiry: NodeJS.Timeout | undefined;
}

/** All meetings of this server. A room exists from its creation until it was empty for long. */
export class RoomRegistry {
  readonly #options: RoomRegistryOptions;
  readonly #rooms = new Map<RoomId, Entry>();

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

  /** Throws a RequestError 'serverFull'. */
  create(): Room {
    const { sfu, places, limits, log } = this.#options;
    if (this.#rooms.size >= limits.maxRooms) {
      throw new RequestError('serverFull', 'this server holds no more meetings');
    }
    const id = RoomId.parse(nanoid(ROOM_ID_LENGTH));
    const room = new Room({
      id,
      ...{ sfu, log },
      place: places.open(),
      maxPeers: limits.maxPeers,
      captionReplay: limits.captionReplay,
      onEmpty: () => {
        this.#expireLater(id);
      },
    });
    this.#rooms.set(id, { room, expiry: undefined });
    this.#expireLater(id);
    return room;
  }

  /** Throws a RequestError 'roomNotFound'. */
  get(id: RoomId): Room {
    const entry = this.#rooms.get(id);
    if (!entry) throw new RequestError('roomNotFound', 'there is no such meeting');
    return entry.room;
  }

  /** A room that someone is about to join. Throws 'roomNotFound' or 'serverFull'. */
  enter(id: RoomId): Room {
    const room = this.get(id);
    if (this.peers >= this.#options.limits.maxPeersInAll) {
      throw new RequestError('serverFull', 'this server holds no more people');
    }
    return room;
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

  #expireLater(id: RoomId): void {
    const entry = this.#rooms.get(id);
    if (!entry) return;
    clearTimeout(entry.expiry);
    entry.expiry = setTimeout(() => {
      if (entry.room.size > 0) return;
      entry.room.close();
      this.#rooms.delete(id);
    }, this.#options.limits.emptyTimeoutMs);
    entry.expiry.unref();
  }
}
