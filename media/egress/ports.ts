import type { RtpStream, StageStats } from '../messages.ts';

/** One utterance's translation as the engine spoke it. */
export interface VoicedPhrase {
  /** Mono, -1 to 1. Not to be changed any more. */
  readonly audio: Float32Array;
  readonly sampleRate: number;
  /** When the speaker stopped, on the monotonic clock; lag is counted from here. */
  readonly speechEndedAt: number;
}

/** Why a phrase is not heard: no room, no time left, or its sound could not be converted. */
export type PhraseLoss = 'overflow' | 'late' | 'failed';

/** What becomes of a phrase on its way out: `dropped`, or `started` and `ended`. */
export interface PhraseObserver {
  /** Its first packet was sent at this moment of the monotonic clock. */
  started(at: number): void;
  /** Its last packet was sent, or it was empty. */
  ended(): void;
  dropped(reason: PhraseLoss): void;
}

export interface OutletFigures {
  /** Voice that waits to be played, as long as it was spoken. */
  readonly waitingMs: number;
  /** How much faster than spoken it is played now. */
  readonly tempo: number;
}

/** One speaker's voice in one language. */
export interface VoiceOutlet extends Disposable {
  readonly figures: OutletFigures;
  /** Plays a phrase after all phrases before it. Once disposed, nothing more is heard or told. */
  speak(phrase: VoicedPhrase, observer: PhraseObserver): void;
}

/** Where voices go out, on this thread or another. */
export interface VoiceOutlets {
  open(stream: RtpStream): Promise<VoiceOutlet>;
}

/** What is counted about sending; metrics.ts has both. */
export interface PacketMeter {
  /** How late the pacer woke up. */
  pacerLate(ms: number): void;
  /** A packet was encoded. */
  encoded(): void;
}

/** What egress has done since it began. */
export interface EgressSnapshot {
  readonly stages: readonly StageStats[];
}
