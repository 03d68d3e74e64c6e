import { expect, test } from 'vitest';
import { Backoff } from '../../../server/backoff.ts';

test('a process that keeps dying is started again later and later, up to four seconds', () => {
  const backoff = new Backoff();
  const pauses = Array.from({ length: 6 }, () => backoff.next(100));
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000]);
});

test('one that ran for half a minute is forgiven its earlier deaths', () => {
  const backoff = new Backoff();
  backoff.next(0);
  expect(backoff.next(29_999)).toBe(500);
  expect(backoff.next(30_000)).toBe(250);
  expect(backoff.next(0)).toBe(500);
});
