/**
 * NeMo's front end once more, as its formulas stand (inference.md §2): a discrete Fourier transform
 * by its definition, the whole matrix of mel weights, everything in 64 bits. Slow, and easy to check.
 */
export function directLogMel(audio: Float32Array): { frames: number; data: Float64Array } {
  const length = Math.floor(audio.length / 160);
  const frames = length + 1;
  const emphasised = Array.from(audio, (x, n) => (n === 0 ? x : x - 0.97 * (audio[n - 1] ?? 0)));
  const weights = melMatrix();
  const data = new Float64Array(128 * frames);
  for (let t = 0; t < frames; t += 1) {
    const frame = Array.from({ length: 512 }, (_, k) => {
      const inside = k >= 56 && k < 456;
      const weight = inside ? 0.5 - 0.5 * Math.cos((2 * Math.PI * (k - 56)) / 399) : 0;
      return weight * (emphasised[160 * t + k - 256] ?? 0);
    });
    const power = Array.from({ length: 257 }, (_, bin) => powerOf(frame, bin));
    for (const [band, row] of weights.entries()) {
      const sum = row.reduce((all, weight, bin) => all + weight * (power[bin] ?? 0), 0);
      data[band * frames + t] = Math.log(sum + 2 ** -24);
    }
  }
  for (let band = 0; band < 128; band += 1) {
    const row = data.subarray(band * frames, (band + 1) * frames);
    const counted = [...row.subarray(0, length)];
    const mean = counted.reduce((sum, x) => sum + x) / length;
    const variance = counted.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (length - 1);
    row.set(counted.map((x) => (x - mean) / (Math.sqrt(variance) + 1e-5)));
    row[length] = 0;
  }
  return { frames, data };
}

const cosines = Array.from({ length: 512 }, (_, n) => Math.cos((2 * Math.PI * n) / 512));
const sines = Array.from({ length: 512 }, (_, n) => Math.sin((2 * Math.PI * n) / 512));

function powerOf(frame: readonly number[], bin: number): number {
  let re = 0;
  let im = 0;
  for (const [n, x] of frame.entries()) {
    re += x * (cosines[(n * bin) % 512] ?? 0);
    im -= x * (sines[(n * bin) % 512] ?? 0);
  }
  return re * re + im * im;
}

function melMatrix(): readonly (readonly number[])[] {
  const top = 15 + (27 * Math.log(8)) / Math.log(6.4);
  const point = (i: number) => {
    const m = (i * top) / 129;
    return m < 15 ? (200 * m) / 3 : 1000 * 6.4 ** ((m - 15) / 27);
  };
  return Array.from({ length: 128 }, (_, m) => {
    const [low, peak, high] = [point(m), point(m + 1), point(m + 2)];
    return Array.from({ length: 257 }, (__, bin) => {
      const f = bin * 31.25;
      const height = Math.max(0, Math.min((f - low) / (peak - low), (high - f) / (high - peak)));
      return (height * 2) / (high - low);
    });
  });
}
