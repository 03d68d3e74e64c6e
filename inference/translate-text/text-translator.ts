import type { LanguagePair } from '../protocol/task-models.ts';
import type { Lane } from './lanes.ts';

export interface TextToTranslate {
  readonly text: string;
  readonly source: string;
  /** At least one. */
  readonly targets: readonly string[];
  readonly lane: Lane;
}

/** Translates written text, a sentence or several, into several languages at once. */
export interface TextTranslator {
  /** Short name, for people. */
  readonly engine: string;
  /** Known before it is ready. */
  readonly pairs: readonly LanguagePair[];
  ready(): boolean;
  /**
   * Between languages of `pairs`; answers in the order of the targets. Rejects with an InferenceError, or
   * the signal's reason.
   */
  translate(text: TextToTranslate, signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}
