import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { Readership } from '../../../../server/rooms/readership.ts';

const luz = PeerId.parse('luz');
const ann = PeerId.parse('ann');

/** Which of the first 20 lines someone may read. */
const readable = (readership: Readership, peerId: PeerId) =>
  Array.from({ length: 20 }, (_, line) => line).filter((line) => readership.mayRead(peerId, line));

describe('who may read what', () => {
  test('who was never here reads nothing', () => {
    expect(readable(new Readership(), luz)).toEqual([]);
  });

  test('from what one was shown on arriving, for as long as one is here', () => {
    const readership = new Readership();
    readership.arrive(luz, 15, 0);
    expect(readable(readership, luz)).toEqual([15, 16, 17, 18, 19]);
    readership.depart(luz, 17);
    expect(readable(readership, luz)).toEqual([15, 16]);
    expect(readable(readership, ann)).toEqual([]);
  });

  test('who comes back has what they had, and not what was said meanwhile', () => {
    const readership = new Readership();
    readership.arrive(luz, 2, 0);
    readership.depart(luz, 5);
    readership.arrive(luz, 17, 0);
    expect(readable(readership, luz)).toEqual([2, 3, 4, 17, 18, 19]);
  });

  test('who comes back at once, as by reloading the page, has it without a gap', () => {
    const readership = new Readership();
    readership.arrive(luz, 10, 0);
    readership.depart(luz, 14);
    readership.arrive(luz, 12, 0);
    expect(readable(readership, luz)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  test('to leave twice, or without having come, does nothing', () => {
    const readership = new Readership();
    readership.depart(luz, 5);
    readership.arrive(luz, 15, 0);
    readership.depart(luz, 17);
    readership.depart(luz, 17);
    expect(readable(readership, luz)).toEqual([15, 16]);
  });
});

test('whoever is here is remembered, however many come and go', () => {
  const readership = new Readership();
  readership.arrive(luz, 0, 0);
  readership.arrive(ann, 0, 0);
  readership.depart(ann, 20);
  for (let visit = 0; visit < 2_000; visit += 1) {
    const visitor = PeerId.parse(`visitor ${visit}`);
    readership.arrive(visitor, 0, 0);
    readership.depart(visitor, 1);
  }
  expect(readable(readership, luz)).toHaveLength(20);
  expect(readable(readership, ann)).toEqual([]);
});

test('a line is read exactly by those who were there, or were shown it', () => {
  const visits = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)), { maxLength: 20 });
  fc.assert(
    fc.property(visits, (steps) => {
      const readership = new Readership();
      const expected = new Set<number>();
      let next = 0;
      for (const [absent, shown, present] of steps) {
        next += absent;
        const from = Math.max(0, next - shown);
        readership.arrive(luz, from, 0);
        next += present;
        readership.depart(luz, next);
        for (let line = from; line < next; line += 1) expected.add(line);
      }
      const all = Array.from({ length: next + 5 }, (_, line) => line);
      expect(all.filter((line) => readership.mayRead(luz, line))).toEqual(
        all.filter((line) => expected.has(line)),
      );
    }),
  );
});
