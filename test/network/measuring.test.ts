import { describe, expect, it } from 'vitest';
import { LOOP_MS } from '../support/lab/browsers.ts';
import { waitAnyway, waited } from '../support/lab/calm.ts';
import { failures, ratio, type Finding } from '../support/lab/finding.ts';
import type { Seen } from '../support/lab/page-watch.ts';
import { compare, longestGap, longestSilence } from '../support/lab/sightings.ts';

const voice = (from: number, to: number): readonly Seen[] => [
  { at: from, what: 'translated', audible: true },
  { at: to, what: 'translated', audible: false },
];
const line = (startedAt: number, at: number): Seen => ({ at, what: 'line', startedAt });

describe('how long one waits', () => {
  it('is nothing for a sound that goes on', () => {
    expect(waited(voice(100, 900), 'translated', 500)).toBe(0);
  });

  it('is unknown for what never comes', () => {
    expect(waited(voice(100, 900), 'translated', 1_000)).toBeUndefined();
  });

  it('for new words does not end with the voice of words said before', () => {
    const seen = [
      line(100, 300),
      ...voice(1_100, 1_500),
      line(1_200, 1_600),
      ...voice(2_000, 2_500),
    ];
    expect(waited(seen, 'new words', 1_000)).toBe(1_000);
  });

  it('for an original does not end with what the browser makes up when packets stop', () => {
    const seen: readonly Seen[] = [
      { at: 0, what: 'original', audible: true },
      { at: 1_200, what: 'original', audible: false },
      { at: 3_000, what: 'packets' },
      { at: 3_050, what: 'original', audible: true },
    ];
    expect(waited(seen, 'original', 1_000)).toBe(2_050);
  });

  it('anyway is read off the undisturbed call at the same place of the loop', () => {
    const undisturbed = [0, 1, 2].flatMap((lap) =>
      voice(lap * LOOP_MS + 2_000, lap * LOOP_MS + 4_000),
    );
    const span = { from: 0, to: 3 * LOOP_MS };
    const at = (place: number) =>
      waitAnyway(undisturbed, span, { what: 'translated', since: 10 * LOOP_MS + place });
    expect(at(1_000)).toBeCloseTo(1_200);
    expect(at(3_000)).toBe(0);
  });

  it('anyway is unknown when the undisturbed part was too short', () => {
    const since = 10 * LOOP_MS;
    expect(waitAnyway([], { from: 0, to: 100 }, { what: 'translated', since })).toBeUndefined();
  });
});

describe('what is missing in between', () => {
  it('is the longest silence between two sounds', () => {
    const seen = [...voice(0, 100), ...voice(400, 500), ...voice(550, 600)];
    expect(longestSilence(seen, 'translated', { from: 0, to: 600 })).toBe(300);
  });

  it('is the longest time without packets, its ends included', () => {
    const seen: readonly Seen[] = [{ at: 700, what: 'packets' }];
    expect(longestGap(seen, { from: 0, to: 1_000 })).toBe(700);
  });

  it('is told of captions beside a page that has them all', () => {
    const lines = (...times: number[]) => times.map((startedAt) => ({ startedAt, text: '' }));
    expect(compare(lines(1, 3, 3, 2), lines(1, 2, 3, 4))).toEqual({
      ...{ missing: 1, repeated: 1, inOrder: false },
    });
  });
});

describe('a finding', () => {
  const finding: Finding = {
    ...{ row: 'a row', whose: [], notes: [] },
    figures: [
      { what: 'wait', value: 500, limit: 1_000, unit: 'ms' },
      { what: 'loss', value: Number.NaN, limit: 8, unit: '%' },
    ],
    claims: [{ says: 'one tile', holds: false }],
  };

  it('fails by every figure above its limit or unknown, and by every claim that does not hold', () => {
    expect(failures(finding)).toEqual(['loss: NaN %, at most 8 %', 'not true: one tile']);
  });

  it('is as good as its worst figure', () => {
    expect(ratio({ ...finding, figures: finding.figures.slice(0, 1) })).toBe(0.5);
  });
});
