import { afterAll, describe, expect, it } from 'vitest';
import { concatenate } from '../../../../media/audio.ts';
import { Resampler } from '../../../../media/egress/resample.ts';
import { difference, level, tone } from '../../../support/pcm.ts';

const resampler = new Resampler();
afterAll(() => {
  resampler[Symbol.dispose]();
});

/** In pieces of 50 ms. */
async function convert(audio: Float32Array, rate: number): Promise<Float32Array> {
  using voice = await resampler.open(rate);
  const converted: Float32Array[] = [];
  const size = Math.round(rate / 20);
  for (let at = 0; at < audio.length; at += size) {
    converted.push(voice.push(audio.subarray(at, at + size)));
  }
  return concatenate([...converted, voice.flush()]);
}

describe('Resampler', () => {
  it.each([16_000, 22_050, 24_000, 44_100])(
    'brings %i Hz to 48 kHz: same length in time, same level, same pitch',
    async (rate) => {
      const converted = await convert(tone(1000, rate), rate);
      expect(Math.abs(converted.length - 48_000)).toBeLessThanOrEqual(2);
      const middle = converted.subarray(4800, 43_200);
      expect(level(middle)).toBeCloseTo(level(tone(1000, 48_000)), 2);
      expect(difference(tone(1000, 48_000).subarray(4800, 43_200), middle)).toBeLessThan(0.05);
    },
  );

  it('hands 48 kHz on as it is', async () => {
    const audio = tone(100, 48_000);
    expect(await convert(audio, 48_000)).toEqual(audio);
  });

  it('has no memory of the voice before', async () => {
    const first = await convert(tone(300, 22_050), 22_050);
    await convert(tone(300, 16_000, 1000), 16_000);
    expect(await convert(tone(300, 22_050), 22_050)).toEqual(first);
  });

  it('converts several voices at a time without mixing them', async () => {
    const alone = await convert(tone(500, 22_050), 22_050);
    const [one, two] = await Promise.all([
      convert(tone(500, 22_050), 22_050),
      convert(tone(500, 22_050, 900), 22_050),
    ]);
    expect(one).toEqual(alone);
    expect(two).not.toEqual(alone);
  });

  it('makes nothing of nothing', async () => {
    expect(await convert(new Float32Array(0), 22_050)).toHaveLength(0);
  });

  it.each([0, 3, -16_000, 1e9, Number.NaN])('refuses a voice of %d Hz', async (rate) => {
    await expect(resampler.open(rate)).rejects.toThrow(RangeError);
  });
});
