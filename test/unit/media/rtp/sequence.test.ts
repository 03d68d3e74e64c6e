import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distance,
  SEQUENCE_MODULUS,
  TIMESTAMP_MODULUS,
  Unwrapper,
} from '../../../../media/rtp/sequence.ts';

const ahead = (from: number, to: number): number => distance(from, to, SEQUENCE_MODULUS);

describe('distance between sequence numbers', () => {
  it.each([
    [0, 0, 0],
    [0, 1, 1],
    [0, 0x7fff, 0x7fff],
    [0, 0x8000, -0x8000],
    [0, 0xffff, -1],
    [0xffff, 0, 1],
    [0x7fff, 0x8000, 1],
    [0x8000, 0x7fff, -1],
    [0x8000, 0, -0x8000],
    [0xffff, 0x7fff, -0x8000],
    [0xffff, 0x7ffe, 0x7fff],
  ])('from %i to %i is %i', (from, to, expected) => {
    expect(ahead(from, to)).toBe(expected);
  });

  it('goes back the way it came', () => {
    const number = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(number, number, (from, to) => {
        const there = ahead(from, to);
        expect((from + there + SEQUENCE_MODULUS) % SEQUENCE_MODULUS).toBe(to);
      }),
    );
  });
});

describe('Unwrapper', () => {
  it('counts on where the number starts again', () => {
    const unwrapper = new Unwrapper(SEQUENCE_MODULUS);
    expect([0xfffe, 0xffff, 0, 1].map((number) => unwrapper.unwrap(number))).toEqual([
      0xfffe, 0xffff, 0x1_0000, 0x1_0001,
    ]);
  });

  it('follows a number back over the start', () => {
    const unwrapper = new Unwrapper(SEQUENCE_MODULUS);
    expect([0, 0xffff, 1].map((number) => unwrapper.unwrap(number))).toEqual([0, -1, 1]);
  });

  it('continues timestamps over 32 bits', () => {
    const unwrapper = new Unwrapper(TIMESTAMP_MODULUS);
    unwrapper.unwrap(0xffff_ff00);
    expect(unwrapper.unwrap(0x2c0)).toBe(0xffff_ff00 + 960);
    expect(unwrapper.last).toBe(0xffff_ff00 + 960);
  });
});
