import { describe, expect, it } from 'vitest';
import { Ducker, DUCKING } from '../../../../client/media/ducking.ts';

const STEP = 20;

/** Gains from `from` to `to`, read every 20 ms, while the translation is audible or not. */
function run(ducker: Ducker, from: number, to: number, audible: boolean): readonly number[] {
  const gains: number[] = [];
  for (let now = from; now <= to; now += STEP) gains.push(ducker.push(audible, now));
  return gains;
}

describe('ducking', () => {
  it('leaves the original alone while nothing is translated', () => {
    expect(new Set(run(new Ducker(), 0, 1000, false))).toEqual(new Set([1]));
  });

  it('goes down to the floor in a ramp of about 200 ms, without a jump', () => {
    const ducker = new Ducker();
    ducker.push(false, 0);
    const gains = run(ducker, STEP, 400, true);
    expect(gains[8]).toBeGreaterThan(DUCKING.floor + 0.05);
    expect(gains[9]).toBeCloseTo(DUCKING.floor);
    expect(gains.at(-1)).toBe(DUCKING.floor);
    const steps = gains.map((gain, index) => (gains[index - 1] ?? 1) - gain);
    expect(Math.max(...steps)).toBeLessThanOrEqual((0.85 * STEP) / 200 + 1e-9);
  });

  it('does not pump through a pause between words', () => {
    const ducker = new Ducker();
    run(ducker, 0, 400, true);
    expect(new Set(run(ducker, 420, 860, false))).toEqual(new Set([DUCKING.floor]));
    expect(ducker.push(true, 880)).toBe(DUCKING.floor);
  });

  it('comes back to full within 750 ms after the translation has ended', () => {
    const ducker = new Ducker();
    run(ducker, 0, 400, true);
    const gains = run(ducker, 420, 1200, false);
    expect(gains.at(-1)).toBe(1);
    expect(gains[Math.ceil(750 / STEP)]).toBe(1);
    expect([...gains].sort((a, b) => a - b)).toEqual(gains);
  });

  it('turns round in the middle of a ramp without a jump', () => {
    const ducker = new Ducker({ floor: 0.15, rampMs: 200, holdMs: 0 });
    ducker.push(true, 0);
    const down = ducker.push(true, 100);
    const up = ducker.push(false, 120);
    expect(down).toBeCloseTo(0.575);
    expect(up).toBeCloseTo(0.66);
  });
});
