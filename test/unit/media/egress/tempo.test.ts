import { describe, expect, it } from 'vitest';
import { TempoStage } from '../../../../media/egress/tempo.ts';
import { join, tone } from '../../../support/pcm.ts';
import { sentence } from '../../../support/speech.ts';

const RATE = 22_050;

/** Through the stage in pieces, each at a tempo of its own. */
function play(audio: Float32Array, tempo: (at: number) => number, rate = RATE): Float32Array {
  const stage = new TempoStage(rate);
  const out: Float32Array[] = [];
  const size = Math.round(rate * 0.06);
  for (let at = 0; at < audio.length; at += size) {
    out.push(stage.push(audio.subarray(at, at + size), tempo(at / audio.length)));
  }
  return join(...out, stage.flush());
}

/** Cycles per second, counted where the wave rises through zero. */
function hertz(audio: Float32Array): number {
  const rises = audio.filter((sample, at) => at > 0 && (audio[at - 1] ?? 0) < 0 && sample >= 0);
  return (rises.length * RATE) / audio.length;
}

const steepest = (audio: Float32Array): number =>
  audio.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (audio[at - 1] ?? 0))), 0);

describe('TempoStage', () => {
  it('passes samples as they are while nothing is asked of it', () => {
    const audio = tone(500, RATE);
    expect(play(audio, () => 1)).toEqual(audio);
  });

  it.each([1.05, 1.1, 1.25])('makes a voice %f times as fast, with the same pitch', (tempo) => {
    const out = play(tone(4000, RATE, 220), () => tempo);
    expect(out.length / RATE).toBeCloseTo(4 / tempo, 2);
    expect(hertz(out)).toBeGreaterThan(218);
    expect(hertz(out)).toBeLessThan(222);
  });

  it('changes its tempo on the way without a click', () => {
    const audio = tone(4000, RATE, 220);
    const out = play(audio, (at) => 1 + Math.max(0, at - 0.3) * 0.3);
    expect(steepest(out)).toBeLessThan(1.1 * steepest(audio));
    expect(out.length).toBeLessThan(audio.length * 0.97);
  });

  it('makes real speech faster without a click, to the length asked for', () => {
    const { audio } = sentence('0870');
    const out = play(audio, () => 1.25, 16_000);
    expect(Math.abs(out.length - audio.length / 1.25)).toBeLessThanOrEqual(1);
    expect(steepest(out)).toBeLessThan(1.2 * steepest(audio));
  });

  it('keeps the length of a phrase shorter than its windows', () => {
    expect(play(tone(30, RATE), () => 1.25)).toHaveLength(530);
    expect(play(new Float32Array(0), () => 1.25)).toHaveLength(0);
  });
});
