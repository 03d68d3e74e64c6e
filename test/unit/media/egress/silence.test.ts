import { describe, expect, it } from 'vitest';
import { sparableSilence } from '../../../../media/egress/silence.ts';
import { join, silence, tone } from '../../../support/pcm.ts';

const RATE = 16_000;
const spared = (...pieces: readonly Float32Array[]): readonly (readonly [number, number])[] =>
  sparableSilence(join(...pieces), RATE).map(({ from, to }) => [from / 16, to / 16]);

describe('sparableSilence', () => {
  it('finds what is too long before, between and after sounds, in milliseconds here', () => {
    const [word, pause] = [tone(300, RATE), silence(500, RATE)];
    expect(spared(pause, word, pause, word, pause)).toEqual([
      [0, 440],
      [880, 1220],
      [1660, 2100],
    ]);
  });

  it('leaves pauses alone that belong to speech', () => {
    const [word, pause] = [tone(300, RATE), silence(150, RATE)];
    expect(spared(word, pause, word)).toEqual([]);
  });

  it('takes faint noise for silence, but not quiet speech', () => {
    const noise = silence(500, RATE).map((_, at) => 0.001 * Math.sin(at * at));
    const whisper = tone(500, RATE).map((sample) => sample / 20);
    expect(spared(tone(300, RATE), noise, tone(300, RATE))).toHaveLength(1);
    expect(spared(tone(300, RATE), whisper, tone(300, RATE))).toEqual([]);
  });

  it.each([
    ['nothing', new Float32Array(0), 0],
    ['pure silence', silence(1000, RATE), 1],
    ['a broken voice', new Float32Array(RATE).fill(Number.NaN), 0],
  ])('bears with %s', (_, audio, spans) => {
    expect(sparableSilence(audio, RATE)).toHaveLength(spans);
  });
});
