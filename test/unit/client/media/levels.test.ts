import { describe, expect, it } from 'vitest';
import { levelAt, meterLevel, rms } from '../../../../client/media/levels.ts';

describe('levels', () => {
  it('measures silence as 0, a square wave as its height, a sine as 0.707 of it', () => {
    expect(rms(new Float32Array(128))).toBe(0);
    expect(rms(new Float32Array(0))).toBe(0);
    expect(rms(Float32Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.5)))).toBe(0.5);
    const sine = Float32Array.from({ length: 480 }, (_, i) => Math.sin((2 * Math.PI * i) / 48));
    expect(rms(sine)).toBeCloseTo(Math.SQRT1_2);
  });

  it('shows -60 dB as empty, -12 dB as full, and half way between as half', () => {
    expect(meterLevel(0)).toBe(0);
    expect(meterLevel(10 ** (-70 / 20))).toBe(0);
    expect(meterLevel(10 ** (-36 / 20))).toBeCloseTo(0.5);
    expect(meterLevel(10 ** (-12 / 20))).toBeCloseTo(1);
    expect(meterLevel(1)).toBe(1);
  });

  it('knows the level at a place, so that what passes a mark is what the meter shows past it', () => {
    for (const db of [-50, -36, -20]) {
      expect(levelAt(meterLevel(10 ** (db / 20)))).toBeCloseTo(db);
    }
    expect(levelAt(2)).toBe(-12);
  });

  it('has no level at its beginning: nothing is below', () => {
    expect(levelAt(0)).toBeNull();
  });
});
