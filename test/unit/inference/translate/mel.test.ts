import { describe, expect, it } from 'vitest';
import { atLeastASecond, hann, LogMel, MELS } from '../../../../inference/translate/mel.ts';
import type { MelFeatures } from '../../../../inference/translate/mel.ts';
import { directLogMel } from '../../../support/canary-mel.ts';
import { sentence } from '../../../support/speech.ts';

/** The numbers are NeMo's: inference.md §2, where numpy in 64 and 32 bits and a direct DFT agree. */

/** A tone that swells, with a little noise. */
function goldenSignal(): Float32Array {
  const signal = new Float32Array(16_000);
  let state = 12_345;
  for (let i = 0; i < signal.length; i += 1) {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    const tone = 0.5 * Math.sin((2 * Math.PI * 440 * i) / 16_000);
    const swell = 0.5 + 0.5 * Math.sin((2 * Math.PI * 3 * i) / 16_000);
    signal[i] = tone * swell + 0.02 * (state / 2 ** 32 - 0.5);
  }
  return signal;
}

const mel = new LogMel();
const at = ({ data, frames }: MelFeatures, band: number, frame: number) =>
  data[band * frames + frame] ?? Number.NaN;

describe('the golden signal', () => {
  it('is the one the numbers were taken from', () => {
    const signal = goldenSignal();
    const begin = [-0.00959195, 0.03336387, 0.08574713, 0.12700052, 0.16830753];
    for (const [i, value] of begin.entries()) expect(signal[i]).toBeCloseTo(value, 7);
    expect(signal.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(750.845421, 4);
  });
});

describe('the filters', () => {
  it.each([
    [1, 23.38276],
    [2, 46.76552],
    [64, 1668.667482],
    [127, 7623.330536],
    [128, 7809.394618],
  ])('have their point %i at %f Hz', (point, hertz) => {
    expect(mel.filters.points[point]).toBeCloseTo(hertz, 5);
  });

  it.each([
    [1, 0, 0.028377543],
    [2, 1, 0.013988535],
    [3, 3, 0.042366078],
    [14, 18, 0.03037991],
    [32, 42, 0.031611459],
    [64, 70, 0.010326551],
    [100, 89, 0.013034146],
    [200, 118, 0.005017701],
    [255, 127, 0.000870531],
    [0, 0, 0],
    [200, 3, 0],
  ])('weigh bin %i in band %i', (bin, band, weight) => {
    expect(mel.filters.weight(bin, band)).toBeCloseTo(weight, 8);
  });

  // §2 counts 505; numpy finds 504 by the same formula, and the sum of both is the one given there.
  it('have 504 weights that sum up as they should', () => {
    const weights = Array.from({ length: 257 * MELS }, (_, at) =>
      mel.filters.weight(Math.floor(at / MELS), at % MELS),
    ).filter((weight) => weight > 0);
    expect(weights).toHaveLength(504);
    expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(4.0904876412, 8);
  });
});

describe('the window', () => {
  it.each([
    [0, 0],
    [1, 6.1993332e-5],
    [2, 2.4795796e-4],
    [199, 0.999984501],
    [200, 0.999984501],
    [399, 0],
  ])('weighs its sample %i', (sample, weight) => {
    expect(hann()[56 + sample]).toBeCloseTo(weight, 9);
  });

  it('lets nothing else of a frame through', () => {
    const outside = [...hann().subarray(0, 56), ...hann().subarray(456)];
    expect(outside.every((weight) => weight === 0)).toBe(true);
  });
});

describe('logarithms of the golden signal', () => {
  const logarithms = mel.logarithms(goldenSignal());

  it.each([
    [0, 0, -9.57649],
    [0, 50, -15.47301],
    [21, 0, -3.13902],
    [21, 50, -4.61191],
    [40, 10, -9.90996],
    [64, 50, -11.02427],
    [100, 50, -8.60465],
    [127, 0, -9.97819],
    [127, 99, -7.41012],
    [64, 100, -8.46873],
  ])('in band %i at frame %i', (band, frame, value) => {
    expect(Math.abs(at(logarithms, band, frame) - value)).toBeLessThan(2e-5);
  });

  it.each([
    [21, -5.605931, 2.554193],
    [127, -7.547928, 0.604559],
  ])('have their mean and deviation in band %i', (band, mean, deviation) => {
    const row = Array.from({ length: 100 }, (_, frame) => at(logarithms, band, frame));
    const average = row.reduce((sum, x) => sum + x) / 100;
    const variance = row.reduce((sum, x) => sum + (x - average) ** 2, 0) / 99;
    expect(average).toBeCloseTo(mean, 4);
    expect(Math.sqrt(variance)).toBeCloseTo(deviation, 4);
  });
});

describe('features of the golden signal', () => {
  const features = mel.features(goldenSignal());

  it.each([
    [0, 0, 5.65629],
    [0, 50, -0.26737],
    [21, 0, 0.96582],
    [21, 50, 0.38917],
    [40, 10, 1.22262],
    [64, 50, -1.23563],
    [100, 50, -0.49988],
    [127, 0, -4.01983],
    [127, 99, 0.22794],
    [64, 100, 0],
  ])('in band %i at frame %i', (band, frame, value) => {
    expect(Math.abs(at(features, band, frame) - value)).toBeLessThan(2e-5);
  });
});

describe('an impulse', () => {
  const impulse = new Float32Array(16_000);
  impulse[8000] = 1;
  const logarithms = mel.logarithms(impulse);

  it.each([
    [50, -4.348812],
    [51, -8.98971],
    [49, -9.171369],
    [47, -16.635532],
  ])('is heard in frame %i as loud as it should', (frame, value) => {
    expect(Math.abs(at(logarithms, 64, frame) - value)).toBeLessThan(2e-6);
  });
});

describe('silence', () => {
  it('is the quietest there is, and 0 once normalised', () => {
    const silence = new Float32Array(16_000);
    for (const value of mel.logarithms(silence).data) expect(value).toBeCloseTo(-16.635532, 5);
    for (const value of mel.features(silence).data) expect(Math.abs(value)).toBeLessThan(1e-8);
  });
});

describe('the number of frames', () => {
  it.each([
    [160, 1, 2],
    [1600, 10, 11],
    [16_000, 100, 101],
    [16_160, 101, 102],
  ])('of %i samples is one more than count', (samples, length, frames) => {
    const features = mel.logarithms(new Float32Array(samples));
    expect(features).toMatchObject({ length, frames });
    expect(features.data).toHaveLength(MELS * frames);
  });
});

describe('speech', () => {
  it('has the features that formulas followed to the letter give', () => {
    const speech = sentence('0880').audio.subarray(0, 24_000);
    const expected = directLogMel(speech);
    const actual = mel.features(speech);
    expect(actual.frames).toBe(expected.frames);
    let worst = 0;
    for (const [i, value] of expected.data.entries()) {
      worst = Math.max(worst, Math.abs(value - (actual.data[i] ?? Number.NaN)));
    }
    expect(worst).toBeLessThan(1e-4);
  });

  it('has the same features whatever was heard before it', () => {
    const speech = sentence('0890').audio.subarray(0, 16_000);
    const fresh = new LogMel().features(speech);
    mel.features(goldenSignal());
    expect(mel.features(speech).data).toEqual(fresh.data);
  });

  it('of less than a second gets silence on both sides', () => {
    const padded = atLeastASecond(Float32Array.of(1, 2, 3, 4));
    expect(padded).toHaveLength(16_000);
    expect([...padded.subarray(7998, 8002)]).toEqual([1, 2, 3, 4]);
    expect(padded.reduce((sum, x) => sum + x)).toBe(10);
    const long = new Float32Array(16_000);
    expect(atLeastASecond(long)).toBe(long);
  });
});
