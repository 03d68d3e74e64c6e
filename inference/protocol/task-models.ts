/**
 * The two models every engine serves, and two that it may, whatever is behind them: Parley's own
 * offline engine, Canary on this machine, a Silero sidecar, or Triton and KServe elsewhere. Tensor
 * names and shapes are set down in docs/inference-protocol.md.
 */

/** Sample rate of all speech that goes to a recogniser. */
export const SPEECH_RATE = 16_000;

/**
 * Part of an utterance, or all of it (`start` and `end` both true). Parts of one utterance share
 * `sequence` and come in order. A sequence that nobody wants any more is ended by an `abandoned` part.
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
  /** Who speaks, the same in all their utterances: nobody is served at another's expense. */
  readonly speaker?: string;
  /** Nothing of the utterance is wanted any more: neither this part nor what came before. */
  readonly abandoned?: boolean;
}

/** `committed` only grows within a sequence; `tentative` may change, and is empty at the end. */
export interface IncrementalText {
  readonly committed: string;
  readonly tentative: string;
}

/** `lost`: there were words, and they could not be translated into this language. */
export interface Translation extends IncrementalText {
  readonly lost?: boolean;
}

export interface SpeechResult {
  readonly transcript: IncrementalText;
  /** In the order of the request's targets. */
  readonly translations: readonly Translation[];
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

/** Longest text that is translated at once, in UTF-16 units. */
export const MOST_CHARACTERS = 10_000;

/** A written text, of a line or several. */
export interface TextRequest {
  readonly text: string;
  /** BCP-47 tag of the language it is written in. */
  readonly source: string;
  /** BCP-47 tags. */
  readonly targets: readonly string[];
}

export interface TextResult {
  /** In the order of the request's targets. */
  readonly translations: readonly string[];
}

/** Which language is spoken? */
export interface IdentifyRequest {
  /** 16 kHz mono, -1 to 1. */
  readonly audio: Float32Array;
  /** BCP-47 tags to choose from; empty: any. */
  readonly among: readonly string[];
}

export interface IdentifyResult {
  /** The most probable first. Probabilities are 0 to 1, and 1 together at most. */
  readonly languages: readonly { readonly language: string; readonly probability: number }[];
}

export interface LanguagePair {
  readonly source: string;
  readonly target: string;
}

/** A translation of speech; `via`: the language that it goes through. */
export interface SpokenPair extends LanguagePair {
  readonly via?: string;
}

/** What an engine can do, as `GET /v2/models/speech` tells it in `parameters`. */
export interface EngineLanguages {
  /** Short name for people and logs: 'offline', 'canary'. */
  readonly engine: string;
  readonly recognises: readonly string[];
  readonly pairs: readonly SpokenPair[];
  /** Translations of written text. */
  readonly texts: readonly LanguagePair[];
  /** Languages that it can tell apart when they are spoken. */
  readonly identifies: readonly string[];
}

/** Serves the models. Implemented by engines, called by the protocol server. */
export interface TaskModels {
  readonly languages: EngineLanguages;
  /** True once models are loaded and requests are answered in time. */
  ready(): boolean;
  /** Rejects with an InferenceError. */
  speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult>;
  /** Rejects with an InferenceError. */
  voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult>;
  /** Translates written text; undefined where nothing can. Rejects with an InferenceError. */
  readonly text?: ((request: TextRequest, signal: AbortSignal) => Promise<TextResult>) | undefined;
  /** Tells languages apart; undefined where nothing can. Rejects with an InferenceError. */
  readonly identify?:
    ((request: IdentifyRequest, signal: AbortSignal) => Promise<IdentifyResult>) | undefined;
  close(): Promise<void>;
}
