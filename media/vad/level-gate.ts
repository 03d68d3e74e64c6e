import { energy } from '../audio.ts';

/** Quiet ends of words and the pauses between them do not close the gate. */
export const GATE_HOLD_WINDOWS = 10;

/**
 * Lets through a speaker's sound while it is loud enough: a window of `gateDb` or more (dBFS, root
 * mean square) opens it, and it closes after 320 ms of less. Without a level everything passes. It
 * is what the detector cannot do: whoever talks at the next table speaks, too.
 */
export class LevelGate {
  /** `null`: everything passes. */
  gateDb: number | null = null;
  #open = 0;

  /** To be asked once for each window, in order. */
  admits(samples: Float32Array): boolean {
    if (this.gateDb === null) return true;
    if (10 * Math.log10(energy(samples)) >= this.gateDb) this.#open = GATE_HOLD_WINDOWS + 1;
    else if (this.#open > 0) this.#open -= 1;
    return this.#open > 0;
  }
}
