import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type {
  IdentifyRequest,
  IdentifyResult,
  SpeechRequest,
  SpeechResult,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import type { Clock } from '../clock.ts';
import { measuredCall } from '../stage.ts';
import type { StageMeter } from '../stage.ts';
import type { RecoveringEngine } from './ports.ts';

/** An engine whose answers are counted as the stages `recognise`, `synthesise` and `identify`. */
export class MeasuredEngine implements RecoveringEngine {
  readonly #engine: RecoveringEngine;
  readonly #clock: Clock;
  readonly #recognise: StageMeter;
  readonly #synthesise: StageMeter;
  readonly #identify: StageMeter;

  constructor(
    engine: RecoveringEngine,
    meters: { readonly stage: (name: string) => StageMeter },
    clock: Clock,
  ) {
    this.#engine = engine;
    this.#clock = clock;
    this.#recognise = meters.stage('recognise');
    this.#synthesise = meters.stage('synthesise');
    this.#identify = meters.stage('identify');
  }

  speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    const ask = () => this.#engine.speech(request, signal);
    return measuredCall(ask, this.#recognise, this.#clock, reasonOf);
  }

  voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    const ask = () => this.#engine.voice(request, signal);
    return measuredCall(ask, this.#synthesise, this.#clock, reasonOf);
  }

  identify(request: IdentifyRequest, signal: AbortSignal): Promise<IdentifyResult> {
    const ask = () => this.#engine.identify(request, signal);
    return measuredCall(ask, this.#identify, this.#clock, reasonOf);
  }

  recovered(signal: AbortSignal): Promise<void> {
    return this.#engine.recovered(signal);
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof InferenceError ? error.code : 'aborted';
