/**
 * Gain of an original while its translation plays over it. The original goes down when the
 * translation becomes audible and comes back after `holdMs` of silence, so that pauses between
 * words do not make it pump. Both ways are ramps. Time is passed in.
 */
export interface DuckingOptions {
  /** Time of a ramp between full level and silence. */
  readonly rampMs: number;
  /** Silence of the translation before the original comes back. */
  readonly holdMs: number;
}

export const DUCKING: DuckingOptions = { rampMs: 240, holdMs: 500 };

/** Gain of an original under its translation, unless the listener wants another. */
export const UNDER_TRANSLATION = 0.15;

export class Ducker {
  readonly #options: DuckingOptions;
  #gain = 1;
  #audibleUntil = -Infinity;
  #last: number | undefined;

  constructor(options: DuckingOptions = DUCKING) {
    this.#options = options;
  }

  /**
   * The gain at `now`, given whether the translation is audible then and the gain, 0 to 1, that the
   * listener wants under it.
   */
  push(audible: boolean, now: number, floor: number = UNDER_TRANSLATION): number {
    const { rampMs, holdMs } = this.#options;
    if (audible) this.#audibleUntil = now + holdMs;
    const step = (now - (this.#last ?? now)) / rampMs;
    this.#last = now;
    const goal = audible || now < this.#audibleUntil ? floor : 1;
    this.#gain =
      this.#gain > goal ? Math.max(goal, this.#gain - step) : Math.min(goal, this.#gain + step);
    return this.#gain;
  }
}
