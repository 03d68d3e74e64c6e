import { expect, it } from 'vitest';
import { filled } from '../bench/recovery/page.ts';
import type { Finding } from '../support/lab/finding.ts';

const blackout: Finding = {
  ...{ row: '3 s blackout', whose: ['listener'], claims: [], notes: [] },
  figures: [
    {
      ...{ what: 'original', value: 40, limit: 1_000, unit: 'ms' },
      of: { measured: 140, anyway: 100 },
    },
    { what: 'translated', value: 0, limit: 1_000, unit: 'ms' },
  ],
};
const place = 'before\n<!-- begin:network -->\nold\n<!-- end:network -->\nafter';

it('puts a line for every figure into its place and leaves the rest of the page alone', () => {
  const page = filled(place, 'network', [blackout]);
  expect(page).not.toContain('old');
  expect(page).toMatch(/^before\n[\s\S]*\nafter$/);
  expect(page).toContain(
    '| 3 s blackout | listener | original: 140 ms | 100 ms | 1000 ms | held |',
  );
  expect(page).toContain('|  |  | translated: 0 ms |  | 1000 ms |  |');
});

it('says in the row what did not hold', () => {
  const gone = { ...blackout, claims: [{ says: 'one tile', holds: false }] };
  expect(filled(place, 'network', [gone])).toContain('**not true: one tile**');
});

it('refuses a page without a place for it', () => {
  expect(() => filled('nothing', 'network', [blackout])).toThrow('no place for network');
});
