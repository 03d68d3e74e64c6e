/** Slaney's mel scale (Auditory Toolbox, 1998): straight below 1 kHz, logarithmic above. */
function melOf(hertz: number): number {
  if (hertz < 1000) return (3 * hertz) / 200;
  return 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4);
}

function hertzOf(mel: number): number {
  if (mel < 15) return (200 * mel) / 3;
  return 1000 * 6.4 ** ((mel - 15) / 27);
}

export interface FilterShape {
  readonly filters: number;
  readonly bins: number;
  /** Frequency of the last bin, and upper end of the last filter. */
  readonly highest: number;
}

/**
 * Triangles that overlap by half, even in mel, each with an area of one hertz (Slaney's norm). Of all
 * triangles a bin is in two: it is where one rises and the one before falls. So only two weights are
 * kept of each bin.
 */
export class MelFilters {
  readonly filters: number;
  /** Borders and peaks of the triangles in hertz: filter `i` reaches from `i` to `i + 2`. */
  readonly points: Float64Array;
  /** The filter that rises at each bin, with its weight, and the weight of the one before it. */
  readonly #rising: Uint16Array;
  readonly #rise: Float64Array;
  readonly #fall: Float64Array;

  constructor({ filters, bins, highest }: FilterShape) {
    const top = melOf(highest);
    const points = Float64Array.from({ length: filters + 2 }, (_, i) =>
      hertzOf((i * top) / (filters + 1)),
    );
    this.filters = filters;
    this.points = points;
    this.#rising = new Uint16Array(bins);
    this.#rise = new Float64Array(bins);
    this.#fall = new Float64Array(bins);
    let rising = 0;
    for (let bin = 0; bin < bins; bin += 1) {
      const hertz = (bin * highest) / (bins - 1);
      while (rising < filters && (points[rising + 1] ?? 0) <= hertz) rising += 1;
      const [low = 0, peak = 0] = points.subarray(rising, rising + 2);
      this.#rising[bin] = rising;
      if (rising < filters) {
        const high = points[rising + 2] ?? 0;
        this.#rise[bin] = ((hertz - low) / (peak - low)) * (2 / (high - low));
      }
      if (rising > 0) {
        const before = points[rising - 1] ?? 0;
        const height = Math.max(0, (peak - hertz) / (peak - low));
        this.#fall[bin] = height * (2 / (peak - before));
      }
    }
  }

  /** Adds the power of each bin to its filters: filter `i` is at `sums[i + 1]`, the ends are spare. */
  add(power: Float64Array, sums: Float64Array): void {
    const rising = this.#rising;
    const rise = this.#rise;
    const fall = this.#fall;
    for (let bin = 0; bin < rising.length; bin += 1) {
      const filter = rising[bin] ?? 0;
      const loud = power[bin] ?? 0;
      sums[filter] = (sums[filter] ?? 0) + loud * (fall[bin] ?? 0);
      sums[filter + 1] = (sums[filter + 1] ?? 0) + loud * (rise[bin] ?? 0);
    }
  }

  /** Weight of one bin in one filter. */
  weight(bin: number, filter: number): number {
    const rising = this.#rising[bin];
    if (rising === filter) return this.#rise[bin] ?? 0;
    return rising === filter + 1 ? (this.#fall[bin] ?? 0) : 0;
  }
}
