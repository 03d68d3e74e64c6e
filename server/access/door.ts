import { RequestError } from '../errors.ts';
import type { Entrance, RoomCreated } from '../protocol/api.ts';
import type { RoomId, RoomKey } from '../protocol/ids.ts';
import type { Room } from '../rooms/room.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';
import type { RoomKeys } from './keys.ts';
import type { Grant, Tokens } from './tokens.ts';

export interface DoorOptions {
  readonly rooms: RoomRegistry;
  readonly keys: RoomKeys;
  readonly tokens: Tokens;
  /** Nobody is translated before they agree. */
  readonly consentRequired?: boolean;
  /** How long the words of those who agree are kept; undefined when nothing is. */
  readonly keepsTranscriptFor: number | undefined;
}

/** The one way into a meeting: the key of a link is exchanged for a token, and a token for a place. */
export class Door {
  readonly #options: DoorOptions;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Makes a meeting. Throws a RequestError 'serverFull' or 'stopping'. */
  create(): RoomCreated {
    const { rooms, keys } = this.#options;
    const { id } = rooms.create();
    return { roomId: id, hostKey: keys.of(id, 'host'), guestKey: keys.of(id, 'guest') };
  }

  /**
   * For someone with a link. The host's link opens its meeting again after a restart of the server.
   * Rejects with a RequestError 'roomNotFound', for a wrong key just as for a wrong id, 'roomEnded',
   * 'serverFull' or 'stopping'.
   */
  async enter(roomId: RoomId, key: RoomKey): Promise<Entrance> {
    const { rooms, keys, tokens, consentRequired, keepsTranscriptFor } = this.#options;
    const role = keys.roleOf(roomId, key);
    const room = role === 'host' ? rooms.revive(roomId) : rooms.find(roomId);
    if (role === undefined || !room) throw notFound();
    return {
      token: await tokens.forJoining(roomId, role),
      role,
      guestKey: keys.of(roomId, 'guest'),
      peers: room.size,
      full: room.full,
      entry: room.entry(role),
      ...(consentRequired === true && { consentRequired }),
      ...(keepsTranscriptFor !== undefined && { keepsTranscriptFor }),
    };
  }

  /** Rejects with a RequestError 'badToken'. */
  async verify(token: string): Promise<Grant> {
    return this.#options.tokens.verify(token);
  }

  /**
   * The room that a token admits to. Whoever was in a meeting when the server was restarted opens
   * it again. Throws a RequestError 'roomNotFound', 'serverFull' or 'stopping'.
   */
  room({ roomId, peerId, returning, fromBefore }: Grant): Room {
    const { rooms } = this.#options;
    const room = returning && fromBefore ? rooms.revive(roomId) : rooms.find(roomId);
    if (!room) throw notFound();
    if (!room.has(peerId)) rooms.requirePlace();
    return room;
  }

  /** The token with which someone comes back as the same person. */
  async session(grant: Grant): Promise<string> {
    return this.#options.tokens.forReturning(grant);
  }

  /** Throws a RequestError 'roomNotFound' unless the key is the host's. */
  requireHost(roomId: RoomId, key: RoomKey): void {
    if (this.#options.keys.roleOf(roomId, key) !== 'host') throw notFound();
  }
}

function notFound(): RequestError {
  return new RequestError('roomNotFound', 'there is no such meeting');
}
