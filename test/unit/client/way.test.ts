import { describe, expect, it } from 'vitest';
import { verdict } from '../../../client/way.ts';
import type { Tried, WayKind } from '../../../client/way.ts';

const open = (kind: 'UDP' | 'TCP', roundTrip?: number): Tried => ({ kind, path: kind, roundTrip });
const shut = (kind: WayKind): Tried => ({ kind, path: undefined, roundTrip: undefined });
const relay: Tried = { kind: 'relay', path: 'TURN over TLS', roundTrip: 61.7 };

describe('the way to the server, in words', () => {
  it('is good when UDP gets through, whatever else does not', () => {
    expect(verdict([open('UDP', 11.6), shut('TCP'), shut('relay')])).toEqual({
      tone: 'good',
      text: 'Good connection: direct, 12 ms.',
      advice: undefined,
    });
  });

  it('says no time that is not known, and none shorter than a millisecond', () => {
    expect(verdict([open('UDP')]).text).toBe('Good connection: direct.');
    expect(verdict([open('UDP', 0.2)]).text).toBe('Good connection: direct, 1 ms.');
  });

  it('is long when answers will come late', () => {
    const { tone, text, advice } = verdict([open('UDP', 420)]);
    expect([tone, text]).toEqual(['fair', 'Long way: direct, 420 ms.']);
    expect(advice).toContain('VPN');
  });

  it('is usable over TCP alone, and says what that means', () => {
    const { tone, text, advice } = verdict([shut('UDP'), open('TCP', 30), relay]);
    expect([tone, text]).toEqual(['fair', 'Usable connection: direct, but over TCP only, 30 ms.']);
    expect(advice).toContain('blocks UDP');
  });

  it('names the relay when that is all there is', () => {
    expect(verdict([shut('UDP'), shut('TCP'), relay]).text).toBe(
      'Only through a relay (TURN over TLS), 62 ms.',
    );
  });

  it('says when nothing gets through, and what else to try', () => {
    const { tone, advice } = verdict([shut('UDP'), shut('TCP'), shut('relay')]);
    expect(tone).toBe('bad');
    expect(advice).toContain('Try another network');
  });
});
