import type { RoomDirectory, RoomPlace } from '../cluster/directory.ts';
import { SingleNode } from '../cluster/single-node.ts';
import { RequestError } from '../errors.ts';
import type { Entrance, RoomCreated } from '../protocol/api.ts';
import type { Role, RoomId, RoomKey } from '../protocol/ids.ts';
import { Moderation } from '../rooms/moderation.ts';
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
  /** Which node has which meeting; left out: this server is alone. */
  readonly directory?: RoomDirectory;
  /** People in one room, on all nodes; needed with a directory. */
  readonly maxPeers?: number;
}

/** The one way into a meeting: the key of a link is exchanged for a token, and a token for a place. */
export class Door {
  readonly #options: DoorOptions;
  readonly #directory: RoomDirectory;

  constructor(options: DoorOptions) {
    this.#options = options;
    const { rooms, directory } = options;
    const here = { has: (id: RoomId) => !!rooms.find(id), create: () => rooms.create().id };
    this.#directory = directory ?? new SingleNode(here);
  }

  /** Makes a meeting on this server. Throws a RequestError 'serverFull' or 'stopping'. */
  create(): RoomCreated {
    return this.#linksTo(this.#options.rooms.create().id);
  }

  /** Makes a meeting. Rejects with a RequestError 'serverFull', 'stopping' or 'unavailable'. */
  async found(): Promise<RoomCreated> {
    return this.#linksTo(await this.#directory.found());
  }

  /**
   * For someone with a link. The host's link opens its meeting again after a restart of the server.
   * Rejects with a RequestError 'roomNotFound', for a wrong key just as for a wrong id, 'roomEnded',
   * 'serverFull', 'stopping' or 'unavailable'.
   */
  async enter(roomId: RoomId, key: RoomKey): Promise<Entrance> {
    const { keys, tokens, consentRequired, keepsTranscriptFor } = this.#options;
    const role = keys.roleOf(roomId, key);
    const place = role && (await this.#directory.locate(roomId, role === 'host'));
    if (role === undefined || !place) throw notFound();
    const { url } = place;
    const { doors } = this.#directory;
    return {
      token: await tokens.forJoining(roomId, role),
      role,
      guestKey: keys.of(roomId, 'guest'),
      ...this.#seen(roomId, role, place),
      ...(url !== undefined && { node: { url } }),
      ...(doors.length > 0 && { doors }),
      ...(consentRequired === true && { consentRequired }),
      ...(keepsTranscriptFor !== undefined && { keepsTranscriptFor }),
    };
  }

  /** Rejects with a RequestError 'badToken'. */
  async verify(token: string): Promise<Grant> {
    return this.#options.tokens.verify(token);
  }

  /**
   * Someone with this token has come to this server: their meeting is opened here if it is to be.
   * Rejects with a RequestError 'moved' when it is elsewhere, 'roomNotFound', 'serverFull',
   * 'stopping' or 'unavailable'.
   */
  async arrive({ roomId, returning }: Grant): Promise<void> {
    await this.#directory.open(roomId, returning);
  }

  /**
   * The room that a token admits to. Whoever was in a meeting when the server was restarted opens
   * it again. Throws a RequestError 'roomNotFound', 'moved', 'serverFull' or 'stopping'.
   */
  room({ roomId, peerId, returning, fromBefore }: Grant): Room {
    const { rooms } = this.#options;
    if (!this.#directory.holds(roomId)) {
      throw new RequestError('moved', 'another server has this meeting');
    }
    const room = returning && fromBefore ? rooms.revive(roomId) : rooms.find(roomId);
    if (!room) throw notFound();
    if (!room.has(peerId)) rooms.requirePlace();
    return room;
  }

  /** The token with which someone comes back as the same person. */
  async session(grant: Grant): Promise<string> {
    return this.#options.tokens.forReturning(grant);
  }

  #linksTo(id: RoomId): RoomCreated {
    const { keys } = this.#options;
    return { roomId: id, hostKey: keys.of(id, 'host'), guestKey: keys.of(id, 'guest') };
  }

  /** What someone at the door is told of the meeting: how it is here, or what its own node has told. */
  #seen(id: RoomId, role: Role, { told }: RoomPlace): Pick<Entrance, 'peers' | 'full' | 'entry'> {
    const { rooms, maxPeers = Infinity } = this.#options;
    if (told) {
      const { people, decisions } = told;
      const entry = new Moderation(decisions).entry(role);
      return { peers: people, full: people >= maxPeers, entry };
    }
    const room = role === 'host' ? rooms.revive(id) : rooms.find(id);
    if (!room) throw notFound();
    return { peers: room.size, full: room.full, entry: room.entry(role) };
  }

  /** Throws a RequestError 'roomNotFound' unless the key is the host's. */
  requireHost(roomId: RoomId, key: RoomKey): void {
    if (this.#options.keys.roleOf(roomId, key) !== 'host') throw notFound();
  }
}

function notFound(): RequestError {
  return new RequestError('roomNotFound', 'there is no such meeting');
}
