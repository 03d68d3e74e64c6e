import { describe, expect, it } from 'vitest';
import { describeNetwork, describeReach } from '../../../client/reach.ts';
import type { AudienceMember } from '../../../server/protocol/events.ts';
import { LanguageTag, PeerId } from '../../../server/protocol/ids.ts';

const ana: AudienceMember = {
  peerId: PeerId.parse('ana'),
  language: LanguageTag.parse('es'),
  state: 'speaking',
  lagMs: 1_840,
};

describe('how far along a listener is', () => {
  it('is said with the language and the lag while their voice speaks', () => {
    expect(describeReach(ana)).toEqual({ text: 'hears you in Español, 1.8 s behind', late: false });
  });

  it('is said without a lag before the first one is known', () => {
    const { lagMs: _, ...first } = ana;
    expect(describeReach({ ...first, state: 'interpreting' })).toEqual({
      text: 'hears you in Español',
      late: false,
    });
  });

  it('is late above four seconds', () => {
    expect(describeReach({ ...ana, lagMs: 4_000 })?.late).toBe(false);
    expect(describeReach({ ...ana, lagMs: 4_001 })?.late).toBe(true);
  });

  it('is not said when nothing is on its way, nor of someone who hears the original', () => {
    expect(describeReach({ ...ana, state: 'idle' })).toBeUndefined();
    expect(describeReach({ ...ana, state: 'failed' })).toBeUndefined();
    expect(describeReach(undefined)).toBeUndefined();
  });
});

describe('a connection', () => {
  it('has three steps, each with its words', () => {
    expect((['good', 'weak', 'poor'] as const).map(describeNetwork)).toEqual([
      'Good connection',
      'Weak connection',
      'Poor connection',
    ]);
  });
});
