import { describe, expect, test } from 'vitest';
import { staysPinned } from '../../../client/pinning.ts';
import type { Place } from '../../../client/pinning.ts';

/** A box of 500 pixels over content of this height, scrolled to here. */
const at = (scrollTop: number, scrollHeight: number): Place => ({
  ...{ scrollTop, scrollHeight, clientHeight: 500 },
});

describe('a box that follows its end', () => {
  test('goes on when the content has grown under it', () => {
    expect(staysPinned(true, at(500, 1_000), at(500, 2_000))).toBe(true);
  });

  test('goes on when it was never looked at before', () => {
    expect(staysPinned(true, undefined, at(0, 2_000))).toBe(true);
  });

  test('lets go when someone scrolls up', () => {
    expect(staysPinned(true, at(500, 1_000), at(300, 1_000))).toBe(false);
  });

  test('does not let go for a little', () => {
    expect(staysPinned(true, at(500, 1_000), at(460, 1_000))).toBe(true);
  });

  test('follows again only at the end', () => {
    expect(staysPinned(false, at(100, 1_000), at(300, 1_000))).toBe(false);
    expect(staysPinned(false, at(300, 1_000), at(490, 1_000))).toBe(true);
  });

  test('stays when there is nothing to scroll', () => {
    expect(staysPinned(true, undefined, at(0, 300))).toBe(true);
  });
});
