import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VAD_WINDOW } from '../../../../media/vad/model.ts';
import { SileroVad } from '../../../../media/vad/silero.ts';
import { sentence } from '../../../support/speech.ts';

let vad: SileroVad;

beforeAll(async () => {
  vad = await SileroVad.create();
});

afterAll(async () => {
  await vad[Symbol.asyncDispose]();
});

async function probabilities(audio: Float32Array, stream = vad.open()): Promise<number[]> {
  const found: number[] = [];
  for (let at = 0; at + VAD_WINDOW <= audio.length; at += VAD_WINDOW) {
    found.push(await stream.probability(audio.subarray(at, at + VAD_WINDOW), false));
  }
  return found;
}

/** A tone that swells, with noise from a linear congruential generator: shared/reference/inference.md §2. */
function referenceSignal(): Float32Array {
  let seed = 12_345;
  return Float32Array.from({ length: 16_000 }, (_, at) => {
    seed = (Math.imul(1_664_525, seed) + 1_013_904_223) >>> 0;
    const swell = 0.5 + 0.5 * Math.sin((2 * Math.PI * 3 * at) / 16_000);
    const noise = 0.02 * (seed / 2 ** 32 - 0.5);
    return 0.5 * Math.sin((2 * Math.PI * 440 * at) / 16_000) * swell + noise;
  });
}

describe('Silero VAD v5', () => {
  it('gives the known probabilities for silence', async () => {
    const found = await probabilities(new Float32Array(4 * VAD_WINDOW));
    const known = [0.01201, 0.00782, 0.00542, 0.00497];
    for (const [at, value] of known.entries()) expect(found[at]).toBeCloseTo(value, 4);
  });

  it('gives the known probabilities for the reference signal', async () => {
    const found = await probabilities(referenceSignal());
    const known = [0.09773, 0.05714, 0.00602, 0.00225, 0.0024, 0.00491];
    for (const [at, value] of known.entries()) expect(found[at]).toBeCloseTo(value, 4);
  });

  it('forgets everything when reset', async () => {
    const stream = vad.open();
    await probabilities(referenceSignal(), stream);
    stream.reset();
    const [first] = await probabilities(new Float32Array(VAD_WINDOW), stream);
    expect(first).toBeCloseTo(0.01201, 4);
  });

  it('keeps streams apart', async () => {
    const [one, two] = [vad.open(), vad.open()];
    await probabilities(referenceSignal(), one);
    const [first] = await probabilities(new Float32Array(VAD_WINDOW), two);
    expect(first).toBeCloseTo(0.01201, 4);
  });

  it('finds human speech', async () => {
    const found = await probabilities(sentence('0880').audio);
    expect(found.filter((probability) => probability > 0.5).length).toBeGreaterThan(
      found.length * 0.6,
    );
  });
});
