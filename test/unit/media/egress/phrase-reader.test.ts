import { describe, expect, it } from 'vitest';
import { PhraseReader } from '../../../../media/egress/phrase-reader.ts';
import { join, level, silence, tone } from '../../../support/pcm.ts';

const RATE = 16_000;
const read = (audio: Float32Array, shortenPauses: boolean): Float32Array => {
  const reader = new PhraseReader({ audio, sampleRate: RATE, speechEndedAt: 0 });
  const pieces: Float32Array[] = [];
  while (!reader.done) pieces.push(reader.read(60, shortenPauses));
  return join(...pieces);
};

const phrase = join(tone(300, RATE), silence(1000, RATE), tone(400, RATE), silence(500, RATE));

describe('PhraseReader', () => {
  it('gives a phrase as it is while there is time', () => {
    expect(read(phrase, false)).toEqual(phrase);
  });

  it('shortens its pauses when there is none, and loses no sound', () => {
    const hurried = read(phrase, true);
    expect(hurried.length / 16).toBe(300 + 160 + 400 + 60);
    expect(level(hurried) ** 2 * hurried.length).toBeCloseTo(level(phrase) ** 2 * phrase.length, 1);
  });

  it('knows beforehand how long it will take either way', () => {
    const reader = new PhraseReader({ audio: phrase, sampleRate: RATE, speechEndedAt: 0 });
    expect([reader.lengthMs, reader.leftMs, reader.neededMs]).toEqual([2200, 2200, 920]);
    reader.read(100, true);
    expect([reader.lengthMs, reader.leftMs, reader.neededMs]).toEqual([2200, 2100, 820]);
  });

  it('leaves out the rest of a pause when hurry comes in the middle of it', () => {
    const reader = new PhraseReader({ audio: phrase, sampleRate: RATE, speechEndedAt: 0 });
    reader.read(800, false);
    const before = reader.neededMs;
    while (!reader.done) reader.read(60, true);
    expect(before).toBe(80 + 400 + 60);
  });

  it('blends the two sides of a cut, so that the noise behind a voice does not click', () => {
    const hum = (ms: number): Float32Array => tone(ms, RATE, 50).map((sample) => sample / 200);
    const noisy = join(tone(300, RATE), hum(777), tone(300, RATE));
    const steps = read(noisy, true)
      .slice(300 * 16 + 100, 300 * 16 + 2400)
      .map((sample, at, all) => Math.abs(sample - (all[at - 1] ?? sample)));
    expect(Math.max(...steps)).toBeLessThan(0.0001);
  });
});
