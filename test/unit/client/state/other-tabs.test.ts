import { afterEach, describe, expect, it } from 'vitest';
import { OtherTabs } from '../../../../client/state/other-tabs.ts';
import { RoomId } from '../../../../server/protocol/ids.ts';

const here = RoomId.parse('a'.repeat(22));
const there = RoomId.parse('b'.repeat(22));
const open: OtherTabs[] = [];

function tab(roomId: RoomId, session?: string): OtherTabs {
  const tabs = new OtherTabs(roomId, () => session);
  open.push(tabs);
  return tabs;
}

afterEach(() => {
  for (const tabs of open.splice(0)) tabs.close();
});

describe('other tabs of the same browser', () => {
  it('tell with what they are in the same meeting', async () => {
    tab(here, 'session of the first tab');
    tab(here);
    expect(await tab(here).find()).toBe('session of the first tab');
  });

  it('say nothing about another meeting, nor when they are in none', async () => {
    tab(there, 'elsewhere');
    tab(here);
    expect(await tab(here).find()).toBeUndefined();
  });

  it('one does not find itself', async () => {
    expect(await tab(here, 'own').find()).toBeUndefined();
  });
});
