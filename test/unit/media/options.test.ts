import { describe, expect, it } from 'vitest';
import { defaults } from '../../../config/defaults.ts';
import { MediaOptions } from '../../../media/options.ts';

const problems = (changes: Record<string, unknown>): string[] => {
  const { error } = MediaOptions.safeParse({ ...defaults.media, ...changes });
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
};

describe('MediaOptions', () => {
  it('takes the defaults', () => {
    expect(problems({})).toEqual([]);
  });

  it('refuses what it does not know', () => {
    expect(problems({ vadTreshold: 0.4 })).toHaveLength(1);
  });

  it('refuses a release above the threshold, and a search longer than the utterance', () => {
    expect(problems({ vadRelease: 0.6 })).toEqual(['vadRelease: must be below vadThreshold']);
    expect(problems({ vadCutSearchMs: 20_000 })).toEqual([
      'vadCutSearchMs: must be below vadMaxUtteranceMs',
    ]);
  });
});
