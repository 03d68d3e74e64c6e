import type { TranslationState } from '../server/protocol/events.ts';
import type { LanguageTag } from '../server/protocol/ids.ts';
import { ownName } from './languages.ts';
import { m } from './paraglide/messages.js';

/** What a listener misses of a speaker: the voice, so that there are captions only, or both. */
export type Loss = 'voice' | 'translation';

/** A loss lasts through the next attempt, until that has succeeded or was not needed. */
export function lossAfter(before: Loss | undefined, state: TranslationState['state']) {
  switch (state) {
    case 'voiceless':
      return 'voice';
    case 'failed':
      return 'translation';
    case 'interpreting':
      return before;
    case 'idle':
    case 'speaking':
    case 'unavailable':
      return undefined;
  }
}

/** The worst of what a listener misses. */
export function worst(losses: readonly (Loss | undefined)[]): Loss | undefined {
  return losses.includes('translation') ? 'translation' : losses.find((loss) => loss !== undefined);
}

/** What to tell a listener who hears `language`. */
export function explainLoss(loss: Loss, language: LanguageTag): string {
  return loss === 'voice'
    ? m.people_voiceless({ language: ownName(language) })
    : m.people_unavailable();
}
