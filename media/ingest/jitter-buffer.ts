import type { AudioPacket } from '../rtp/packet.ts';
import { distance, SEQUENCE_MODULUS } from '../rtp/sequence.ts';
import type { Stage } from '../stage.ts';

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
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

/** Remembered numbers, to tell a duplicate from a packet that came too late. A power of two. */
const REMEMBERED = 128;

/**
 * Puts packets in order. What is in order passes at once; only behind a gap is anything held, for
 * a recogniser has no use for a playout delay (the rule of LiveKit's media-sdk). A gap that does
 * not close in time is passed over; whoever comes next sees it in the sequence numbers. A jump too
 * large to be loss restarts the stream once a second packet confirms it.
 */
export class JitterBuffer implements Stage<AudioPacket, AudioPacket> {
  readonly #options: JitterBufferOptions;
  readonly #observer: JitterObserver;
  /** Behind a gap, by sequence number continued without end. */
  readonly #held = new Map<number, AudioPacket>();
  readonly #passed = new Array<number>(REMEMBERED).fill(Number.NaN);
  #next: number | undefined;
  #restartAt: number | undefined;

  constructor(options: JitterBufferOptions, observer: JitterObserver) {
    this.#options = options;
    this.#observer = observer;
  }

  /** Packets held behind a gap. */
  get waiting(): number {
    return this.#held.size;
  }

  push(packet: AudioPacket): readonly AudioPacket[] {
    const overdue = this.advance(packet.arrivedAt);
    this.#next ??= packet.sequence;
    const ahead = distance(this.#next % SEQUENCE_MODULUS, packet.sequence, SEQUENCE_MODULUS);
    if (ahead > MAX_DROPOUT || ahead < -MAX_MISORDER) {
      return [...overdue, ...this.#restart(packet)];
    }
    this.#restartAt = undefined;
    const number = this.#next + ahead;
    if (this.#held.has(number) || this.#passed[number & (REMEMBERED - 1)] === number) {
      this.#observer.dropped('duplicate');
    } else if (ahead < 0) {
      this.#observer.dropped('late');
    } else {
      if ([...this.#held.keys()].some((held) => held > number)) this.#observer.reordered();
      this.#held.set(number, packet);
    }
    return [...overdue, ...this.#release()];
  }

  advance(now: number): readonly AudioPacket[] {
    const out: AudioPacket[] = [];
    while (this.#held.size > 0 && now - this.#heldSince() >= this.#options.holdMs) {
      out.push(...this.#skipGap());
    }
    return out;
  }

  flush(): readonly AudioPacket[] {
    const out: AudioPacket[] = [];
    while (this.#held.size > 0) out.push(...this.#skipGap());
    return out;
  }

  #restart(packet: AudioPacket): readonly AudioPacket[] {
    if (this.#restartAt !== packet.sequence) {
      this.#restartAt = (packet.sequence + 1) % SEQUENCE_MODULUS;
      this.#observer.dropped('unexpected');
      return [];
    }
    const before = this.flush();
    this.#restartAt = undefined;
    this.#next = packet.sequence;
    this.#passed.fill(Number.NaN);
    this.#held.set(packet.sequence, packet);
    return [...before, ...this.#release()];
  }

  /** Everything that is in order now, or must make room. */
  #release(): readonly AudioPacket[] {
    const out = this.#takeRun();
    while (this.#held.size > this.#options.maxPackets) out.push(...this.#skipGap());
    return out;
  }

  #skipGap(): readonly AudioPacket[] {
    this.#next = Math.min(...this.#held.keys());
    return this.#takeRun();
  }

  #takeRun(): AudioPacket[] {
    const out: AudioPacket[] = [];
    let next = this.#next ?? 0;
    for (let packet = this.#held.get(next); packet !== undefined; packet = this.#held.get(next)) {
      out.push(packet);
      this.#held.delete(next);
      this.#passed[next & (REMEMBERED - 1)] = next;
      next += 1;
    }
    this.#next = next;
    return out;
  }

  #heldSince(): number {
    let oldest = Infinity;
    for (const packet of this.#held.values()) oldest = Math.min(oldest, packet.arrivedAt);
    return oldest;
  }
}
