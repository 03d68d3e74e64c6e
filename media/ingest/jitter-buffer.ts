import { AudioPacket } from '../rtp/packet.ts';
import { distance, SEQUENCE_MODULUS } from '../rtp/sequence.ts';
import type { Stage } from '../stage.ts';
import { Passed } from './passed.ts';
import { Reordering } from './reordering.ts';

export interface JitterBufferOptions {
  /** Longest wait for a missing packet, counted from the arrival of the first one after it. */
  readonly holdMs: number;
  /** Packets kept behind a gap; one more gives the gap up. */
  readonly maxPackets: number;
}

/** Told of packets given up, and of those that came after a later one and were still put in place. */
export interface JitterObserver {
  dropped(reason: 'duplicate' | 'late' | 'unexpected'): void;
  reordered(): void;
}

/** A sequence number this far ahead or behind is not loss or reordering: RFC 3550 section A.1. */
export const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

/**
 * Puts packets in order. What is in order passes at once; only behind a gap is anything held, for
 * a recogniser has no use for a playout delay (the rule of LiveKit's media-sdk). A gap that does
 * not close in time is passed over; whoever comes next sees it in the sequence numbers. Numbers that
 * start anew, far away or just behind but at another time, are followed once a second packet
 * confirms them.
 *
 * What is returned, list and packets, is valid until the next call.
 */
export class JitterBuffer implements Stage<AudioPacket, AudioPacket> {
  readonly #options: JitterBufferOptions;
  readonly #observer: JitterObserver;
  readonly #reordering: Reordering;
  readonly #passed = new Passed();
  /** Behind a gap, by sequence number continued without end. */
  readonly #held = new Map<number, AudioPacket>();
  /** Memory for packets to be held: what is free, and what the caller still looks at. */
  readonly #free: AudioPacket[] = [];
  readonly #lent: AudioPacket[] = [];
  #out: AudioPacket[] = [];
  /** For the packet that is in order, which is the rule. */
  readonly #one: AudioPacket[] = [];
  #next: number | undefined;
  #jumpedTo: number | undefined;

  constructor(options: JitterBufferOptions, observer: JitterObserver) {
    this.#options = options;
    this.#observer = observer;
    this.#reordering = new Reordering(options.holdMs);
  }

  /** Packets held behind a gap. */
  get waiting(): number {
    return this.#held.size;
  }

  /** How long a missing packet is waited for at present. */
  get holdMs(): number {
    return this.#reordering.waitMs;
  }

  push(packet: AudioPacket): readonly AudioPacket[] {
    this.#begin();
    if (this.#held.size === 0 && packet.sequence === this.#expected) return this.#passOne(packet);
    this.#expire(packet.arrivedAt);
    this.#next ??= packet.sequence;
    const ahead = distance(this.#expected, packet.sequence, SEQUENCE_MODULUS);
    const number = this.#next + ahead;
    const isJump = ahead > MAX_DROPOUT || ahead < -MAX_MISORDER;
    if (isJump || (ahead < 0 && this.#passed.contradict(number, packet))) {
      this.#jump(packet);
    } else {
      this.#jumpedTo = undefined;
      if (ahead < 0) this.#late(packet, number);
      else this.#take(packet, number);
    }
    return this.#out;
  }

  advance(now: number): readonly AudioPacket[] {
    this.#begin();
    this.#expire(now);
    return this.#out;
  }

  flush(): readonly AudioPacket[] {
    this.#begin();
    while (this.#held.size > 0) this.#skipGap();
    return this.#out;
  }

  /** The sequence number that would be in order. */
  get #expected(): number {
    return (this.#next ?? 0) % SEQUENCE_MODULUS;
  }

  /** What was returned before is free again. Emptying a list that is empty would cost memory. */
  #begin(): void {
    if (this.#out.length > 0) this.#out = [];
    if (this.#lent.length > 0) this.#free.push(...this.#lent.splice(0));
  }

  #passOne(packet: AudioPacket): readonly AudioPacket[] {
    this.#jumpedTo = undefined;
    const number = this.#next ?? 0;
    this.#passed.note(number, packet);
    this.#next = number + 1;
    this.#one[0] = packet;
    return this.#one;
  }

  /** Of a number not passed yet. */
  #take(packet: AudioPacket, number: number): void {
    if (this.#held.has(number)) {
      this.#observer.dropped('duplicate');
      return;
    }
    const since = this.#heldSince(number);
    if (since !== undefined) {
      this.#reordering.observe(packet.arrivedAt - since);
      this.#observer.reordered();
    }
    if (number === this.#next) {
      this.#pass(packet, number);
      this.#passRun();
      return;
    }
    const slot = this.#free.pop() ?? new AudioPacket();
    slot.copy(packet);
    this.#held.set(number, slot);
    while (this.#held.size > this.#options.maxPackets) this.#skipGap();
  }

  /** Of a number passed already, over or on. */
  #late(packet: AudioPacket, number: number): void {
    if (this.#passed.has(number)) {
      this.#observer.dropped('duplicate');
      return;
    }
    this.#observer.dropped('late');
    const since = this.#passed.arrivalAfter(number);
    if (since !== undefined) this.#reordering.observe(packet.arrivedAt - since);
  }

  #jump(packet: AudioPacket): void {
    if (packet.sequence === this.#jumpedTo) {
      this.#restart(packet);
      return;
    }
    this.#jumpedTo = (packet.sequence + 1) % SEQUENCE_MODULUS;
    this.#observer.dropped('unexpected');
  }

  #restart(packet: AudioPacket): void {
    while (this.#held.size > 0) this.#skipGap();
    this.#jumpedTo = undefined;
    this.#passed.clear();
    this.#pass(packet, packet.sequence);
  }

  #expire(now: number): void {
    for (
      let since = this.#heldSince();
      since !== undefined && now - since >= this.#reordering.waitMs;
      since = this.#heldSince()
    ) {
      this.#skipGap();
    }
  }

  #skipGap(): void {
    let first = Infinity;
    for (const number of this.#held.keys()) first = Math.min(first, number);
    this.#next = first;
    this.#passRun();
  }

  /** Everything held that is in order now. */
  #passRun(): void {
    for (let next = this.#next ?? 0; ; next += 1) {
      const packet = this.#held.get(next);
      if (packet === undefined) return;
      this.#held.delete(next);
      this.#lent.push(packet);
      this.#pass(packet, next);
    }
  }

  #pass(packet: AudioPacket, number: number): void {
    this.#out.push(packet);
    this.#passed.note(number, packet);
    this.#next = number + 1;
  }

  /** When the first of the packets held after a number came. */
  #heldSince(number = -Infinity): number | undefined {
    if (this.#held.size === 0) return undefined;
    let oldest = Infinity;
    for (const [held, { arrivedAt }] of this.#held) {
      if (held > number) oldest = Math.min(oldest, arrivedAt);
    }
    return oldest === Infinity ? undefined : oldest;
  }
}
