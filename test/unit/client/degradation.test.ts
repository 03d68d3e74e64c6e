import { describe, expect, it } from 'vitest';
import { explainLoss, lossAfter, worst } from '../../../client/degradation.ts';
import type { Loss } from '../../../client/degradation.ts';
import type { TranslationState } from '../../../server/protocol/events.ts';
import { LanguageTag } from '../../../server/protocol/ids.ts';

const after = (...states: readonly TranslationState['state'][]) =>
  states.reduce<Loss | undefined>(lossAfter, undefined);

describe('what a listener misses', () => {
  it('is the voice, or the translation with it', () => {
    expect(after('interpreting', 'voiceless')).toBe('voice');
    expect(after('interpreting', 'failed')).toBe('translation');
  });

  it('is missed through the next attempt, until that is heard or nothing is to be heard', () => {
    expect(after('voiceless', 'interpreting')).toBe('voice');
    expect(after('voiceless', 'interpreting', 'speaking')).toBeUndefined();
    expect(after('failed', 'interpreting', 'idle')).toBeUndefined();
  });

  it('gets worse or better as it comes', () => {
    expect(after('voiceless', 'interpreting', 'failed')).toBe('translation');
    expect(after('failed', 'interpreting', 'voiceless')).toBe('voice');
  });

  it('is told of all speakers at once by the worst', () => {
    expect(worst([])).toBeUndefined();
    expect(worst([undefined, 'voice', undefined])).toBe('voice');
    expect(worst(['voice', 'translation'])).toBe('translation');
  });

  it('is said plainly', () => {
    const es = LanguageTag.parse('es');
    expect(explainLoss('voice', es)).toBe('No voice for Español right now. Captions go on.');
    expect(explainLoss('translation', es)).toBe(
      'Translation is unavailable. You hear the original.',
    );
  });
});
