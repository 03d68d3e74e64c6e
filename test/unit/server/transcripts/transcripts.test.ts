import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TranscriptLine } from '../../../../server/transcripts/line.ts';
import { line, newKey, OTHER_ROOM, ROOM, settled, TranscriptStage } from './stage.ts';

const MAX_WAITING = 256;

let stage: TranscriptStage;

beforeEach(async () => {
  stage = await TranscriptStage.create();
});
afterEach(() => stage[Symbol.asyncDispose]());

const originals = (lines: readonly TranscriptLine[]) => lines.map(({ original }) => original);
const notFound = expect.objectContaining({ code: 'notFound' }) as unknown;
const unavailable = expect.objectContaining({ code: 'unavailable' }) as unknown;

describe('a meeting in writing', () => {
  test('is exported as it was said, in order, each meeting its own', async () => {
    const transcripts = await stage.start();
    for (const sequence of [1, 0, 2]) transcripts.write(ROOM, line(sequence));
    transcripts.write(OTHER_ROOM, line(0, { original: 'elsewhere' }));
    expect(await transcripts.export(ROOM)).toEqual([line(0), line(1), line(2)]);
    expect(originals(await transcripts.export(OTHER_ROOM))).toEqual(['elsewhere']);
    expect(transcripts.counts).toEqual({ written: 4, dropped: 0, failed: 0 });
    expect(transcripts.state(ROOM)).toBe('kept');
  });

  test('has each line as it was written last', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    transcripts.write(ROOM, line(1));
    transcripts.write(ROOM, line(0, { original: 'corrected', gap: 'failed' }));
    expect(await transcripts.export(ROOM)).toEqual([
      line(0, { original: 'corrected', gap: 'failed' }),
      line(1),
    ]);
  });

  test('is not there when nothing was said', async () => {
    const transcripts = await stage.start();
    await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
    expect(transcripts.state(ROOM)).toBe('none');
    expect(await stage.files()).toEqual([]);
  });

  test('leaves neither its code, names nor words in the folder or the log', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    const files = await stage.files();
    expect(files).toHaveLength(2);
    const everything = await Promise.all(
      files.map((file) => readFile(`${stage.directory}/${file}`, 'utf8')),
    );
    expect(`${files.join()} ${everything.join()} ${stage.logged.join()}`).not.toMatch(
      /aaaaaaaa|Ann|sentence/,
    );
  });

  test('keeps names and words with line breaks and markup as they are', async () => {
    const transcripts = await stage.start();
    const odd = line(0, {
      speaker: 'Ann\n<img src=x onerror=alert(1)>',
      original: '"\r\n\0\u2028</script>\ud800 שלום 👋🏽',
      translations: [],
    });
    transcripts.write(ROOM, odd);
    expect(await transcripts.export(ROOM)).toEqual([odd]);
  });

  test('keeps nothing but the fields of a line', async () => {
    const transcripts = await stage.start();
    const more = { ...line(0), peerId: 'secret' };
    transcripts.write(ROOM, more);
    expect(await transcripts.export(ROOM)).toEqual([line(0)]);
  });

  test('a malformed line is dropped and spoils nothing', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0, { startedAt: NaN }));
    transcripts.write(ROOM, line(-1));
    transcripts.write(ROOM, line(1));
    expect(await transcripts.export(ROOM)).toEqual([line(1)]);
    expect(transcripts.counts).toEqual({ written: 1, dropped: 2, failed: 0 });
  });

  test('10,000 lines are all there', async () => {
    const transcripts = await stage.start();
    for (let next = 0; next < 10_000;) {
      const end = Math.min(next + MAX_WAITING, 10_000);
      while (next < end) transcripts.write(ROOM, line(next++));
      await settled(transcripts, next);
    }
    const lines = await transcripts.export(ROOM);
    expect(transcripts.counts).toEqual({ written: 10_000, dropped: 0, failed: 0 });
    expect(lines).toHaveLength(10_000);
    expect(lines.at(-1)).toEqual(line(9_999));
  });

  test('what comes faster than the disk takes it is dropped and counted', async () => {
    const transcripts = await stage.start();
    // Within one turn the disk takes the first line and not yet another.
    for (let sequence = 0; sequence < 1_000; sequence += 1) transcripts.write(ROOM, line(sequence));
    await settled(transcripts, 1_000);
    expect(transcripts.counts).toEqual({
      written: 1 + MAX_WAITING,
      dropped: 999 - MAX_WAITING,
      failed: 0,
    });
    expect(await transcripts.export(ROOM)).toHaveLength(1 + MAX_WAITING);
  });
});

