import type { Program } from '../process/supervisor.ts';
import type { VoiceRequest, VoiceResult } from '../protocol/task-models.ts';

/** A sidecar that is running, here or elsewhere. */
export interface SpeakingProgram extends Program {
  /** Rejects with an InferenceError, or the signal's reason, which the sidecar hears of as well. */
  speak(request: VoiceRequest, deadlineMs: number, signal: AbortSignal): Promise<VoiceResult>;
}
