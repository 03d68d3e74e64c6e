import type { AudioPacket } from '../rtp/packet.ts';
import { distance, TIMESTAMP_MODULUS } from '../rtp/sequence.ts';

/** A power of two, larger than the distance at which a packet still counts as late. */
const REMEMBERED = 128;

/** RTP ticks that so many packets of the longest duration, 120 ms, take. */
const LONGEST_TICKS = REMEMBERED * 120 * 48;

const slotOf = (number: number): number => number & (REMEMBERED - 1);

/** Remembers the packets passed on last: tells a repetition from what came too late. */
export class Passed {
  readonly #numbers = new Float64Array(REMEMBERED).fill(Number.NaN);
  readonly #timestamps = new Float64Array(REMEMBERED);
  readonly #arrivals = new Float64Array(REMEMBERED);

  /** `number` is the packet's sequence number continued without end. */
  note(number: number, packet: AudioPacket): void {
    const slot = slotOf(number);
    this.#numbers[slot] = number;
    this.#timestamps[slot] = packet.timestamp;
    this.#arrivals[slot] = packet.arrivedAt;
  }

  has(number: number): boolean {
    return this.#numbers[slotOf(number)] === number;
  }

  /**
   * Whether a packet with a number already passed cannot be a late one: its time does not lie where
   * packets before those that followed it lie. Its sender has started anew.
   */
  contradict(number: number, { timestamp }: AudioPacket): boolean {
    if (this.has(number)) return this.#timestamps[slotOf(number)] !== timestamp;
    const slot = this.#slotAfter(number);
    if (slot === undefined) return false;
    const ahead = distance(timestamp, this.#timestamps[slot] ?? 0, TIMESTAMP_MODULUS);
    return ahead <= 0 || ahead > LONGEST_TICKS;
  }

  /** When the first packet after this number came, of those remembered. */
  arrivalAfter(number: number): number | undefined {
    const slot = this.#slotAfter(number);
    return slot === undefined ? undefined : this.#arrivals[slot];
  }

  clear(): void {
    this.#numbers.fill(Number.NaN);
  }

  #slotAfter(number: number): number | undefined {
    for (let later = number + 1; later < number + REMEMBERED; later += 1) {
      if (this.has(later)) return slotOf(later);
    }
    return undefined;
  }
}
