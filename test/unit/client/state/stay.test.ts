import { describe, expect, it } from 'vitest';
import { CallError } from '../../../../client/messages.ts';
import { failureOf, recovery } from '../../../../client/state/stay.ts';

describe('coming back into a call', () => {
  it('waits longer after each passing failure and gives up after the fourth', () => {
    const waits = [0, 1, 2, 3, 4].map((attempt) => recovery('unavailable', attempt));
    expect(waits).toEqual([
      { waitMs: 1_000 },
      { waitMs: 2_000 },
      { waitMs: 4_000 },
      { waitMs: 8_000 },
      { end: 'lost' },
    ]);
  });

  it('ends at once when the meeting is gone', () => {
    expect(recovery('roomNotFound', 0)).toEqual({ end: 'gone' });
  });

  it('ends at once when a host wants it so', () => {
    expect(recovery('removed', 0)).toEqual({ end: 'removed' });
    expect(recovery('roomEnded', 0)).toEqual({ end: 'ended' });
  });

  it.each(['roomFull', 'mediaFull', 'serverFull'] as const)(
    'ends at once when others have taken the place: %s',
    (code) => {
      expect(recovery(code, 0)).toEqual({ end: 'full' });
    },
  );

  it('does not insist where trying again cannot help', () => {
    expect(recovery('badRequest', 0)).toEqual({ end: 'lost' });
  });

  it('takes what is not a CallError for an error of ours', () => {
    expect(failureOf(new CallError('roomFull', ''))).toBe('roomFull');
    expect(failureOf(new TypeError('x'))).toBe('internal');
  });
});
