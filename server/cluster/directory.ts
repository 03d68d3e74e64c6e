import type { Chronicle, RoomPast } from '../rooms/chronicle.ts';
import type { Decisions } from '../rooms/moderation.ts';
import type { RoomId } from '../protocol/ids.ts';

/** Where a meeting is, or will be when the first person comes. */
export interface RoomPlace {
  /** The node's address for browsers; undefined: here. */
  readonly url?: string | undefined;
  /** What its node told last of a meeting that is elsewhere or not open; undefined: look here. */
  readonly told?: { readonly people: number; readonly decisions?: Decisions | undefined };
}

/** Which node has which meeting. One meeting is on one node, and only inference is shared. */
export interface RoomDirectory {
  /** Makes a meeting. Rejects with a RequestError 'serverFull', 'stopping' or 'unavailable'. */
  found(): Promise<RoomId>;
  /**
   * Where a meeting is. One that is nowhere is given a node; one that nobody knows only if
   * `mayBeNew`, otherwise the answer is undefined. Rejects as `found` does.
   */
  locate(id: RoomId, mayBeNew: boolean): Promise<RoomPlace | undefined>;
  /**
   * Someone comes to this node with the right to enter this meeting: opens it here if it is, or may
   * be, this node's. Rejects with a RequestError 'moved', 'serverFull', 'stopping' or 'unavailable'.
   */
  open(id: RoomId, mayBeNew: boolean): Promise<void>;
  /** Whether this node has the meeting, as far as it knows. */
  holds(id: RoomId): boolean;
  /** Nobody has been in the meeting for long: its memory here is gone, and any node may have it. */
  release(id: RoomId): void;
  /** Where what must outlive this node is told; undefined where nothing does. */
  chronicle(id: RoomId): Chronicle | undefined;
  /** Addresses of all nodes that are up, at each of which one may ask for any meeting. */
  readonly doors: readonly string[];
}

/** The meetings open at this node, as a directory needs them. */
export interface LocalRooms {
  has(id: RoomId): boolean;
  /** A new one. Throws a RequestError 'serverFull' or 'stopping'. */
  create(): RoomId;
  /** Throws a RequestError 'serverFull' or 'stopping'. */
  open(id: RoomId, past?: RoomPast): void;
  /** Another node has it now; sound goes on here for `lingerMs`. */
  move(id: RoomId, lingerMs: number): void;
  readonly ids: readonly RoomId[];
}
