import type { MediaOptions } from '../options.ts';

export type LagOptions = Pick<MediaOptions, 'lagLowMs' | 'lagHighMs' | 'lagMaxMs' | 'maxTempo'>;

/** How a voice is played. */
export interface Pace {
  readonly shortenPauses: boolean;
  /** 1 is as spoken. */
  readonly tempo: number;
}

export const AS_SPOKEN: Pace = { shortenPauses: false, tempo: 1 };

/** Change of tempo from one piece to the next that nobody notices: full speed takes a second. */
const STEP = 0.02;

/**
 * Holds a translated voice near its speaker. In the band above `lagLowMs` pauses are shortened, and
 * the tempo rises with the lag, up to `maxTempo` at `lagHighMs`; it changes by small steps.
 */
export class LagBand {
  readonly #options: LagOptions;

  constructor(options: LagOptions) {
    this.#options = options;
  }

  /** The pace of the next piece, after one played at `before`. */
  next(lagMs: number, before: Pace): Pace {
    const { lagLowMs, lagHighMs, maxTempo } = this.#options;
    const pressure = Math.min(1, Math.max(0, (lagMs - lagLowMs) / (lagHighMs - lagLowMs)));
    const goal = 1 + pressure * (maxTempo - 1);
    const tempo = Math.min(before.tempo + STEP, Math.max(before.tempo - STEP, goal));
    return { shortenPauses: pressure > 0, tempo };
  }

  /** How long speech takes when it is played as fast as may be. */
  fastest(ms: number): number {
    return ms / this.#options.maxTempo;
  }

  /** Whether a phrase that would begin with this lag is better read than heard. */
  isTooLate(lagMs: number): boolean {
    return lagMs > this.#options.lagMaxMs;
  }
}
