import type { LanguageTag, PeerId } from './ids.ts';

/** How one track fares in the media process, counted since it was first listened to. */
export interface SpeakerStats {
  readonly peerId: PeerId;
  /** Packets that arrived. */
  readonly packets: number;
  /** Never came, or came too late. */
  readonly lost: number;
  /** Of the lost, rebuilt from the error correction in the next packet. */
  readonly recovered: number;
  /** Sound made up where packets were lost. */
  readonly concealedMs: number;
  /** Speech that waits for the recogniser. */
  readonly waitingMs: number;
  readonly languages: readonly LanguageStats[];
}

export interface LanguageStats {
  readonly language: LanguageTag;
  /** Of the last phrase: end of speech to its first translated packet. */
  readonly lagMs?: number;
  /** Translated voice that waits to be played. */
  readonly waitingMs: number;
  /** How much faster than spoken the voice is played now; 1 is as spoken. */
  readonly tempo: number;
}

/** One stage of the media process since it started, over all meetings it serves. */
export interface StageStats {
  /** The stage's own name, such as `jitter` or `vad`. */
  readonly stage: string;
  readonly in: number;
  readonly out: number;
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Longest work on one item within the last ten to twenty seconds. */
  readonly slowestMs: number;
}

/** What the media process measures of a call. */
export interface CallStats {
  readonly speakers: readonly SpeakerStats[];
  readonly stages: readonly StageStats[];
}
