import { RequestError } from '../errors.ts';
import type { RequestData } from '../protocol/requests.ts';
import type { Attendance, Entrant } from './attendance.ts';
import type { Lobby } from './lobby.ts';
import type { MediaPlace } from './media-places.ts';
import type { Moderation } from './moderation.ts';
import type { Peer } from './peer.ts';
import type { Outbox } from './ports.ts';

export interface GateOptions {
  readonly attendance: Attendance;
  readonly moderation: Moderation;
  readonly lobby: Lobby;
  readonly place: MediaPlace;
}

/** Who gets a place in a room: by what the hosts have decided, and while there is one. */
export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Asks the hosts to let someone in, where that is needed, and returns what to call when they give
   * up; undefined when they may come in. Throws a RequestError 'removed', 'roomEnded', 'roomLocked',
   * 'roomFull' or 'lobbyFull'.
   */
  knock(entrant: Entrant, request: RequestData<'join'>, outbox: Outbox): (() => void) | undefined {
    const { peerId } = entrant;
    const { attendance, lobby } = this.#options;
    if (attendance.find(peerId) || !this.#mustAsk(entrant)) return undefined;
    attendance.requirePlace();
    const { displayName, speak } = request;
    return lobby.wait({ peerId, displayName, speak }, outbox);
  }

  /** Throws a RequestError 'waiting', 'mediaFull', 'serverFull' or one of those of `knock`. */
  admit(entrant: Entrant, request: RequestData<'join'>): Peer {
    const { attendance, moderation, lobby, place } = this.#options;
    if (this.#mustAsk(entrant)) throw new RequestError('waiting', 'a host has to let you in');
    attendance.requirePlace();
    place.enter();
    const role = moderation.roleOf(entrant);
    moderation.entered(role);
    lobby.entered(entrant.peerId);
    return attendance.admit({ ...entrant, role }, request);
  }

  #mustAsk(entrant: Entrant): boolean {
    const { lobby, moderation } = this.#options;
    return !lobby.isAdmitted(entrant.peerId) && moderation.mustAsk(entrant);
  }
}
