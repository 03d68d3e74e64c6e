import { describe, expect, it } from 'vitest';
import { Ducker, DUCKING, UNDER_TRANSLATION } from '../../../../client/media/ducking.ts';

const STEP = 20;

/** Gains from `from` to `to`, read every 20 ms, while the translation is audible or not. */
function run(
  ducker: Ducker,
  { from, to, floor }: { from: number; to: number; floor?: number },
  audible: boolean,
): readonly number[] {
  const gains: number[] = [];
  for (let now = from; now <= to; now += STEP) gains.push(ducker.push(audible, now, floor));
  return gains;
}

/** The largest change from one reading to the next. */
function steepest(gains: readonly number[]): number {
  return Math.max(...gains.slice(1).map((gain, at) => Math.abs(gain - (gains[at] ?? gain))));
}

describe('ducking', () => {
  it('leaves the original alone while nothing is translated', () => {
    const gains = run(new Ducker(), { from: 0, to: 1000 }, false);
    expect(new Set(gains)).toEqual(new Set([1]));
  });

  it('goes down under the translation in a ramp of about 200 ms, without a jump', () => {
    const ducker = new Ducker();
    ducker.push(false, 0);
    const gains = run(ducker, { from: STEP, to: 400 }, true);
    expect(gains[8]).toBeGreaterThan(UNDER_TRANSLATION + 0.05);
    expect(gains[10]).toBe(UNDER_TRANSLATION);
    expect(gains.at(-1)).toBe(UNDER_TRANSLATION);
    expect(steepest([1, ...gains])).toBeLessThanOrEqual(STEP / DUCKING.rampMs + 1e-9);
  });

  it('does not pump through a pause between words', () => {
    const ducker = new Ducker();
    run(ducker, { from: 0, to: 400 }, true);
    const gains = run(ducker, { from: 420, to: 860 }, false);
    expect(new Set(gains)).toEqual(new Set([UNDER_TRANSLATION]));
    expect(ducker.push(true, 880)).toBe(UNDER_TRANSLATION);
  });

  it('comes back to full within 750 ms after the translation has ended', () => {
    const ducker = new Ducker();
    run(ducker, { from: 0, to: 400 }, true);
    const gains = run(ducker, { from: 420, to: 1200 }, false);
    expect(gains.at(-1)).toBe(1);
    expect(gains[Math.ceil(750 / STEP)]).toBe(1);
    expect([...gains].sort((a, b) => a - b)).toEqual(gains);
  });

  it('turns round in the middle of a ramp without a jump', () => {
    const ducker = new Ducker({ rampMs: 200, holdMs: 0 });
    ducker.push(true, 0);
    const down = ducker.push(true, 100);
    const up = ducker.push(false, 120);
    expect(down).toBeCloseTo(0.5);
    expect(up).toBeCloseTo(0.6);
  });
});

describe('the original under the translation', () => {
  it.each([0, 0.4, 1])('is as loud as the listener wants: %d', (floor) => {
    const ducker = new Ducker();
    expect(run(ducker, { from: 0, to: 400, floor }, true).at(-1)).toBe(floor);
    expect(run(ducker, { from: 420, to: 1400, floor }, false).at(-1)).toBe(1);
  });

  it('follows a listener who changes their mind while it plays, without a jump', () => {
    const ducker = new Ducker();
    run(ducker, { from: 0, to: 400, floor: 0 }, true);
    const louder = run(ducker, { from: 420, to: 800, floor: 1 }, true);
    expect(louder.at(-1)).toBe(1);
    const quieter = run(ducker, { from: 820, to: 1200, floor: 0.3 }, true);
    expect(quieter.at(-1)).toBe(0.3);
    expect(steepest([0, ...louder, ...quieter])).toBeLessThanOrEqual(STEP / DUCKING.rampMs + 1e-9);
  });
});
