import type { EngineInfo } from './events.ts';
import type { LanguageTag, Role, RoomId, RoomKey } from './ids.ts';

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
  /** Whether one with this key comes in at once, is let in by a host, or not at all for now. */
  readonly entry: 'open' | 'lobby' | 'locked';
  /** Set when the meeting is at another server than the one asked: the socket is opened there. */
  readonly node?: { readonly url: string };
  /** Servers at which one may ask again when the meeting’s own is gone; absent when it is alone. */
  readonly doors?: readonly string[];
  /** Set when nobody is translated before they have agreed to it. */
  readonly consentRequired?: true;
  /** Set when the words of those who agree are kept in writing: for how long, milliseconds. */
  readonly keepsTranscriptFor?: number;
}

/** GET /api/languages: what the engine behind this server makes possible, empty until it has told. */
export interface LanguageMatrix extends Omit<EngineInfo, 'name'> {
  /** Every language that appears below, in alphabetical order of their tags. */
  readonly languages: readonly LanguageTag[];
}

/** GET /api/info */
export interface ServerInfo {
  readonly version: string;
  readonly engine: EngineInfo;
}
