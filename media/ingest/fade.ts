import { SPEECH_PER_MS } from '../audio.ts';

/** Long enough for no click to be heard, short enough to harm no consonant. */
const FADE_SAMPLES = 5 * SPEECH_PER_MS;

/** Lets a frame begin from silence. In place. */
export function fadeIn(samples: Float32Array): void {
  const length = Math.min(FADE_SAMPLES, samples.length);
  for (let at = 0; at < length; at += 1) samples[at] = ((samples[at] ?? 0) * at) / length;
}

/** Lets a frame end in silence. In place. */
export function fadeOut(samples: Float32Array): void {
  for (let at = 0; at < samples.length; at += 1) {
    samples[at] = (samples[at] ?? 0) * (1 - (at + 1) / samples.length);
  }
}
