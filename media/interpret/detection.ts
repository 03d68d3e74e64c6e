import { concatenate, SPEECH_PER_MS } from '../audio.ts';
import type { SpeakerKey } from '../messages.ts';
import type { StageMeter } from '../stage.ts';
import type { Engine, Report } from './ports.ts';

/** Speech that is asked about, and with which an utterance need not be waited for any longer. */
const ENOUGH_MS = 3000;
/** Of an utterance that has ended, once the language is known. */
const LEAST_MS = 2000;
const PATIENCE_MS = 10_000;

export interface DetectionParts {
  readonly speaker: SpeakerKey;
  readonly engine: Pick<Engine, 'identify'>;
  readonly report: Report;
  /** Counts utterances that are not asked about, because the last answer is still awaited. */
  readonly meter: StageMeter;
}

/**
 * Which of some languages a person speaks: asked with the first three seconds of speech, however many
 * utterances these take, and then once with each utterance of two seconds or more. One question at a
 * time; it holds nothing up, and one without an answer leaves things as they are.
 */
export class LanguageDetection implements Disposable {
  readonly #parts: DetectionParts;
  readonly #closing = new AbortController();
  #among: readonly string[] = [];
  #speech: Float32Array[] = [];
  #samples = 0;
  /** Since `among` was chosen. */
  #known = false;
  /** With the utterance that is being spoken. */
  #asked = false;
  #asking = false;

  constructor(parts: DetectionParts) {
    this.#parts = parts;
  }

  /** Begins anew among these languages; with fewer than two there is nothing to ask. */
  listenFor(among: readonly string[]): void {
    this.#among = among.length < 2 ? [] : among;
    this.#known = false;
    this.#forget();
  }

  began(): void {
    this.#asked = false;
    if (this.#known) this.#forget();
  }

  heard(samples: Float32Array): void {
    if (this.#among.length === 0 || this.#asked) return;
    this.#speech.push(samples);
    this.#samples += samples.length;
    if (this.#samples >= ENOUGH_MS * SPEECH_PER_MS) this.#ask();
  }

  ended(): void {
    if (this.#known && !this.#asked && this.#samples >= LEAST_MS * SPEECH_PER_MS) this.#ask();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#among = [];
    this.#forget();
  }

  #forget(): void {
    this.#speech = [];
    this.#samples = 0;
  }

  #ask(): void {
    this.#asked = true;
    const audio = concatenate(this.#speech);
    this.#forget();
    if (this.#asking) this.#parts.meter.drop('busy');
    else void this.#question(audio, this.#among);
  }

  /** Never rejects. An answer about languages that are no longer listened for is let go. */
  async #question(audio: Float32Array, among: readonly string[]): Promise<void> {
    this.#asking = true;
    const { engine, report, speaker } = this.#parts;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const { languages } = await engine.identify({ audio, among }, signal);
      if (this.#among !== among) return;
      this.#known = true;
      report({ type: 'language-heard', speaker, languages });
    } catch {
      // Counted with the engine's answers; the next speech is asked about.
    } finally {
      this.#asking = false;
    }
  }
}
