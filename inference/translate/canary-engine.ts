import type {
  EngineLanguages,
  SpeechRequest,
  SpeechResult,
  TaskModels,
  VoiceRequest,
  VoiceResult,
} from '../protocol/task-models.ts';
import type { VoiceEngine } from '../synthesize/voice-engine.ts';
import type { TextTranslator } from '../translate-text/text-translator.ts';
import { translatedTexts } from '../translate-text/translated-texts.ts';
import type { CanarySpeech } from './speech.ts';

/**
 * Canary hears and translates, a voice engine speaks, and a translator of texts, where there is one,
 * goes on where Canary's languages end. Owns all three.
 */
export class CanaryEngine implements TaskModels {
  readonly #speech: CanarySpeech;
  readonly #voice: VoiceEngine;
  readonly #texts: TextTranslator | undefined;
  readonly #name: string;
  readonly text: TaskModels['text'];

  /** `name`: of the model, as people are told it. */
  constructor(speech: CanarySpeech, voice: VoiceEngine, texts?: TextTranslator, name = 'canary') {
    this.#speech = speech;
    this.#voice = voice;
    this.#texts = texts;
    this.#name = name;
    this.text = texts && ((request, signal) => translatedTexts(texts, request, signal));
  }

  get languages(): EngineLanguages {
    return { ...this.#speech.languages, engine: this.#name };
  }

  ready(): boolean {
    return this.#speech.ready() && this.#voice.ready() && this.#texts?.ready() !== false;
  }

  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    return this.#speech.speech(request, signal);
  }

  async voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    return this.#voice.speak(request, signal);
  }

  async close(): Promise<void> {
    await Promise.all([this.#speech.close(), this.#voice.close(), this.#texts?.close()]);
  }
}
