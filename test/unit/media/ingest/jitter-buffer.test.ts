import { beforeEach, describe, expect, it } from 'vitest';
import { JitterBuffer } from '../../../../media/ingest/jitter-buffer.ts';
import type { AudioPacket } from '../../../../media/rtp/packet.ts';
import { audioPacket } from '../../../support/rtp-builder.ts';

let drops: string[];
let reordered: number;
let buffer: JitterBuffer;

const create = (maxPackets = 50): JitterBuffer =>
  new JitterBuffer(
    { holdMs: 60, maxPackets },
    {
      dropped: (reason) => drops.push(reason),
      reordered: () => {
        reordered += 1;
      },
    },
  );

beforeEach(() => {
  drops = [];
  reordered = 0;
  buffer = create();
});

const push = (sequence: number, arrivedAt = 0): number[] =>
  sequences(buffer.push(audioPacket({ sequence: sequence & 0xffff, arrivedAt })));

const sequences = (packets: readonly AudioPacket[]): number[] =>
  packets.map(({ sequence }) => sequence);

describe('JitterBuffer', () => {
  it('passes packets that are in order at once', () => {
    expect([push(5), push(6), push(7)]).toEqual([[5], [6], [7]]);
    expect(buffer.waiting).toBe(0);
  });

  it('holds what comes after a gap until the missing packet arrives', () => {
    push(1);
    expect(push(3)).toEqual([]);
    expect(push(4)).toEqual([]);
    expect(push(2)).toEqual([2, 3, 4]);
    expect(reordered).toBe(1);
  });

  it('waits at a gap for 60 ms from the first packet after it, then goes on', () => {
    push(1, 0);
    push(3, 20);
    expect(sequences(buffer.advance(79))).toEqual([]);
    expect(sequences(buffer.advance(80))).toEqual([3]);
  });

  it('notices with the next packet that the wait is over', () => {
    push(1, 0);
    push(3, 20);
    push(4, 40);
    expect(push(5, 80)).toEqual([3, 4, 5]);
  });

  it('waits anew at each gap', () => {
    push(1, 0);
    push(3, 20);
    push(5, 50);
    expect(sequences(buffer.advance(80))).toEqual([3]);
    expect(sequences(buffer.advance(110))).toEqual([5]);
  });

  it('drops a packet that comes after its gap was passed over', () => {
    push(1, 0);
    push(3, 20);
    buffer.advance(80);
    expect(push(2, 90)).toEqual([]);
    expect(drops).toEqual(['late']);
  });

  it('drops duplicates, of packets passed on and of packets held', () => {
    push(1);
    push(1);
    push(3);
    push(3);
    expect(drops).toEqual(['duplicate', 'duplicate']);
    expect(push(2)).toEqual([2, 3]);
  });

  it('gives a gap up when too many packets wait behind it', () => {
    buffer = create(3);
    push(1);
    expect([push(3), push(4), push(5)]).toEqual([[], [], []]);
    expect(push(6)).toEqual([3, 4, 5, 6]);
  });

  it('goes over the wrap-around, in order and at a gap', () => {
    expect([push(0xfffe), push(0xffff), push(0)]).toEqual([[0xfffe], [0xffff], [0]]);
    buffer = create();
    push(0xffff);
    expect(push(1)).toEqual([]);
    expect(push(0)).toEqual([0, 1]);
  });

  it('restarts at a jump that a second packet confirms', () => {
    push(100);
    expect(push(30_000)).toEqual([]);
    expect(push(30_001)).toEqual([30_001]);
    expect(push(30_002)).toEqual([30_002]);
    expect(drops).toEqual(['unexpected']);
  });

  it('is not led astray by a single stray packet', () => {
    push(100);
    push(30_000);
    expect(push(101)).toEqual([101]);
  });

  it('gives out what it holds when flushed, gaps or not', () => {
    push(1);
    push(3);
    push(6);
    expect(sequences(buffer.flush())).toEqual([3, 6]);
    expect(buffer.waiting).toBe(0);
  });
});

describe('JitterBuffer that learns how late packets come', () => {
  /** Every fourth packet comes after the next one, `lateMs` later than that. */
  const swapEveryFourth = (lateMs: number, rounds: number): void => {
    for (let round = 0; round < rounds; round += 1) {
      const first = round * 4;
      const at = first * 20;
      push(first, at);
      push(first + 1, at + 20);
      push(first + 3, at + 60);
      push(first + 2, at + 60 + lateMs);
    }
  };

  it('waits as long as it may while it has seen little', () => {
    swapEveryFourth(5, 9);
    expect(buffer.holdMs).toBe(60);
  });

  it('waits no longer than nearly all that came out of order', () => {
    swapEveryFourth(5, 10);
    expect(buffer.holdMs).toBe(5);
    push(41, 1000);
    push(43, 1040);
    expect(sequences(buffer.advance(1045))).toEqual([43]);
  });

  it('waits longer again when packets that it gave up do come', () => {
    swapEveryFourth(5, 20);
    expect(buffer.holdMs).toBe(5);
    for (let round = 100; round < 180; round += 1) {
      push(round * 4, round * 80);
      push(round * 4 + 2, round * 80 + 40);
      push(round * 4 + 3, round * 80 + 60);
      push(round * 4 + 1, round * 80 + 70);
    }
    expect(buffer.holdMs).toBe(30);
  });

  it('never waits longer than it is allowed to', () => {
    swapEveryFourth(59, 5);
    for (let number = 100; number < 200; number += 2) {
      push(number + 1, number * 100);
      buffer.advance(number * 100 + 60);
      push(number, number * 100 + 90);
    }
    expect(buffer.holdMs).toBe(60);
  });
});

describe('JitterBuffer of a sender that starts anew', () => {
  it('follows numbers that go back a little, at another time', () => {
    for (let number = 0; number < 60; number += 1) push(number, number * 20);
    const anew = (sequence: number) =>
      sequences(buffer.push(audioPacket({ sequence, timestamp: 3_000_000_000, arrivedAt: 1200 })));
    expect([10, 11, 12].map(anew)).toEqual([[], [11], [12]]);
    expect(drops).toEqual(['unexpected']);
  });

  it('is not led back by a burst of packets that took a slower way', () => {
    push(0, 0);
    for (let number = 11; number < 20; number += 1) push(number, number * 20);
    for (let number = 1; number < 11; number += 1) push(number, 400 + number);
    expect(push(20, 420)).toEqual([20]);
    expect(new Set(drops)).toEqual(new Set(['late']));
  });
});

describe('JitterBuffer and its memory', () => {
  it('keeps what it holds although the packet given to it is used again', () => {
    push(1);
    const reused = audioPacket({ sequence: 3, payload: Uint8Array.of(3, 3, 3) });
    buffer.push(reused);
    reused.copy(audioPacket({ sequence: 2, payload: Uint8Array.of(2) }));
    expect(buffer.push(reused).map(({ payload }) => [...payload])).toEqual([[2], [3, 3, 3]]);
  });
});
