import type { PeerId, Role, RoomId } from '../protocol/ids.ts';

/** Is told who comes and goes. Never throws and never waits. */
export interface RoomObserver {
  /** Someone has taken a place. */
  joined(roomId: RoomId, peerId: PeerId, role: Role): void;
  /** They have left it for good, or the meeting has ended here. */
  left(roomId: RoomId, peerId: PeerId): void;
}
