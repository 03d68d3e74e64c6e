import type { SentPacket } from './sent-packets.ts';

/** Ticks of the RTP clock in a millisecond. */
const PER_MS = 48;

/**
 * A listener's jitter buffer by the rule behind NetEq. The transit of a packet is its arrival minus
 * its RTP time (RFC 3550 section 6.4.1). Playout runs so far behind RTP time that each packet so
 * far was there when it was due: a packet with more transit than all before it pushes the delay up
 * for good. NetEq may win some of it back by stretching time, which bends the voice; this does not.
 */
export class ListenerModel {
  #last: number | undefined;
  #rtpMs = 0;
  #least = Infinity;
  #most = -Infinity;

  /** How much later than the fastest packet's a packet is heard now. */
  get delayMs(): number {
    return Math.max(0, this.#most - this.#least);
  }

  receive({ at, timestamp }: Pick<SentPacket, 'at' | 'timestamp'>): void {
    const step = (timestamp - (this.#last ?? timestamp) + 2 ** 32) % 2 ** 32;
    if (step >= 2 ** 31) throw new Error('the timestamp went backward');
    this.#last = timestamp;
    this.#rtpMs += step / PER_MS;
    this.#least = Math.min(this.#least, at - this.#rtpMs);
    this.#most = Math.max(this.#most, at - this.#rtpMs);
  }
}
