/** Observations remembered, and how many there must be before they say anything about a tail. */
const REMEMBERED = 64;
const ENOUGH = 10;

/**
 * How long packets that are out of order keep the others waiting, learned from those that came. The
 * wait is the 95th percentile of the last delays, so that the rare straggler is given up rather than
 * waited for at every gap.
 *
 * As long as little has been seen the longest wait holds: waiting too long costs a few milliseconds
 * at a gap, giving up too early costs speech.
 */
export class Reordering {
  readonly #longestMs: number;
  readonly #delays = new Float64Array(REMEMBERED);
  #observed = 0;
  #waitMs: number;

  constructor(longestMs: number) {
    this.#longestMs = longestMs;
    this.#waitMs = longestMs;
  }

  /** How long to wait at a gap. */
  get waitMs(): number {
    return this.#waitMs;
  }

  /** A packet came so long after the first one that should have come after it. */
  observe(delayMs: number): void {
    this.#delays[this.#observed % REMEMBERED] = delayMs;
    this.#observed += 1;
    if (this.#observed < ENOUGH) return;
    const sorted = this.#delays.slice(0, Math.min(this.#observed, REMEMBERED)).sort();
    const tail = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? this.#longestMs;
    this.#waitMs = Math.min(this.#longestMs, tail);
  }
}
