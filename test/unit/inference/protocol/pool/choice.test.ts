import { describe, expect, it } from 'vitest';
import { cheaperOfTwo, Latency } from '../../../../../inference/protocol/pool/choice.ts';

/** Numbers below 1 in an order that is always the same. */
function chance(): () => number {
  let seed = 11;
  return () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

describe('the choice of an endpoint', () => {
  it('never falls on the dearest of several, and spreads over the others', () => {
    const random = chance();
    const chosen = new Map<string, number>();
    for (let round = 0; round < 900; round += 1) {
      const one = cheaperOfTwo(['a', 'b', 'c', 'slow'], (name) => Number(name === 'slow'), random);
      chosen.set(one ?? '', (chosen.get(one ?? '') ?? 0) + 1);
    }
    expect([...chosen.keys()].sort()).toEqual(['a', 'b', 'c']);
    for (const count of chosen.values()) expect(count).toBeGreaterThan(200);
  });

  it('is simple with one, and with none', () => {
    expect(cheaperOfTwo(['only'], () => 1)).toBe('only');
    const none: readonly string[] = [];
    expect(cheaperOfTwo(none, () => 1)).toBeUndefined();
  });

  it('gives a slow endpoint much less, and never nothing', () => {
    const random = chance();
    const latencies = { fast: new Latency(), slow: new Latency() };
    const busy = { fast: 0, slow: 0 };
    const done: { name: 'fast' | 'slow'; at: number; ms: number }[] = [];
    const given = { fast: 0, slow: 0 };
    for (let now = 0; now < 20_000; now += 10) {
      for (const each of done.filter(({ at }) => at === now)) {
        busy[each.name] -= 1;
        latencies[each.name].saw(each.ms, now);
      }
      const name = cheaperOfTwo(
        ['fast', 'slow'] as const,
        (one) => (1 + busy[one]) * latencies[one].at(now),
        random,
      );
      if (name === undefined) continue;
      const ms = name === 'fast' ? 100 : 400;
      busy[name] += 1;
      given[name] += 1;
      done.push({ name, at: now + ms, ms });
    }
    // Costs are even where 1 + 10 x = 4 (1 + 40 (1 - x)): 23 times as much for the fast one.
    expect(given.fast / given.slow).toBeGreaterThan(10);
    expect(given.fast / given.slow).toBeLessThan(40);
  });

  it('forgets in time that one was slow', () => {
    const latency = new Latency();
    expect(latency.at(0)).toBe(0);
    latency.saw(1_000, 0);
    latency.saw(100, 0);
    expect(latency.at(0)).toBeCloseTo(730);
    expect(latency.at(30_000)).toBeLessThan(40);
  });
});
