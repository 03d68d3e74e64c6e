import { expect, test } from 'vitest';
import { ProgressBar, ProgressLines } from '../../../../inference/catalogue/progress.ts';
import { bytesInWords, timeInWords } from '../../../../inference/catalogue/words.ts';

function stage() {
  const written: string[] = [];
  const clock = { ms: 0 };
  const output = { write: (text: string) => written.push(text), now: () => clock.ms };
  return { written, clock, output };
}

test('on a terminal one line is drawn in place', () => {
  const { written, clock, output } = stage();
  const bar = new ProgressBar(output, () => 100);

  bar.begin('toy/weights', 0, 800e6);
  clock.ms = 50;
  bar.reach(1e6);
  clock.ms = 10_000;
  bar.reach(200e6);
  bar.say('a remark');
  bar.end();

  expect(written).toEqual([
    '\r\x1b[K[........................] 0 bytes of 800 MB (0 %)  toy/weights',
    '\r\x1b[K[######..................] 200 MB of 800 MB (25 %), 20 MB/s, 0:30 left  toy/weights',
    '\r\x1b[Ka remark\n',
    '\r\x1b[K',
  ]);
});

test('a line never gets wider than the terminal', () => {
  const { written, output } = stage();

  new ProgressBar(output, () => 40).begin('x'.repeat(100), 0, 100);

  expect(written[0]?.replace('\r\x1b[K', '')).toHaveLength(39);
});

test('elsewhere a plain line comes every ten seconds', () => {
  const { written, clock, output } = stage();
  const lines = new ProgressLines(output);

  lines.begin('toy/weights', 100e6, 800e6);
  for (clock.ms = 1000; clock.ms <= 20_000; clock.ms += 1000) lines.reach(100e6 + clock.ms * 1e4);
  lines.end();
  lines.begin('toy/unknown', 0, undefined);

  expect(written).toEqual([
    'toy/weights (800 MB), from 100 MB on\n',
    'toy/weights: 200 MB of 800 MB (25 %), 10 MB/s, 1:00 left\n',
    'toy/weights: 300 MB of 800 MB (37 %), 10 MB/s, 0:50 left\n',
    'toy/unknown\n',
  ]);
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [9940, '9.9 kB'],
  [859e6, '859 MB'],
  [999_600_000, '1.0 GB'],
  [3.3e9, '3.3 GB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});

test.each([
  [40_000, '0:40'],
  [725_000, '12:05'],
  [3_750_000, '1:02:30'],
])('%d ms are %s', (ms, words) => {
  expect(timeInWords(ms)).toBe(words);
});
