import type { IncrementalText, SpeechRequest, SpeechResult } from './task-models.ts';

const NOTHING: IncrementalText = { committed: '', tentative: '' };

/** The answer for an utterance in which nothing is wanted, or nothing was said. */
export function nothingSaid({ targets }: Pick<SpeechRequest, 'targets'>): SpeechResult {
  return { transcript: NOTHING, translations: targets.map(() => NOTHING), logprob: 0 };
}
