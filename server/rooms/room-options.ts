import type { Logger } from '../log.ts';
import type { IceServer } from '../protocol/ice.ts';
import type { PeerId, RoomId } from '../protocol/ids.ts';
import type { Sfu } from '../sfu/ports.ts';
import type { Chronicle, RoomPast } from './chronicle.ts';
import type { MediaPlace } from './media-places.ts';
import type { TranscriptSink } from './minutes.ts';
import type { Moderation } from './moderation.ts';
import type { RoomObserver } from './observer.ts';

export interface RoomOptions {
  readonly id: RoomId;
  readonly sfu: Sfu;
  readonly place: MediaPlace;
  readonly maxPeers: number;
  /** Nobody is translated before they agree; left out: everyone who does not object. */
  readonly consentRequired?: boolean | undefined;
  /** People who may wait to be let in, and how long each may. */
  readonly maxWaiting: number;
  readonly waitMs: number;
  /** What the hosts have decided so far. */
  readonly moderation: Moderation;
  readonly maxTracksPerPeer: number;
  readonly captionReplay: number;
  readonly captionsKept: number;
  /** Milliseconds since 1970; see CaptionLog. */
  readonly openedAt: number;
  /** Undefined: nothing is kept in writing. */
  readonly transcripts?: TranscriptSink | undefined;
  /** What must outlive this node is told here; undefined: nothing need. */
  readonly chronicle?: Chronicle | undefined;
  /** What was said and read on the node that had the meeting before. */
  readonly past?: RoomPast | undefined;
  /** Is told who comes and goes. */
  readonly observer?: RoomObserver | undefined;
  /** How long the place of someone whose connection is lost is kept. */
  readonly graceMs: number;
  readonly iceServers: (peerId: PeerId) => readonly IceServer[];
  /** The last person has left. */
  readonly onEmpty: () => void;
  /** A host has ended the meeting: this room is closed. */
  readonly onEnded: () => void;
  readonly log: Logger;
}
