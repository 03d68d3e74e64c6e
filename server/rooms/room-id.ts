import { nanoid } from 'nanoid';
import { RoomId } from '../protocol/ids.ts';

/** 22 characters of 64 kinds: 132 bits, so a link cannot be guessed. */
const LENGTH = 22;

export function newRoomId(): RoomId {
  return RoomId.parse(nanoid(LENGTH));
}
