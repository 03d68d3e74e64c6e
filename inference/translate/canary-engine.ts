import type { Voice } from '../offline/voice/voice.ts';
import type {
  EngineLanguages,
  SpeechRequest,
  SpeechResult,
  TaskModels,
  VoiceRequest,
  VoiceResult,
} from '../protocol/task-models.ts';
import type { CanarySpeech } from './speech.ts';

/** Canary hears and translates; espeak-ng speaks. Owns both. */
export class CanaryEngine implements TaskModels {
  readonly #speech: CanarySpeech;
  readonly #voice: Voice;

  constructor(speech: CanarySpeech, voice: Voice) {
    this.#speech = speech;
    this.#voice = voice;
  }

  get languages(): EngineLanguages {
    return this.#speech.languages;
  }

  ready(): boolean {
    return this.#speech.ready() && this.#voice.ready();
  }

  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    return this.#speech.speech(request, signal);
  }

  async voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    return this.#voice.speak(request, signal);
  }

  async close(): Promise<void> {
    await Promise.all([this.#speech.close(), this.#voice.close()]);
  }
}
