/**
 * The two models every engine serves, whatever is behind them: Parley's own offline engine, Canary
 * on this machine, a Silero sidecar, or Triton and KServe elsewhere. Tensor names and shapes are
 * set down in docs/inference-protocol.md.
 */

/** Sample rate of all speech that goes to a recogniser. */
export const SPEECH_RATE = 16_000;

/**
 * Part of an utterance, or all of it (`start` and `end` both true). Parts of one utterance share
 * `sequence` and come in order. Abandoning a sequence is sending its `end` with no audio.
 */
export interface SpeechRequest {
  readonly sequence: number;
  readonly start: boolean;
  readonly end: boolean;
  /** 16 kHz mono, -1 to 1; may be empty. */
  readonly audio: Float32Array;
  /** BCP-47 tag of the language spoken. */
  readonly source: string;
  /** BCP-47 tags; may be empty when only the transcript is wanted. */
  readonly targets: readonly string[];
}

/** `committed` only grows within a sequence; `tentative` may change, and is empty at the end. */
export interface IncrementalText {
  readonly committed: string;
  readonly tentative: string;
}

export interface SpeechResult {
  readonly transcript: IncrementalText;
  /** In the order of the request's targets. */
  readonly translations: readonly IncrementalText[];
  /** Natural log of the recogniser's confidence; 0 when it has none. */
  readonly logprob: number;
}

export interface VoiceRequest {
  readonly text: string;
  readonly language: string;
  /** `<kind>` or `<kind>-<variant>`: male, female, male-1 … */
  readonly voice: string;
}

export interface VoiceResult {
  readonly audio: Float32Array;
  readonly sampleRate: number;
}

/** What an engine can do, as `GET /v2/models/speech` tells it in `parameters`. */
export interface EngineLanguages {
  /** Short name for people and logs: 'offline', 'canary'. */
  readonly engine: string;
  readonly recognises: readonly string[];
  readonly pairs: readonly { readonly source: string; readonly target: string }[];
}

/** Serves the two models. Implemented by engines, called by the protocol server. */
export interface TaskModels {
  readonly languages: EngineLanguages;
  /** True once models are loaded and requests are answered in time. */
  ready(): boolean;
  /** Rejects with an InferenceError. */
  speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult>;
  /** Rejects with an InferenceError. */
  voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult>;
  close(): Promise<void>;
}
