import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clock, cuesOf, oneByOne } from '../../../../client/record/cues.ts';
import type { Cue } from '../../../../client/record/cues.ts';
import type { RecordLine } from '../../../../server/protocol/record.ts';
import { BEGUN, brokenLine, recordLine } from '../../../support/record-lines.ts';

const times = (cues: readonly Cue[]) => cues.map(({ startMs, endMs }) => [startMs, endMs]);

describe('when lines are shown', () => {
  test('from the beginning of the first line, for as long as each was spoken', () => {
    expect(times(cuesOf([recordLine(0), recordLine(5_000)]))).toEqual([
      [0, 1_000],
      [5_000, 6_000],
    ]);
  });

  test('two who speak at once are both shown', () => {
    const long = recordLine(0, { endedAt: BEGUN + 10_000 });
    expect(times(cuesOf([long, recordLine(5_000)]))).toEqual([
      [0, 10_000],
      [5_000, 6_000],
    ]);
  });

  test('in order of time, whatever the order of lines', () => {
    expect(times(cuesOf([recordLine(5_000), recordLine(0)]))).toEqual([
      [0, 1_000],
      [5_000, 6_000],
    ]);
  });

  test('a line without an end is shown for as long as it takes to read, 7 s at most', () => {
    const short = brokenLine(0, 'x'.repeat(30));
    const long = brokenLine(9_000, 'x'.repeat(3_000));
    expect(times(cuesOf([short, long]))).toEqual([
      [0, 2_010],
      [9_000, 16_000],
    ]);
  });

  test('an end before the beginning still shows the line', () => {
    expect(times(cuesOf([recordLine(0, { endedAt: BEGUN - 5_000 })]))).toEqual([[0, 700]]);
  });
});

describe('one at a time', () => {
  test('a line gives way to the next', () => {
    const long = recordLine(0, { endedAt: BEGUN + 10_000 });
    expect(times(oneByOne(cuesOf([long, recordLine(5_000)])))).toEqual([
      [0, 5_000],
      [5_000, 6_000],
    ]);
  });

  test('whoever speaks at the same moment is shown afterwards', () => {
    expect(times(oneByOne(cuesOf([recordLine(0), recordLine(0, { sequence: 1 })])))).toEqual([
      [0, 700],
      [700, 1_400],
    ]);
  });

  test('no two overlap, each is shown for a while, and none is lost', () => {
    const spoken = fc.record({ at: fc.nat(20_000), length: fc.integer({ min: -500, max: 9_000 }) });
    fc.assert(
      fc.property(fc.array(spoken, { maxLength: 50 }), (utterances) => {
        const lines = utterances.map(({ at, length }, sequence): RecordLine =>
          recordLine(at, { sequence, endedAt: BEGUN + at + length }),
        );
        const cues = oneByOne(cuesOf(lines));
        expect(cues).toHaveLength(lines.length);
        let free = 0;
        for (const { startMs, endMs } of cues) {
          expect(startMs).toBeGreaterThanOrEqual(free);
          expect(endMs - startMs).toBeGreaterThanOrEqual(700);
          free = endMs;
        }
      }),
    );
  });
});

test.each([
  [0, '00:00:00,000'],
  [61_001, '00:01:01,001'],
  [59_999.6, '00:01:00,000'],
  [3_599_999, '00:59:59,999'],
  [360_000_000, '100:00:00,000'],
])('%d ms on the clock is %s', (ms, shown) => {
  expect(clock(ms, ',')).toBe(shown);
});
