/**
 * What the tool and the processes that make its load say to each other over their IPC channel. Both
 * are ours and start from the same checkout, so these are types, not schemas.
 */

/** Meetings over WebRTC. */
export interface WebRtcJob {
  readonly type: 'webrtc';
  readonly url: string;
  readonly rooms: number;
  /** How many rooms of the load come before those of this process. */
  readonly firstRoom: number;
  readonly peers: number;
  readonly speakers: number;
  /** Tags of the languages that the others listen in, by turns; empty: as it is spoken. */
  readonly languages: readonly string[];
}

/** Packets straight to a media process, which is started for it with its models. */
export interface RtpJob {
  readonly type: 'rtp';
  readonly speakers: number;
  /** How many languages each is spoken in. */
  readonly languages: number;
}

export type Job = WebRtcJob | RtpJob;

export type ToCrew = { readonly type: 'begin'; readonly job: Job } | { readonly type: 'end' };

/** Something that took so long, and when it was over on this machine's CLOCK_MONOTONIC. */
export interface Took {
  readonly at: number;
  readonly ms: number;
}

export type Counts = Readonly<Record<string, number>>;

/** What has happened since the last one of these. */
export interface Tally {
  readonly joins: readonly Took[];
  readonly firstVoices: readonly Took[];
  readonly voices: readonly Took[];
  /** present, received, late, lost, said, heard, captions. */
  readonly counts: Readonly<Record<Counted, number>>;
  readonly refusals: Counts;
  readonly faults: Counts;
  /** Longest delay of the event loop. */
  readonly loopDelayMs: number;
}

export type Counted = (typeof COUNTED)[number];
/**
 * `present` grows and shrinks with the bots in meetings; frames are of 20 ms; `said` counts phrases
 * that are over once for each listener who is asked.
 */
export const COUNTED = [
  'present',
  'received',
  'late',
  'lost',
  'said',
  'heard',
  'captions',
] as const;

export type FromCrew =
  | { readonly type: 'tally'; readonly tally: Tally }
  /** Everybody who could come in is in. */
  | { readonly type: 'complete' }
  /** It cannot be done at all; the message says why. */
  | { readonly type: 'impossible'; readonly message: string };
