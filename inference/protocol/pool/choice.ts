/** How fast what was seen of an endpoint is forgotten. */
const MEMORY_MS = 10_000;
/** How much one more answer counts. */
const WEIGHT = 0.3;

/**
 * The smoothed time that answers take. It fades while nothing is asked, so that an endpoint that was
 * slow once is tried again.
 */
export class Latency {
  #smoothed = 0;
  #at = 0;

  saw(ms: number, now: number): void {
    const known = this.at(now);
    this.#smoothed = known === 0 ? ms : known + WEIGHT * (ms - known);
    this.#at = now;
  }

  at(now: number): number {
    return this.#smoothed * Math.exp(-(now - this.#at) / MEMORY_MS);
  }
}

/**
 * The power of two choices (Mitzenmacher, 2001): of two at random the one that costs less, which
 * spreads load nearly as well as the best of all and sends nobody's whole load to one.
 */
export function cheaperOfTwo<T>(
  candidates: readonly T[],
  cost: (candidate: T) => number,
  random: () => number = Math.random,
): T | undefined {
  const first = Math.floor(random() * candidates.length);
  const step = 1 + Math.floor(random() * (candidates.length - 1));
  const one = candidates[first];
  const other = candidates[(first + step) % candidates.length];
  if (one === undefined || other === undefined) return one;
  return cost(other) < cost(one) ? other : one;
}
