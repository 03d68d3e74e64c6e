import { describe, expect, it } from 'vitest';
import { withPauseAfter } from '../../../../media/interpret/pause-after.ts';

const RATE = 1000;

/** So many milliseconds of sound, then of silence. */
function sound(ms: number, silentMs = 0): Float32Array {
  return Float32Array.from({ length: ms + silentMs }, (_, at) => (at < ms ? 0.1 : 0.001));
}

const addedTo = (text: string, audio: Float32Array): number =>
  withPauseAfter(text, { audio, sampleRate: RATE }).length - audio.length;

describe('the pause behind a phrase', () => {
  it.each([
    ['Guten Morgen.', 300],
    ['Wirklich?', 300],
    ['Er sagte: «Nein!»', 300],
    ['Also …', 300],
    ['Heute nicht,', 150],
    ['nämlich:', 150],
    ['am Freitag der', 0],
  ])('is that of its last sign: %s', (text, ms) => {
    expect(addedTo(text, sound(500))).toBe(ms);
  });

  it('is what is missing of it when the voice has left one', () => {
    expect(addedTo('Ja.', sound(500, 100))).toBe(200);
    expect(addedTo('Ja.', sound(500, 400))).toBe(0);
  });

  it('comes behind the sound, which stays as it is', () => {
    const audio = sound(500);
    const longer = withPauseAfter('Ja.', { audio, sampleRate: RATE });
    expect(longer.subarray(0, 500)).toEqual(audio);
    expect(longer.subarray(500).every((sample) => sample === 0)).toBe(true);
  });

  it('is not there where there is no sound at all', () => {
    expect(addedTo('Ja.', new Float32Array(0))).toBe(0);
    expect(addedTo('Ja.', sound(0, 100))).toBe(200);
  });
});
