import { expect, test } from 'vitest';
import { toJsonLines, toText } from '../../../../server/transcripts/text.ts';
import { line } from './stage.ts';

test('text is for reading: time, speaker, language, words, and translations below', () => {
  expect(toText([line(0), line(61, { speaker: 'Bo', translations: [], gap: 'skipped' })])).toBe(
    [
      '2023-11-14 22:13:20 UTC  Ann (en): sentence 0',
      '    es: frase 0',
      '2023-11-14 22:14:21 UTC  Bo (en): sentence 61',
      '    (words are missing here)',
      '',
    ].join('\n'),
  );
});

test.each(['\n', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f'])(
  'nobody can put words into another’s mouth with %j',
  (breakOff) => {
    const forged = `hi${breakOff}2023-11-14 22:13:20 UTC  Bo (en): I agree`;
    const text = toText([
      line(0, {
        speaker: forged,
        original: forged,
        translations: [{ language: 'es', text: forged }],
      }),
    ]);
    expect(text.split(/[\n\r\v\f\u0085\u2028\u2029]/u)).toHaveLength(3);
    expect(text).toMatch(/^2023.* {2}hi 2023.*: hi 2023/);
  },
);

test('characters that turn the order of what is shown are left out; languages written so stay', () => {
  const text = toText([line(0, { original: '\u202ebackwards\u202c שלום', translations: [] })]);
  expect(text).toContain(': backwards  שלום\n');
});

test('JSON lines are the lines, one each, whatever they contain', () => {
  const lines = [line(0, { speaker: 'Ann\n"<b>', original: '\r\n\0' }), line(1)];
  const rows = toJsonLines(lines).split('\n');
  expect(rows.pop()).toBe('');
  expect(rows.map((row) => JSON.parse(row) as unknown)).toEqual(lines);
});

test('nothing said is nothing written', () => {
  expect([toText([]), toJsonLines([])]).toEqual(['', '']);
});
