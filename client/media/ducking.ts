/**
 * Gain of an original while its translation plays over it. The original goes down when the
 * translation becomes audible and comes back after `holdMs` of silence, so that pauses between
 * words do not make it pump. Both ways are ramps. Time is passed in.
 */
export interface DuckingOptions {
  /** Gain under a translation. */
  readonly floor: number;
  /** Time of a full ramp between 1 and `floor`. */
  readonly rampMs: number;
  /** Silence of the translation before the original comes back. */
  readonly holdMs: number;
}

export const DUCKING: DuckingOptions = { floor: 0.15, rampMs: 200, holdMs: 500 };

export class Ducker {
  readonly #options: DuckingOptions;
  #gain = 1;
  #audibleUntil = -Infinity;
  #last: number | undefined;

  constructor(options: DuckingOptions = DUCKING) {
    this.#options = options;
  }

  /** The gain at `now`, given whether the translation is audible at `now`. */
  push(audible: boolean, now: number): number {
    const { floor, rampMs, holdMs } = this.#options;
    if (audible) this.#audibleUntil = now + holdMs;
    const step = ((1 - floor) * (now - (this.#last ?? now))) / rampMs;
    this.#last = now;
    this.#gain =
      audible || now < this.#audibleUntil
        ? Math.max(floor, this.#gain - step)
        : Math.min(1, this.#gain + step);
    return this.#gain;
  }
}
