import type { EngineInfo } from './events.ts';
import type { RoomId } from './ids.ts';

/** Answers of the plain HTTP endpoints that the pages use before a call. */

/** POST /api/rooms */
export interface RoomCreated {
  readonly roomId: RoomId;
}

/** GET /api/rooms/:roomId — 404 with a WireError when there is no such room. */
export interface RoomSummary {
  readonly roomId: RoomId;
  readonly peers: number;
  readonly full: boolean;
}

/** GET /api/info */
export interface ServerInfo {
  readonly version: string;
  readonly engine: EngineInfo;
}
