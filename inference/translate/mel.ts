import { SPEECH_RATE } from '../protocol/task-models.ts';
import { MelFilters } from './mel-filters.ts';
import { PowerSpectrum } from './real-fft.ts';

/**
 * NeMo's front end (AudioToMelSpectrogramPreprocessor as Canary and Parakeet have it): pre-emphasis,
 * frames of 25 ms every 10 ms, 128 mel bands, logarithm, each band brought to mean 0 and deviation 1
 * over the utterance. Pinned to NeMo by the numbers in its tests.
 */

export const MELS = 128;
const FRAME = 512;
const WINDOW = 400;
const HOP = 160;
const PREEMPHASIS = 0.97;
/** Added before the logarithm. */
const GUARD = 2 ** -24;
/** Added to the deviation. */
const LEAST_DEVIATION = 1e-5;
/** NeMo brings shorter utterances to one second, by silence before and after. */
const SHORTEST = SPEECH_RATE;

/** What the encoder hears: `data` is [MELS, frames], of which the first `length` frames count. */
export interface MelFeatures {
  readonly data: Float32Array<ArrayBuffer>;
  readonly frames: number;
  readonly length: number;
}

/** Hann's window, symmetric, in the middle of a frame. */
export function hann(): Float64Array {
  const window = new Float64Array(FRAME);
  const margin = (FRAME - WINDOW) / 2;
  for (let k = 0; k < WINDOW; k += 1) {
    window[margin + k] = 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / (WINDOW - 1));
  }
  return window;
}

/** An utterance of at least a second: a shorter one gets silence on both sides. */
export function atLeastASecond(audio: Float32Array): Float32Array {
  if (audio.length >= SHORTEST) return audio;
  const padded = new Float32Array(SHORTEST);
  padded.set(audio, (SHORTEST - audio.length) >> 1);
  return padded;
}

/**
 * Computes features, one utterance after another, each from its beginning: this is about a
 * hundredth of what the encoder takes, too little to keep frames from part to part for.
 */
export class LogMel {
  readonly filters = new MelFilters({ filters: MELS, bins: FRAME / 2 + 1, highest: 8000 });
  readonly #spectrum = new PowerSpectrum(hann());
  readonly #power = new Float64Array(this.#spectrum.bins);
  readonly #sums = new Float64Array(MELS + 2);

  /** Features of 16 kHz audio of at least 320 samples, a deviation being over two frames or more. */
  features(audio: Float32Array): MelFeatures {
    const features = this.logarithms(audio);
    normalise(features);
    return features;
  }

  /** Logarithms of the bands' power, before they are brought to one level. */
  logarithms(audio: Float32Array): MelFeatures {
    const samples = emphasised(audio);
    const length = Math.floor(audio.length / HOP);
    const frames = length + 1;
    const data = new Float32Array(MELS * frames);
    const power = this.#power;
    const sums = this.#sums;
    for (let frame = 0; frame < frames; frame += 1) {
      this.#spectrum.of(samples, frame * HOP, power);
      sums.fill(GUARD);
      this.filters.add(power, sums);
      for (let band = 0; band < MELS; band += 1) {
        data[band * frames + frame] = Math.log(sums[band + 1] ?? 0);
      }
    }
    return { data, frames, length };
  }
}

/** With half a frame of silence before and after, so that frames are centred on their time. */
function emphasised(audio: Float32Array): Float64Array {
  const samples = new Float64Array(audio.length + FRAME);
  let last = 0;
  for (let n = 0; n < audio.length; n += 1) {
    const sample = audio[n] ?? 0;
    samples[FRAME / 2 + n] = sample - PREEMPHASIS * last;
    last = sample;
  }
  return samples;
}

/** In place. Frames that do not count become 0. */
function normalise({ data, frames, length }: MelFeatures): void {
  for (let band = 0; band < MELS; band += 1) {
    const row = data.subarray(band * frames, (band + 1) * frames);
    let sum = 0;
    for (let t = 0; t < length; t += 1) sum += row[t] ?? 0;
    const mean = sum / length;
    let squares = 0;
    for (let t = 0; t < length; t += 1) squares += ((row[t] ?? 0) - mean) ** 2;
    const deviation = Math.sqrt(squares / (length - 1)) + LEAST_DEVIATION;
    for (let t = 0; t < length; t += 1) row[t] = ((row[t] ?? 0) - mean) / deviation;
    row.fill(0, length);
  }
}
