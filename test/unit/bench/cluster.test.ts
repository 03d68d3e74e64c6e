import { describe, expect, test } from 'vitest';
import { average, meeting } from '../../bench/cluster/meetings.ts';
import { heldBy, lateShare } from '../../bench/cluster/simulation.ts';
import { seededRandom } from '../../support/seeded-random.ts';

/** 12,780 ms a second are there for meetings on a node. */
const costs = {
  ...{ rest: 20, speech: 150, listener: 8, language: 40 },
  ...{ beat: 0.6, nodeSeen: 0.1, lease: 0.1 },
};
const chance = () => seededRandom(11);

describe('a simulated cluster', () => {
  test('with room to spare is never late, and with far too much mostly', () => {
    expect(lateShare({ nodes: 1, meetings: 30, costs, random: chance() })).toBe(0);
    expect(lateShare({ nodes: 1, meetings: 400, costs, random: chance() })).toBeGreaterThan(0.5);
  });

  test('of three nodes holds nearly three times what one holds, and never much more', () => {
    const chances = [1, 2].map((seed) => () => seededRandom(seed));
    const three = heldBy({ nodes: 3, costs }, 0.01, chances);
    const one = heldBy({ nodes: 1, costs }, 0.01, chances);
    expect(three / one).toBeGreaterThan(2.5);
    // A little, because chance evens out over more meetings.
    expect(three / one).toBeLessThan(3.2);
  });

  test('holds as many times more when meetings are cheap', () => {
    const cheap = { ...costs, speech: 60, listener: 1, language: 18 };
    const held = (nodes: number) => heldBy({ nodes, costs: cheap }, 0.01, [chance]);
    expect(held(3) / held(1)).toBeGreaterThan(2.7);
  });

  test('holds less when being one of several costs something', () => {
    const dear = { ...costs, lease: 100 };
    const held = (each: typeof costs) => heldBy({ nodes: 3, costs: each }, 0.01, [chance]);
    expect(held(dear)).toBeLessThan(0.9 * held(costs));
  });

  test('holds half as much when everything costs twice as much', () => {
    const twice = { ...costs, rest: 40, speech: 300, listener: 16, language: 80 };
    const held = (each: typeof costs) => heldBy({ nodes: 1, costs: each }, 0.01, [chance]);
    expect(held(costs) / held(twice)).toBeGreaterThan(1.8);
    expect(held(costs) / held(twice)).toBeLessThan(2.4);
  });
});

test('simulated meetings are mostly small, and of lengths around half an hour', () => {
  const random = chance();
  const meetings = Array.from({ length: 5_000 }, () => meeting(0, costs, random));
  const mean = (of: (each: (typeof meetings)[number]) => number) =>
    meetings.reduce((sum, each) => sum + of(each), 0) / meetings.length;
  expect(mean(({ people }) => people)).toBeCloseTo(average(costs).people, 0);
  expect(mean(({ talking, always }) => 0.8 * talking + always)).toBeGreaterThan(
    0.95 * average(costs).cost,
  );
  expect(mean(({ endsAt }) => endsAt) / 60_000).toBeGreaterThan(32);
  expect(mean(({ endsAt }) => endsAt) / 60_000).toBeLessThan(38);
  expect(meetings.every(({ people }) => people >= 2 && people <= 16)).toBe(true);
});
