import type { EndpointFigures } from '../../inference/protocol/pool/endpoint.ts';
import type { ModelsAt } from '../../inference/protocol/pool/models-at.ts';
import type {
  EngineLanguages,
  IdentifyRequest,
  IdentifyResult,
  SpeechRequest,
  SpeechResult,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import type { MediaToServer } from '../messages.ts';

/** The models that a speaker needs, wherever they run. All reject with an InferenceError. */
export interface Engine {
  speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult>;
  voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult>;
  identify(request: IdentifyRequest, signal: AbortSignal): Promise<IdentifyResult>;
}

/** The model for what people write. Rejects with an InferenceError. */
export interface TextEngine {
  text(request: TextRequest, signal: AbortSignal): Promise<TextResult>;
}

/** An engine that may go away and come back. */
export interface RecoveringEngine extends Engine {
  /** Resolves when the engine is ready again, or has had its time to become so. */
  recovered(signal: AbortSignal): Promise<void>;
}

/** A connection to one server of the Open Inference Protocol, or to several. */
export interface EngineClient extends Engine, TextEngine {
  /** How each of several fares. */
  readonly figures?: readonly EndpointFigures[];
  /** Of several, the engine of this machine is at this base URL now. */
  follow?(url: string): void;
  languages(signal: AbortSignal): Promise<EngineLanguages>;
  ready(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a connection to the server at a base URL; connects when first used. */
export type ConnectEngine = (url: string) => EngineClient;

/** Opens a connection to models wherever they are; `onChange`: what they can do may have changed. */
export type ConnectModels = (at: ModelsAt, onChange: () => void) => EngineClient;

/** Where messages for the server process go. */
export type Report = (message: MediaToServer) => void;
