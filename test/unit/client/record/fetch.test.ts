import { expect, test } from 'vitest';
import { fetchRecord } from '../../../../client/record/fetch.ts';
import { recordLine } from '../../../support/record-lines.ts';

test('asks for part after part until there is no more', async () => {
  const asked: unknown[] = [];
  const lines = await fetchRecord((request) => {
    asked.push(request);
    const { after = 0 } = request;
    return Promise.resolve({ lines: [recordLine(after + 1)], more: after < 2 });
  }, 'original');
  expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(asked).toEqual([
    { language: 'original' },
    { language: 'original', after: 1 },
    { language: 'original', after: 2 },
  ]);
});

test('does not ask for ever when a part is empty', async () => {
  const ask = () => Promise.resolve({ lines: [], more: true });
  expect(await fetchRecord(ask, 'original')).toEqual([]);
});

test('passes on why it failed', async () => {
  await expect(fetchRecord(() => Promise.reject(new Error('gone')), 'original')).rejects.toThrow(
    'gone',
  );
});
