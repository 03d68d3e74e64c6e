/** Root mean square of samples from -1 to 1. */
export function rms(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

const FLOOR_DB = -60;
const FULL_DB = -12;

/** Where a meter stands, 0 to 1: linear in decibels, full at loud speech. */
export function meterLevel(value: number): number {
  if (value <= 0) return 0;
  const db = 20 * Math.log10(value);
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / (FULL_DB - FLOOR_DB)));
}

/** The level (dBFS) at a place of the meter; `null` at its very beginning, where everything is above. */
export function levelAt(place: number): number | null {
  return place <= 0 ? null : FLOOR_DB + Math.min(1, place) * (FULL_DB - FLOOR_DB);
}

/** Above this the microphone certainly picks something up (-46 dBFS). */
export const HEARD = 0.005;

/** Above this a translated track is audible (-54 dBFS): comfort noise and codec residue are below. */
export const AUDIBLE = 0.002;
