/** Frames of 32 ms every 10 ms at 16 kHz, as recognisers look at speech. */
const WINDOW = 512;
const HOP = 160;
const BANDS = 40;
/** What is quieter than 60 dB below full scale counts as equally silent. */
const FLOOR = 1e-6;

const hann = Float64Array.from(
  { length: WINDOW },
  (_, at) => Math.sin((Math.PI * (at + 0.5)) / WINDOW) ** 2,
);
const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
const hertz = (mels: number): number => 700 * (10 ** (mels / 2595) - 1);
/** Edges of the bands in bins of the spectrum, evenly spaced in mel from 0 to 8 kHz. */
const edges = Array.from(
  { length: BANDS + 2 },
  (_, band) => (hertz((mel(8000) * band) / (BANDS + 1)) / 16_000) * WINDOW,
);

/** Mean over all frames of the root mean square difference of the log-mel spectra, in decibels. */
export function logMelDistance(expected: Float32Array, actual: Float32Array): number {
  const frames = Math.floor((expected.length - WINDOW) / HOP) + 1;
  let total = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const a = logMel(expected, frame * HOP);
    const b = logMel(actual, frame * HOP);
    const square = a.reduce((sum, level, band) => sum + (level - (b[band] ?? 0)) ** 2, 0);
    total += Math.sqrt(square / BANDS);
  }
  return total / frames;
}

function logMel(samples: Float32Array, at: number): readonly number[] {
  const power = spectrum(samples, at);
  return Array.from({ length: BANDS }, (_, band) => {
    const [low = 0, middle = 0, high = 0] = edges.slice(band, band + 3);
    let sum = 0;
    for (let bin = Math.ceil(low); bin < high; bin += 1) {
      const weight = bin < middle ? (bin - low) / (middle - low) : (high - bin) / (high - middle);
      sum += weight * (power[bin] ?? 0);
    }
    return 10 * Math.log10(sum + FLOOR);
  });
}

/** Power per bin, by a radix-2 transform in place (Cooley and Tukey 1965). */
function spectrum(samples: Float32Array, at: number): Float64Array {
  const re = new Float64Array(WINDOW);
  const im = new Float64Array(WINDOW);
  const bits = Math.log2(WINDOW);
  for (let n = 0; n < WINDOW; n += 1) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit += 1) reversed |= ((n >> bit) & 1) << (bits - 1 - bit);
    re[reversed] = ((samples[at + n] ?? 0) * (hann[n] ?? 0)) / (WINDOW / 4);
  }
  for (let size = 2; size <= WINDOW; size *= 2) {
    for (let start = 0; start < WINDOW; start += size) {
      for (let k = 0; k < size / 2; k += 1) butterfly({ re, im }, start + k, size, k);
    }
  }
  return re.map((value, bin) => value ** 2 + (im[bin] ?? 0) ** 2);
}

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function butterfly({ re, im }: Complex, a: number, size: number, k: number): void {
  const b = a + size / 2;
  const cos = Math.cos((2 * Math.PI * k) / size);
  const sin = -Math.sin((2 * Math.PI * k) / size);
  const x = (re[b] ?? 0) * cos - (im[b] ?? 0) * sin;
  const y = (re[b] ?? 0) * sin + (im[b] ?? 0) * cos;
  re[b] = (re[a] ?? 0) - x;
  im[b] = (im[a] ?? 0) - y;
  re[a] = (re[a] ?? 0) + x;
  im[a] = (im[a] ?? 0) + y;
}
