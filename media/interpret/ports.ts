import type {
  EngineLanguages,
  SpeechRequest,
  SpeechResult,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import type { MediaToServer } from '../messages.ts';

/** The two task models, wherever they run. Both reject with an InferenceError. */
export interface Engine {
  speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult>;
  voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult>;
}

/** An engine that may go away and come back. */
export interface RecoveringEngine extends Engine {
  /** Resolves when the engine is ready again, or has had its time to become so. */
  recovered(signal: AbortSignal): Promise<void>;
}

/** A connection to one server of the Open Inference Protocol. */
export interface EngineClient extends Engine {
  languages(signal: AbortSignal): Promise<EngineLanguages>;
  ready(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a connection to the server at a base URL; connects when first used. */
export type ConnectEngine = (url: string) => EngineClient;

/** Where messages for the server process go. */
export type Report = (message: MediaToServer) => void;
