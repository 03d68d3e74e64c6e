import { describe, expect, test } from 'vitest';
import { loadOf } from '../../../../server/cluster/load.ts';
import { compareVersions, place } from '../../../../server/cluster/placement.ts';
import type { NodeInfo } from '../../../../server/cluster/placement.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

const node = (id: string, given: Partial<NodeInfo> = {}): NodeInfo => ({
  ...{ id, url: `http://${id}.example`, version: '1.2.0', load: 0.1 },
  ...{ rooms: 0, people: 0, state: 'ready' },
  ...given,
});
const here = { version: '1.2.0' };

/** How many of `rooms` meetings each node gets, where each adds to the load of its node. */
function spread(nodes: readonly NodeInfo[], rooms: number): ReadonlyMap<string, number> {
  const random = seededRandom(7);
  const given = new Map(nodes.map(({ id }) => [id, 0]));
  for (let room = 0; room < rooms; room++) {
    const now = nodes.map((each) => ({
      ...each,
      load: each.load + (given.get(each.id) ?? 0) / 1_000,
    }));
    const { id } = place(now, here, random) ?? { id: 'nowhere' };
    given.set(id, (given.get(id) ?? 0) + 1);
  }
  return given;
}

describe('placing a meeting', () => {
  test('of two nodes the idler one gets it, of one that one, of none nobody', () => {
    expect(place([node('a', { load: 0.5 }), node('b')], here)?.id).toBe('b');
    expect(place([node('a')], here)?.id).toBe('a');
    expect(place([], here)).toBeUndefined();
  });

  test('draining and full nodes get nothing', () => {
    expect(place([node('a', { state: 'draining' }), node('b', { load: 1 })], here)).toBeUndefined();
    expect(place([node('a', { state: 'draining' }), node('b', { load: 0.9 })], here)?.id).toBe('b');
  });

  test('a node of the same version is preferred, otherwise the newest', () => {
    const nodes = [node('old', { version: '1.1.9', load: 0 }), node('own', { load: 0.9 })];
    expect(place(nodes, here)?.id).toBe('own');
    const others = [node('older', { version: '1.1.9' }), node('newer', { version: '1.10.0' })];
    expect(place(others, here)?.id).toBe('newer');
  });

  test('no meeting goes to a node older than the one it comes from', () => {
    const nodes = [node('old', { version: '1.1.9' }), node('own')];
    expect(place(nodes, { version: '1.1.9', atLeast: '1.2.0' })?.id).toBe('own');
    expect(
      place([node('old', { version: '1.1.9' })], { ...here, atLeast: '1.2.0' }),
    ).toBeUndefined();
  });

  test('equal nodes share evenly, and the busiest of many gets nothing until they are equal', () => {
    const equal = spread(
      ['a', 'b', 'c', 'd'].map((id) => node(id)),
      400,
    );
    for (const rooms of equal.values()) expect(rooms).toBeGreaterThan(80);
    const uneven = spread([node('busy', { load: 0.9 }), node('b'), node('c'), node('d')], 300);
    expect(uneven.get('busy')).toBe(0);
  });
});

test.each([
  ['1.2.0', '1.2.0', 0],
  ['1.10.0', '1.9.9', 1],
  ['1.2.0', '2.0.0', -1],
  ['0.1.0', '', 1],
  ['nonsense', '1.0.0', -1],
])('version %s beside %s', (a, b, expected) => {
  expect(Math.sign(compareVersions(a, b))).toBe(expected);
});

describe('the load of a node', () => {
  const idle = { rooms: 0, people: 0, streams: 0, machine: 0, loop: 0 };

  test('is 0 when nothing is used and 1 when no place is left', () => {
    expect(loadOf(idle)).toBe(0);
    expect(loadOf({ ...idle, streams: 1 })).toBe(1);
    expect(loadOf({ ...idle, people: 1.2 })).toBe(1);
  });

  test('grows with the scarcest kind of place, and half as much with the processor', () => {
    const places = loadOf({ ...idle, rooms: 0.1, people: 0.5, streams: 0.2 });
    expect(places).toBeCloseTo(1 / 3);
    expect(loadOf({ ...idle, machine: 0.5, loop: 0.1 })).toBeCloseTo(places / 2);
  });

  test('of a busy machine with places left is not that of a full one', () => {
    expect(loadOf({ ...idle, people: 0.99, machine: 1, loop: 1 })).toBeLessThan(1);
  });
});
