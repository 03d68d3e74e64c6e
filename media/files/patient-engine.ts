import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type {
  SpeechRequest,
  SpeechResult,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import { pause } from '../clock.ts';
import type { Clock } from '../clock.ts';
import type { EngineClient } from '../interpret/ports.ts';
import { Turns } from './turns.ts';

/** Pauses between two tries double from the first of these to the second. */
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [250, 4_000];

export interface PatientEngineParts {
  /** Undefined until the server has told where models are. */
  readonly engine: () => EngineClient | undefined;
  readonly clock: Clock;
  readonly engineRequests: number;
  readonly patienceMs: number;
  /** A request was put off: the engine was full or away. */
  readonly onWait: () => void;
}

/**
 * The engine as files see it: few requests at once, so that calls come first, and no hurry. While it
 * is full or away a request is tried again, for as long as patience lasts.
 */
export class PatientEngine {
  readonly #parts: PatientEngineParts;
  readonly #turns: Turns;

  constructor(parts: PatientEngineParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.engineRequests);
  }

  get waiting(): number {
    return this.#turns.waiting;
  }

  speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    return this.#ask((engine) => engine.speech(request, signal), signal);
  }

  voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    return this.#ask((engine) => engine.voice(request, signal), signal);
  }

  text(request: TextRequest, signal: AbortSignal): Promise<TextResult> {
    return this.#ask((engine) => engine.text(request, signal), signal);
  }

  async #ask<T>(call: (engine: EngineClient) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, patienceMs, onWait } = this.#parts;
    const deadline = clock.now() + patienceMs;
    for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
      try {
        return await this.#turns.take(() => call(this.#engine()), signal);
      } catch (error) {
        signal.throwIfAborted();
        const passes = error instanceof InferenceError && PASSING.has(error.code);
        if (!passes || clock.now() + ms > deadline) throw error;
      }
      onWait();
      await pause(clock, ms, signal);
    }
  }

  #engine(): EngineClient {
    const engine = this.#parts.engine();
    if (engine !== undefined) return engine;
    throw new InferenceError('unavailable', 'no engine yet');
  }
}

const PASSING: ReadonlySet<string> = new Set(['unavailable', 'overloaded']);
