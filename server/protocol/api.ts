import type { EngineInfo } from './events.ts';
import type { Role, RoomId, RoomKey } from './ids.ts';

/** Answers of the plain HTTP endpoints that the pages use before a call. */

/** POST /api/rooms. The links are /r/<roomId>#k=<key>. */
export interface RoomCreated {
  readonly roomId: RoomId;
  readonly hostKey: RoomKey;
  readonly guestKey: RoomKey;
}

/**
 * POST /api/rooms/:roomId/join with `{ key }`, for everyone who stands at the door. 404 with a
 * WireError 'roomNotFound' when there is no such room, and just the same for a wrong key.
 */
export interface Entrance {
  /** For the socket's `auth`; good for two minutes. */
  readonly token: string;
  readonly role: Role;
  /** What links for others are made of. */
  readonly guestKey: RoomKey;
  readonly peers: number;
  readonly full: boolean;
  /** Set when the words of those who agree are kept in writing: for how long, milliseconds. */
  readonly keepsTranscriptFor?: number;
}

/** GET /api/info */
export interface ServerInfo {
  readonly version: string;
  readonly engine: EngineInfo;
}
