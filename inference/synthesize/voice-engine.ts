import type { VoiceRequest, VoiceResult } from '../protocol/task-models.ts';

/** Something that speaks: a model in a process of its own, a sidecar, or several behind one another. */
export interface VoiceEngine {
  /** Short name for logs and figures: `espeak-ng`, `supertonic-3`. */
  readonly name: string;
  /** Language subtags, such as `en`: those it speaks. */
  readonly languages: readonly string[];
  /** True once it has loaded and answers in time. */
  ready(): boolean;
  /** Speaks one text, mono. Rejects with an InferenceError, or the signal's reason. */
  speak(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult>;
  close(): Promise<void>;
}
