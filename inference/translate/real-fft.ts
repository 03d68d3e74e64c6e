/**
 * Power spectrum of real frames whose length is 2 * 4^n: the frame's even and odd samples make a complex
 * one of half the length, transformed in place by radix 4, decimation in time, and taken apart by
 * symmetry (Sorensen et al., "Real-valued fast Fourier transform algorithms", IEEE ASSP-35, 1987).
 *
 * Our own, because of the npm packages the fastest, fft.js (radix 4, last published in 2017), gives a
 * complex spectrum of the whole length and takes windowing and power as passes of their own; this
 * one does the window while it puts samples in order, and the power while it takes the halves apart.
 */
export class PowerSpectrum {
  /** Bins of a spectrum: half the frame and one. */
  readonly bins: number;
  readonly #half: number;
  /** Samples from the first to the last that the window lets through: where each goes, and its weight. */
  readonly #first: number;
  readonly #at: Uint16Array;
  readonly #weight: Float64Array;
  /** Complex numbers of the transform, real and imaginary part by turns. */
  readonly #z: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** `window` has a weight for every sample of a frame. */
  constructor(window: Float64Array) {
    const size = window.length;
    const half = size / 2;
    if (!Number.isInteger(Math.log2(half) / 2)) throw new Error(`no frames of ${size} samples`);
    this.#half = half;
    this.bins = half + 1;
    this.#z = new Float64Array(size);
    this.#cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sin = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    this.#first = window.findIndex((weight) => weight !== 0);
    this.#weight = window.slice(this.#first, window.findLastIndex((weight) => weight !== 0) + 1);
    this.#at = Uint16Array.from(this.#weight, (_, index) => {
      const sample = this.#first + index;
      return 2 * reversed(sample >> 1, half) + (sample & 1);
    });
  }

  /** Power of each bin of the frame that begins at `start`, into `power`. */
  of(samples: Float64Array, start: number, power: Float64Array): void {
    const z = this.#z;
    const at = this.#at;
    const weight = this.#weight;
    const first = start + this.#first;
    z.fill(0);
    for (let n = 0; n < at.length; n += 1) {
      z[at[n] ?? 0] = (samples[first + n] ?? 0) * (weight[n] ?? 0);
    }
    this.#firstStage();
    for (let size = 16; size <= this.#half; size *= 4) this.#stage(size);
    this.#takeApart(power);
  }

  /** Transforms of four, which turn by nothing. */
  #firstStage(): void {
    const z = this.#z;
    for (let i = 0; i < z.length; i += 8) {
      const sumRe = (z[i] ?? 0) + (z[i + 4] ?? 0);
      const sumIm = (z[i + 1] ?? 0) + (z[i + 5] ?? 0);
      const differenceRe = (z[i] ?? 0) - (z[i + 4] ?? 0);
      const differenceIm = (z[i + 1] ?? 0) - (z[i + 5] ?? 0);
      const oddRe = (z[i + 2] ?? 0) + (z[i + 6] ?? 0);
      const oddIm = (z[i + 3] ?? 0) + (z[i + 7] ?? 0);
      const turnedRe = (z[i + 3] ?? 0) - (z[i + 7] ?? 0);
      const turnedIm = (z[i + 6] ?? 0) - (z[i + 2] ?? 0);
      z[i] = sumRe + oddRe;
      z[i + 1] = sumIm + oddIm;
      z[i + 2] = differenceRe + turnedRe;
      z[i + 3] = differenceIm + turnedIm;
      z[i + 4] = sumRe - oddRe;
      z[i + 5] = sumIm - oddIm;
      z[i + 6] = differenceRe - turnedRe;
      z[i + 7] = differenceIm - turnedIm;
    }
  }

  /** Joins transforms of `size / 4` to such of `size`. */
  #stage(size: number): void {
    const z = this.#z;
    const cos = this.#cos;
    const sin = this.#sin;
    const quarter = size / 2;
    const turn = z.length / size;
    for (let k = 0; k < size / 4; k += 1) {
      const c1 = cos[k * turn] ?? 0;
      const s1 = sin[k * turn] ?? 0;
      const c2 = c1 * c1 - s1 * s1;
      const s2 = 2 * c1 * s1;
      const c3 = c1 * c2 - s1 * s2;
      const s3 = s1 * c2 + c1 * s2;
      for (let a = 2 * k; a < z.length; a += 2 * size) {
        const b = a + quarter;
        const c = b + quarter;
        const d = c + quarter;
        const aRe = z[a] ?? 0;
        const aIm = z[a + 1] ?? 0;
        const bRe = (z[b] ?? 0) * c1 + (z[b + 1] ?? 0) * s1;
        const bIm = (z[b + 1] ?? 0) * c1 - (z[b] ?? 0) * s1;
        const cRe = (z[c] ?? 0) * c2 + (z[c + 1] ?? 0) * s2;
        const cIm = (z[c + 1] ?? 0) * c2 - (z[c] ?? 0) * s2;
        const dRe = (z[d] ?? 0) * c3 + (z[d + 1] ?? 0) * s3;
        const dIm = (z[d + 1] ?? 0) * c3 - (z[d] ?? 0) * s3;
        z[a] = aRe + cRe + (bRe + dRe);
        z[a + 1] = aIm + cIm + (bIm + dIm);
        z[b] = aRe - cRe + (bIm - dIm);
        z[b + 1] = aIm - cIm - (bRe - dRe);
        z[c] = aRe + cRe - (bRe + dRe);
        z[c + 1] = aIm + cIm - (bIm + dIm);
        z[d] = aRe - cRe - (bIm - dIm);
        z[d + 1] = aIm - cIm + (bRe - dRe);
      }
    }
  }

  /** Two bins at a time: of the real frame's spectrum they are each other's mirror. */
  #takeApart(power: Float64Array): void {
    const z = this.#z;
    const half = this.#half;
    const re0 = z[0] ?? 0;
    const im0 = z[1] ?? 0;
    power[0] = (re0 + im0) ** 2;
    power[half] = (re0 - im0) ** 2;
    for (let k = 1; k <= half / 2; k += 1) {
      const mirror = 2 * (half - k);
      const kRe = z[2 * k] ?? 0;
      const kIm = z[2 * k + 1] ?? 0;
      const mRe = z[mirror] ?? 0;
      const mIm = z[mirror + 1] ?? 0;
      const evenRe = (kRe + mRe) / 2;
      const evenIm = (kIm - mIm) / 2;
      const oddRe = (kIm + mIm) / 2;
      const oddIm = (mRe - kRe) / 2;
      const c = this.#cos[k] ?? 0;
      const s = this.#sin[k] ?? 0;
      const turnedRe = oddRe * c + oddIm * s;
      const turnedIm = oddIm * c - oddRe * s;
      power[k] = (evenRe + turnedRe) ** 2 + (evenIm + turnedIm) ** 2;
      power[half - k] = (evenRe - turnedRe) ** 2 + (evenIm - turnedIm) ** 2;
    }
  }
}

/** The base-4 digits of `n` below `size` in reverse. */
function reversed(n: number, size: number): number {
  let result = 0;
  for (let rest = n, place = size; place > 1; place /= 4, rest >>= 2) {
    result = result * 4 + (rest & 3);
  }
  return result;
}
