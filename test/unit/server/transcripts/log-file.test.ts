import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogWriter, readLog } from '../../../../server/transcripts/log-file.ts';
import type { LogKey } from '../../../../server/transcripts/log-file.ts';
import { line } from './stage.ts';

let directory: string;
let log: LogKey;
let whole: Buffer;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-log-'));
  log = { path: join(directory, 'meeting.log'), key: randomBytes(32) };
  const writer = await LogWriter.create(log);
  expect(await writer.append([line(0), line(1)])).toBe(2);
  expect(await writer.append([line(2)])).toBe(1);
  whole = await readFile(log.path);
});
afterEach(() => rm(directory, { recursive: true }));

const records = () => whole.toString().split('\n').slice(0, -1);

async function readAs(content: string | Buffer) {
  await writeFile(log.path, content);
  return readLog(log);
}

test('lines come back as they were written', async () => {
  const { lines, bytes, torn } = await readLog(log);
  expect(lines).toEqual([line(0), line(1), line(2)]);
  expect([bytes, torn]).toEqual([whole.length, false]);
});

test('a log tells nothing but how many lines of which length there are', () => {
  for (const word of ['sentence', 'frase', 'Ann']) {
    expect(whole.includes(word)).toBe(false);
    for (const record of records()) {
      expect(Buffer.from(record, 'base64').includes(word)).toBe(false);
    }
  }
});

test('the same line never looks the same', async () => {
  const writer = await LogWriter.resume(log, { lines: [], bytes: 0, torn: false });
  await writer.append([line(0)]);
  const [first] = records();
  expect((await readFile(log.path, 'latin1')).split('\n').at(-2)).not.toBe(first);
});

test('cut anywhere, the whole records before the cut are read, and half a record is told', async () => {
  const ends = [
    0,
    ...records().map(
      (_, index) =>
        records()
          .slice(0, index + 1)
          .join('\n').length + 1,
    ),
  ];
  for (let length = 0; length <= whole.length; length += 1) {
    const { lines, torn } = await readAs(whole.subarray(0, length));
    expect(lines).toHaveLength(ends.filter((end) => end <= length).length - 1);
    expect(torn).toBe(!ends.includes(length));
  }
});

test('a bit flipped anywhere is an error that names the file, never other words', async () => {
  for (let index = 0; index < whole.length - 1; index += 1) {
    const changed = Buffer.from(whole);
    changed.writeUInt8(whole.readUInt8(index) ^ (1 << (index % 8)), index);
    await expect(readAs(changed), `byte ${index}`).rejects.toThrow(/record \d of meeting\.log/);
  }
});

test('each bit of the nonce, the words and the tag counts', async () => {
  const [first = ''] = records();
  const sealed = Buffer.from(first, 'base64');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    const content = [changed.toString('base64'), ...records().slice(1), ''].join('\n');
    await expect(readAs(content)).rejects.toThrow('record 0 of meeting.log');
  }
});

test.each<[string, (given: readonly string[]) => readonly (string | undefined)[]]>([
  ['the first left out', ([, b, c]) => [b, c]],
  ['one left out of the middle', ([a, , c]) => [a, c]],
  ['two exchanged', ([a, b, c]) => [b, a, c]],
  ['one twice', ([a, b, c]) => [a, b, b, c]],
  ['an empty line', ([a, b, c]) => [a, '', b, c]],
  ['a short one', ([a, b, c]) => [a, 'AAAA', b, c]],
  ['a character that is not base64', ([a = '', b, c]) => [`${a.slice(0, 8)}!${a.slice(8)}`, b, c]],
  ['zeros in the middle', ([a, , c]) => [a, '\0'.repeat(300), c]],
])('records with %s are an error', async (_name, change) => {
  await expect(readAs(`${change(records()).join('\n')}\n`)).rejects.toThrow('of meeting.log');
});

test('records of another log, with another key or another name, are an error', async () => {
  const otherKey = { ...log, key: randomBytes(32) };
  await expect(readLog(otherKey)).rejects.toThrow('record 0 of meeting.log');
  const otherName = { ...log, path: join(directory, 'other.log') };
  await writeFile(otherName.path, whole);
  await expect(readLog(otherName)).rejects.toThrow('record 0 of other.log');
});

test('a record without end is refused before it fills the memory', async () => {
  await expect(readAs('A'.repeat(1_000_000))).rejects.toThrow('record 0 of meeting.log');
});

test('zeros that a power failure left at the end are half a record', async () => {
  expect(await readAs(Buffer.concat([whole, Buffer.alloc(500)]))).toMatchObject({
    lines: [line(0), line(1), line(2)],
    torn: true,
  });
});

test('writing goes on after half a record as though it had never been', async () => {
  const torn = await readAs(whole.subarray(0, -10));
  const writer = await LogWriter.resume(log, torn);
  await writer.append([line(0, { original: 'after the crash' })]);
  const { lines, torn: stillTorn } = await readLog(log);
  expect(lines.map(({ original }) => original)).toEqual([
    'sentence 0',
    'sentence 1',
    'after the crash',
  ]);
  expect(stillTorn).toBe(false);
});

test('a line too long is left out, and the next ones are written', async () => {
  const writer = await LogWriter.resume(log, await readLog(log));
  expect(await writer.append([line(0, { original: 'x'.repeat(70_000) }), line(1)])).toBe(1);
  expect((await readLog(log)).lines).toHaveLength(4);
});

test('a log that somebody took away is not begun anew', async () => {
  const writer = await LogWriter.resume(log, await readLog(log));
  await rm(log.path);
  await expect(writer.append([line(3)])).rejects.toThrow('ENOENT');
});
