import { energy } from '../audio.ts';

/** A stretch of samples, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Sound is judged in frames of so long. */
const FRAME_MS = 10;

/** Silent is what has less than this share of the loudest frame's energy: -40 dB. */
const SILENT_SHARE = 1e-4;

/** Nobody hears less than this, however quiet the rest is: -80 dB of full scale. */
const INAUDIBLE = 1e-8;

/** Silence kept before the first and after the last sound of a phrase. */
const EDGE_MS = 60;

/** Silence kept between two sounds: about as long as a fast speaker pauses. */
const PAUSE_MS = 160;

/** What can be left out of a phrase without losing a sound: silence longer than is needed. */
export function sparableSilence(audio: Float32Array, sampleRate: number): readonly Span[] {
  const edge = Math.round((sampleRate * EDGE_MS) / 1000);
  const half = Math.round((sampleRate * PAUSE_MS) / 2000);
  return silences(audio, Math.round((sampleRate * FRAME_MS) / 1000))
    .map(({ from, to }) => ({
      from: from === 0 ? 0 : from + (to === audio.length ? edge : half),
      to: to === audio.length ? to : to - (from === 0 ? edge : half),
    }))
    .filter(({ from, to }) => to > from);
}

function silences(audio: Float32Array, frame: number): readonly Span[] {
  const energies: number[] = [];
  for (let at = 0; at < audio.length; at += frame) {
    energies.push(energy(audio.subarray(at, at + frame)));
  }
  const loudest = energies.reduce((most, one) => Math.max(most, one), 0);
  const limit = Math.max(INAUDIBLE, loudest * SILENT_SHARE);
  const spans: Span[] = [];
  let from: number | undefined;
  for (const [index, one] of energies.entries()) {
    if (one < limit) {
      from ??= index * frame;
    } else if (from !== undefined) {
      spans.push({ from, to: index * frame });
      from = undefined;
    }
  }
  if (from !== undefined) spans.push({ from, to: audio.length });
  return spans;
}
