import { describe, expect, it } from 'vitest';
import { KeptSession } from '../../../../client/state/kept-session.ts';
import type { TabStorage } from '../../../../client/state/kept-session.ts';
import { RoomId } from '../../../../server/protocol/ids.ts';

const here = RoomId.parse('a'.repeat(22));
const there = RoomId.parse('b'.repeat(22));

function storage(): TabStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value);
    },
  };
}

describe('proof of having been in a meeting', () => {
  it('is there again after a reload', () => {
    const tab = storage();
    expect(new KeptSession(here, () => tab).read()).toBeUndefined();
    new KeptSession(here, () => tab).write('first');
    new KeptSession(here, () => tab).write('second');
    expect(new KeptSession(here, () => tab).read()).toBe('second');
  });

  it('is of one meeting and no other', () => {
    const tab = storage();
    new KeptSession(here, () => tab).write('mine');
    expect(new KeptSession(there, () => tab).read()).toBeUndefined();
  });

  it('is not missed where the browser keeps nothing', () => {
    const forbidden = new KeptSession(here, () => {
      throw new DOMException('storage is off', 'SecurityError');
    });
    forbidden.write('lost');
    expect(forbidden.read()).toBeUndefined();
  });
});
