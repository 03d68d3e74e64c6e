import fc from 'fast-check';
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

describe('JitterBuffer under loss, reordering and duplication', () => {
  /** Sends 20 ms packets through a network that loses, delays and repeats them. */
  const network = fc.record({
    start: fc.constantFrom(0, 1000, 0x7ff0, 0x7fff, 0xfff0),
    fates: fc.array(
      fc.record({
        loss: fc.integer({ min: 0, max: 99 }),
        delay: fc.integer({ min: 0, max: 90 }),
        copies: fc.constantFrom(1, 1, 1, 2),
      }),
      { minLength: 1, maxLength: 120 },
    ),
  });

  it('never goes backwards, repeats, invents or waits longer than it may', () => {
    fc.assert(
      fc.property(network, ({ start, fates }) => {
        drops = [];
        buffer = create();
        const arrivals = fates.flatMap(({ loss, delay, copies }, index) =>
          loss < 15
            ? []
            : Array.from({ length: copies }, (_, copy) => ({
                number: index,
                arrivedAt: index * 20 + delay + copy,
              })),
        );
        arrivals.sort((a, b) => a.arrivedAt - b.arrivedAt);
        const passed: number[] = [];
        const note = (packets: readonly AudioPacket[], now: number): void => {
          for (const packet of packets) {
            passed.push((packet.sequence - start + 0x1_0000) % 0x1_0000);
            expect(now - packet.arrivedAt).toBeLessThanOrEqual(60);
          }
        };
        let clock = 0;
        for (const { number, arrivedAt } of arrivals) {
          for (; clock < arrivedAt; clock++) note(buffer.advance(clock), clock);
          const sequence = (start + number) & 0xffff;
          note(buffer.push(audioPacket({ sequence, arrivedAt })), arrivedAt);
        }
        for (; buffer.waiting > 0; clock++) note(buffer.advance(clock), clock);
        const inOrder = passed.every((value, at) => at === 0 || value > (passed[at - 1] ?? 0));
        expect(inOrder).toBe(true);
        expect(passed.length + drops.length).toBe(arrivals.length);
      }),
      { numRuns: 300 },
    );
  });
});
