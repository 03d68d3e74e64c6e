/**
 * Arithmetic on counters that wrap around: RTP sequence numbers (16 bit) and timestamps (32 bit).
 * RFC 3550 section A.1, RFC 1982.
 */
export const SEQUENCE_MODULUS = 0x1_0000;
export const TIMESTAMP_MODULUS = 0x1_0000_0000;

/**
 * How far `to` lies ahead of `from`, the short way round: negative when it lies behind. Exactly half
 * way round counts as behind.
 */
export function distance(from: number, to: number, modulus: number): number {
  const ahead = (((to - from) % modulus) + modulus) % modulus;
  return ahead < modulus / 2 ? ahead : ahead - modulus;
}

/** Continues a wrapping counter without end: each value is placed nearest to the one before. */
export class Unwrapper {
  readonly #modulus: number;
  #last = 0;
  #started = false;

  constructor(modulus: number) {
    this.#modulus = modulus;
  }

  /** The value unwrapped last; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  unwrap(value: number): number {
    this.#last = this.#started ? this.#last + distance(this.#last, value, this.#modulus) : value;
    this.#started = true;
    return this.#last;
  }
}
