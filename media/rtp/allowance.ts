/**
 * A token bucket: grows with time up to a capacity, and is spent. It starts full. Units are the
 * caller's.
 */
export class Allowance {
  readonly #perMs: number;
  readonly #capacity: number;
  #left: number;
  #since = Infinity;

  constructor(perMs: number, capacity: number) {
    this.#perMs = perMs;
    this.#capacity = capacity;
    this.#left = capacity;
  }

  /** What may be spent now. */
  left(now: number): number {
    const elapsed = Math.max(0, now - this.#since);
    this.#since = this.#since === Infinity ? now : Math.max(this.#since, now);
    this.#left = Math.min(this.#capacity, this.#left + elapsed * this.#perMs);
    return this.#left;
  }

  /** More than is left leaves a debt. */
  spend(amount: number, now: number): void {
    this.#left = this.left(now) - amount;
  }
}
