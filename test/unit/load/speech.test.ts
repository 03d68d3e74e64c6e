import { describe, expect, test } from 'vitest';
import { Judge } from '../../load/crew/judge.ts';
import { phraseEnds, phrasesOf, scriptOf } from '../../load/crew/speech-script.ts';

const RATE = 16_000;

/** Loud and quiet stretches by turns, each so many milliseconds long, over a little noise. */
function recording(...lengthsMs: number[]): Float32Array {
  const parts = lengthsMs.map((ms, index) => {
    const loudness = index % 2 === 0 ? 0.3 : 0.001;
    return Float32Array.from({ length: (ms * RATE) / 1000 }, (_, at) => loudness * Math.sin(at));
  });
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

describe('phrases', () => {
  test('are what lies between two silences, not between two words', () => {
    expect(phrasesOf(recording(1_000, 500, 600, 200, 600, 400))).toEqual([
      { startMs: 0, endMs: 1_000 },
      { startMs: 1_500, endMs: 2_900 },
    ]);
  });

  test('are no shorter than what a recogniser can be held to', () => {
    expect(phrasesOf(recording(100, 500, 1_000, 500))).toEqual([{ startMs: 600, endMs: 1_600 }]);
  });

  test('leave time for the translation of each before that of the next', async () => {
    const { phrases, lengthMs, samples } = await scriptOf([
      recording(4_000),
      recording(1_000, 400),
    ]);
    expect(samples.length).toBe(lengthMs * 48);
    expect(phrases).toHaveLength(2);
    const [long = { startMs: 0, endMs: 0 }, short = { startMs: 0, endMs: 0 }] = phrases;
    expect(short.endMs - long.endMs).toBeGreaterThan(4_000 * 1.2);
    const loudest = (ms: number) =>
      samples.subarray(ms * 48, (ms + 200) * 48).reduce((most, x) => Math.max(most, x), 0);
    expect(loudest(long.endMs - 200)).toBeGreaterThan(5_000);
    expect(loudest(long.endMs + 300)).toBeLessThan(200);
  });

  test('there are none in silence', async () => {
    await expect(scriptOf([new Float32Array(RATE)])).rejects.toThrow(/nothing is said/);
  });

  test('end again and again, from where the speaker begins', () => {
    const phrases = [
      { startMs: 0, endMs: 1_000 },
      { startMs: 3_000, endMs: 4_000 },
    ];
    const ends = phraseEnds({ phrases, lengthMs: 6_000 }, 500, 3_000);
    expect(ends.take(3).toArray()).toEqual([1_500, 4_500, 7_500]);
  });
});

describe('a listener who is asked', () => {
  function asked(since = 0) {
    const verdicts: { heard: [number, number][]; over: number } = { heard: [], over: 0 };
    const judge = new Judge(
      [1_000, 5_000, 9_000, Infinity].values() as Iterator<number, never>,
      since,
      {
        heard: (said, heard) => verdicts.heard.push([said, heard]),
        over: () => (verdicts.over += 1),
      },
    );
    return { judge, verdicts };
  }

  test('has heard a phrase when a voice begins after its end', () => {
    const { judge, verdicts } = asked();
    for (let now = 1_700; now < 3_000; now += 10) judge.sound(now);
    expect(verdicts).toEqual({ heard: [[1_000, 1_700]], over: 1 });
  });

  test('counts a translation with a pause in it once', () => {
    const { judge, verdicts } = asked();
    for (const now of [1_700, 1_710, 2_600, 2_610, 5_700]) judge.sound(now);
    expect(verdicts.heard).toEqual([
      [1_000, 1_700],
      [5_000, 5_700],
    ]);
  });

  test('has not heard a phrase when the next is over first', () => {
    const { judge, verdicts } = asked();
    judge.advance(5_400);
    expect(verdicts).toEqual({ heard: [], over: 1 });
  });

  test('takes no sound right behind a phrase for its translation', () => {
    const { judge, verdicts } = asked();
    judge.sound(5_100);
    expect(verdicts.heard).toEqual([[1_000, 5_100]]);
  });

  test('is not asked what was said before they came', () => {
    const { judge, verdicts } = asked(6_000);
    judge.sound(6_500);
    judge.advance(9_400);
    expect(verdicts).toEqual({ heard: [], over: 0 });
  });
});
