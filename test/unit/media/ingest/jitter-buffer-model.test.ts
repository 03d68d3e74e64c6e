import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JitterBuffer } from '../../../../media/ingest/jitter-buffer.ts';
import type { AudioPacket } from '../../../../media/rtp/packet.ts';
import { audioPacket } from '../../../support/rtp-builder.ts';

const SEED = 870_880;
/** Thousands of cases, on a machine that does other things as well. */
const TIMEOUT = { timeout: 60_000 };
const HOLD_MS = 60;
const MAX_PACKETS = 20;

interface Arrival {
  /** Sequence number without wrap-around. */
  readonly number: number;
  readonly at: number;
}

/**
 * The rule in its plainest form, for a fixed wait: everything that came is kept and looked through
 * again at every step.
 */
class Model {
  readonly #waiting = new Map<number, number>();
  readonly #seen = new Set<number>();
  #next: number | undefined;
  late = 0;
  duplicates = 0;

  push({ number, at }: Arrival): number[] {
    const out = this.advance(at);
    this.#next ??= number;
    if (this.#seen.has(number)) this.duplicates += 1;
    else if (number < this.#next) this.late += 1;
    else {
      this.#seen.add(number);
      this.#waiting.set(number, at);
    }
    return [...out, ...this.#run(), ...this.#overflow()];
  }

  advance(now: number): number[] {
    const out: number[] = [];
    while (Math.min(...this.#waiting.values()) <= now - HOLD_MS) out.push(...this.#skip());
    return out;
  }

  #overflow(): number[] {
    const out: number[] = [];
    while (this.#waiting.size > MAX_PACKETS) out.push(...this.#skip());
    return out;
  }

  #skip(): number[] {
    this.#next = Math.min(...this.#waiting.keys());
    return this.#run();
  }

  #run(): number[] {
    const out: number[] = [];
    while (this.#next !== undefined && this.#waiting.delete(this.#next)) out.push(this.#next++);
    return out;
  }
}

/** 20 ms packets through a network that loses, delays, repeats and stalls. */
const network = fc
  .record({
    start: fc.constantFrom(0, 1000, 0x7ff0, 0x7fff, 0xfff0, 0xffff),
    fates: fc.array(
      fc.record({
        loss: fc.integer({ min: 0, max: 99 }),
        delay: fc.oneof(
          { weight: 6, arbitrary: fc.constant(0) },
          { weight: 3, arbitrary: fc.integer({ min: 0, max: 70 }) },
          { weight: 1, arbitrary: fc.integer({ min: 0, max: 300 }) },
        ),
        repeatedAfter: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 2 }),
        /** Milliseconds in which the sender says nothing (DTX). */
        silence: fc.constantFrom(0, 0, 0, 0, 0, 0, 400, 1000),
      }),
      { minLength: 1, maxLength: 60 },
    ),
    bursts: fc.boolean(),
  })
  .map(({ start, fates, bursts }) => {
    let sentAt = 0;
    const arrivals = fates.flatMap(({ loss, delay, repeatedAfter, silence }, index): Arrival[] => {
      sentAt += 20 + silence;
      if (loss < 10) return [];
      const number = start + index;
      const at = bursts ? Math.ceil((sentAt + delay) / 200) * 200 : sentAt + delay;
      const first = { number, at };
      return repeatedAfter === null || repeatedAfter > 50
        ? [first]
        : [first, { number, at: at + repeatedAfter }];
    });
    return arrivals.toSorted((a, b) => a.at - b.at);
  });

describe('JitterBuffer beside its model', () => {
  /** Until ten packets were out of order the wait is the longest: as the model has it always. */
  const outOfOrder = (arrivals: readonly Arrival[]): number => {
    let highest = -Infinity;
    let count = 0;
    for (const { number } of arrivals) {
      if (number < highest) count += 1;
      highest = Math.max(highest, number);
    }
    return count;
  };

  it('gives out the same packets at the same time and counts the same losses', TIMEOUT, () => {
    fc.assert(
      fc.property(network, (arrivals) => {
        fc.pre(outOfOrder(arrivals) < 10);
        const model = new Model();
        const drops = { duplicate: 0, late: 0, unexpected: 0 };
        const buffer = new JitterBuffer(
          { holdMs: HOLD_MS, maxPackets: MAX_PACKETS },
          {
            dropped: (reason) => {
              drops[reason] += 1;
            },
            reordered: () => undefined,
          },
        );
        const numbers = (packets: readonly AudioPacket[]) =>
          packets.map(({ sequence }) => sequence);
        const wrapped = (all: readonly number[]) => all.map((number) => number & 0xffff);
        let clock = 0;
        for (const arrival of arrivals) {
          for (; clock < arrival.at; clock += 5) {
            expect(numbers(buffer.advance(clock))).toEqual(wrapped(model.advance(clock)));
          }
          const fields = { sequence: arrival.number & 0xffff, timestamp: arrival.number * 960 };
          const packet = audioPacket({ ...fields, arrivedAt: arrival.at });
          expect(numbers(buffer.push(packet))).toEqual(wrapped(model.push(arrival)));
        }
        expect(drops).toEqual({ duplicate: model.duplicates, late: model.late, unexpected: 0 });
      }),
      { numRuns: 2000, seed: SEED },
    );
  });

  it(
    'never goes backwards, repeats or waits too long, however much is out of order',
    TIMEOUT,
    () => {
      fc.assert(
        fc.property(network, (arrivals) => {
          const buffer = new JitterBuffer(
            { holdMs: HOLD_MS, maxPackets: MAX_PACKETS },
            { dropped: () => undefined, reordered: () => undefined },
          );
          let last = -Infinity;
          const note = (packets: readonly AudioPacket[], now: number) => {
            for (const { timestamp, arrivedAt } of packets) {
              expect(timestamp).toBeGreaterThan(last);
              expect(now - arrivedAt).toBeLessThan(HOLD_MS + 4);
              last = timestamp;
            }
            expect(buffer.waiting).toBeLessThanOrEqual(MAX_PACKETS);
          };
          let clock = 0;
          for (const { number, at } of arrivals) {
            for (; clock < at; clock += 4) note(buffer.advance(clock), clock);
            const fields = { sequence: number & 0xffff, timestamp: number * 960 };
            note(buffer.push(audioPacket({ ...fields, arrivedAt: at })), at);
          }
          for (let more = 0; more <= HOLD_MS; more += 1)
            note(buffer.advance(clock + more), clock + more);
          expect(buffer.waiting).toBe(0);
        }),
        { numRuns: 1000, seed: SEED },
      );
    },
  );
});
