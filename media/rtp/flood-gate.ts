import { Allowance } from './allowance.ts';

/** Audio time a stream may deliver per time that passes: a sender's clock is never twice as fast. */
const RATE = 2;

/** What a network that stood still for three seconds may deliver at once. */
const BURST_MS = 4000;

/**
 * Every packet counts as at least so much audio, decodable or not. Opus packets of 5 ms, 200 in a
 * second, still pass; ten times the usual 50 packets in a second do not, whatever is in them.
 */
const LEAST_MS = 10;

/** How long a stream that floods is cut off. */
export const CUT_OFF_MS = 5000;

/**
 * Lets a stream pass at the speed of sound and cuts it off for a while when it delivers more, so
 * that one sender cannot take the processor from all others.
 */
export class FloodGate {
  readonly #allowance = new Allowance(RATE, BURST_MS);
  #closedUntil = -Infinity;

  /** To be asked before anything is done with a packet. False: the stream is cut off. */
  admits(now: number): boolean {
    if (now < this.#closedUntil) return false;
    return this.#charge(LEAST_MS, now);
  }

  /** Charges for the audio an admitted packet says it holds. False: the stream is cut off now. */
  carries(ms: number, now: number): boolean {
    return ms <= LEAST_MS || this.#charge(ms - LEAST_MS, now);
  }

  #charge(ms: number, now: number): boolean {
    this.#allowance.spend(ms, now);
    if (this.#allowance.left(now) >= 0) return true;
    this.#closedUntil = now + CUT_OFF_MS;
    return false;
  }
}
