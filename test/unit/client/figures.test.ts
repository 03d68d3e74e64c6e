import { describe, expect, it } from 'vitest';
import { duration, loss, share } from '../../../client/figures.ts';

/** Numbers stay with their units by a space that does not break. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('figures', () => {
  it.each([
    [0, '0 ms'],
    [0.004, '0.1 ms'],
    [0.21, '0.2 ms'],
    [9.94, '9.9 ms'],
    [9.97, '10 ms'],
    [45.4, '45 ms'],
    [999.6, '1.0 s'],
    [1_840, '1.8 s'],
  ])('%d ms is read as "%s"', (ms, text) => {
    expect(plain(duration(ms))).toBe(text);
  });

  it('never calls a little nothing', () => {
    expect([0, 0.0002, 0.0021, 0.5, 1].map((value) => plain(share(value)))).toEqual([
      ...['0 %', 'under 0.1 %', '0.2 %', '50.0 %', '100.0 %'],
    ]);
  });

  it('tells loss out of all that was sent', () => {
    expect(plain(loss(12_320, 25))).toBe('Lost 0.2 % of 12,345 packets');
    expect(plain(loss(1, 0))).toBe('Lost none of 1 packet');
    expect(plain(loss(0, 0))).toBe('Lost none of 0 packets');
    expect(plain(loss(0, 3))).toBe('Lost 100.0 % of 3 packets');
  });
});