describe('a server that was started anew', () => {
  test('closing leaves every line on the disk, and later ones are refused', async () => {
    const before = await stage.start();
    for (let sequence = 0; sequence < 50; sequence += 1) before.write(ROOM, line(sequence));
    await before.close();
    before.write(ROOM, line(50));
    expect(before.counts).toEqual({ written: 50, dropped: 1, failed: 0 });
    const after = await stage.start();
    expect(await after.export(ROOM)).toHaveLength(50);
  });

  test('goes on where the meeting was; a count from 0 replaces nothing', async () => {
    const before = await stage.start();
    before.write(ROOM, line(0));
    before.write(ROOM, line(1));
    await before.close();
    const after = await stage.start();
    after.write(ROOM, line(0, { original: 'back again' }));
    after.write(ROOM, line(0, { original: 'back again, corrected' }));
    expect(await after.export(ROOM)).toEqual([
      line(0),
      line(1),
      { ...line(0, { original: 'back again, corrected' }), sequence: 2 },
    ]);
  });

  test('reads over half a record that a crash left, tells it, and writes on', async () => {
    const before = await stage.start();
    before.write(ROOM, line(0));
    await before.close();
    await appendFile(await stage.file('log'), 'AAAAhalf');
    const after = await stage.start();
    expect(originals(await after.export(ROOM))).toEqual(['sentence 0']);
    expect(stage.logged.join()).toContain('not written whole');
    after.write(ROOM, line(1));
    expect(originals(await after.export(ROOM))).toEqual(['sentence 0', 'sentence 1']);
  });

  test('clears away what a crash left of a transcript about to begin', async () => {
    const name = 'ab'.repeat(16);
    await writeFile(`${stage.directory}/${name}.log`, 'noise without a key\n');
    await writeFile(`${stage.directory}/${name}.new`, '{"half":');
    await writeFile(`${stage.directory}/holiday.log`, 'not ours');
    await stage.start();
    expect(await stage.files()).toEqual(['holiday.log']);
  });
});

describe('keys', () => {
  test('a new first line wraps new meetings; the old key reads and goes on with old ones', async () => {
    const [oldKey, nextKey] = [newKey(), newKey()];
    await stage.keys(oldKey);
    const before = await stage.start();
    before.write(ROOM, line(0));
    await before.close();
    await stage.keys(nextKey, oldKey);
    const between = await stage.start();
    between.write(ROOM, line(0));
    between.write(OTHER_ROOM, line(0));
    expect(await between.export(ROOM)).toHaveLength(2);
    await between.close();
    expect(stage.logged).toEqual([]);

    await stage.keys(nextKey);
    const after = await stage.start();
    expect(stage.logged.join()).toContain('"transcripts":1');
    expect(await after.export(OTHER_ROOM)).toHaveLength(1);
    await expect(after.export(ROOM)).rejects.toEqual(notFound);
  });

  test('a meeting of an old key is destroyed like any other', async () => {
    const oldKey = newKey();
    await stage.keys(oldKey);
    const before = await stage.start();
    before.write(ROOM, line(0));
    await before.close();
    await stage.keys(newKey(), oldKey);
    const after = await stage.start();
    await after.destroy(ROOM);
    await expect(after.export(ROOM)).rejects.toEqual(notFound);
    expect((await stage.files()).filter((file) => file.endsWith('.log'))).toEqual([]);
    expect(await readFile(await stage.file('key'), 'utf8')).not.toContain('sealedKey');
  });

  test('a meeting whose key was taken out of the file cannot be destroyed by name, but ages', async () => {
    const before = await stage.start();
    before.write(ROOM, line(0));
    await before.close();
    await stage.keys(newKey());
    stage.now += 25 * 3_600_000;
    await stage.start();
    expect(await stage.files()).toEqual([]);
  });

  test('a key file that was changed anywhere opens nothing', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    const file = await stage.file('key');
    const whole = await readFile(file);
    for (let index = 0; index < whole.length; index += 1) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(whole.readUInt8(index) ^ (1 << (index % 8)), index);
      await writeFile(file, changed);
      await expect(transcripts.export(ROOM), `byte ${index}`).rejects.toEqual(unavailable);
    }
    expect(stage.logged.join()).toMatch(/[0-9a-f]{32}\.key/);
    await writeFile(file, whole);
    expect(await transcripts.export(ROOM)).toHaveLength(1);
  });

  test('the records, or all files, of one meeting do not pass for another’s', async () => {
    const first = await stage.start();
    first.write(ROOM, line(0));
    await first.export(ROOM);
    const [key, log] = [await stage.file('key'), await stage.file('log')];
    first.write(OTHER_ROOM, line(0, { original: 'elsewhere' }));
    await first.close();
    const other = (await stage.files())
      .map((file) => `${stage.directory}/${file}`)
      .filter((file) => ![key, log].includes(file));
    const [otherKey = '', otherLog = ''] = other;

    const ownLog = await readFile(log);
    await writeFile(log, await readFile(otherLog));
    const second = await stage.start();
    await expect(second.export(ROOM)).rejects.toEqual(unavailable);
    await writeFile(key, await readFile(otherKey));
    await expect(second.export(ROOM)).rejects.toEqual(unavailable);
    await writeFile(otherLog, ownLog);
    await expect(second.export(OTHER_ROOM)).rejects.toEqual(unavailable);
  });

  test('a log that is gone while its key is there is damage, not an empty meeting', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    await rm(await stage.file('log'));
    await expect(transcripts.export(ROOM)).rejects.toEqual(unavailable);
  });
});
