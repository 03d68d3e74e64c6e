import { mkdir, readFile, rm, rmdir, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import {
  HOUR_MS,
  line,
  OTHER_ROOM,
  RETENTION_MS,
  ROOM,
  settled,
  TranscriptStage,
} from './stage.ts';

let stage: TranscriptStage;

beforeEach(async () => {
  stage = await TranscriptStage.create();
});
afterEach(async () => {
  vi.useRealTimers();
  await stage[Symbol.asyncDispose]();
});

const notFound = expect.objectContaining({ code: 'notFound' }) as unknown;
const unavailable = expect.objectContaining({ code: 'unavailable' }) as unknown;

describe('what is older than the retention', () => {
  test('is destroyed, key and lines; what is younger stays', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    stage.now += HOUR_MS;
    transcripts.write(OTHER_ROOM, line(0));
    await transcripts.export(OTHER_ROOM);
    stage.now += RETENTION_MS - HOUR_MS;
    await transcripts.sweep();
    expect(await stage.files()).toHaveLength(4);
    stage.now += 1;
    await transcripts.sweep();
    expect(await stage.files()).toHaveLength(2);
    await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
    expect(await transcripts.export(OTHER_ROOM)).toHaveLength(1);
  });

  test('is destroyed at the start, also when its key is damaged', async () => {
    const before = await stage.start();
    before.write(ROOM, line(0));
    before.write(OTHER_ROOM, line(0));
    await before.close();
    const [damaged] = (await stage.files()).filter((file) => file.endsWith('.key'));
    await writeFile(`${stage.directory}/${damaged}`, 'noise');
    // Nothing but the file itself tells how old a transcript with a damaged key is.
    await utimes(`${stage.directory}/${damaged}`, stage.now / 1_000, stage.now / 1_000);
    stage.now += RETENTION_MS + 1;
    await stage.start();
    expect(await stage.files()).toEqual([]);
  });

  test('is looked for every hour', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    stage.now += RETENTION_MS + 1;
    vi.advanceTimersByTime(HOUR_MS - 1);
    expect(await transcripts.export(ROOM)).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await eventually(() => transcripts.state(ROOM) === 'none');
    await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
    await transcripts.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a meeting that still runs goes on in a new transcript with another key', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    const former = await readFile(await stage.file('key'), 'utf8');
    stage.now += RETENTION_MS + 1;
    await transcripts.sweep();
    transcripts.write(ROOM, line(1));
    expect(await transcripts.export(ROOM)).toEqual([line(1)]);
    expect(await readFile(await stage.file('key'), 'utf8')).not.toBe(former);
  });

  test('a meeting that was quiet for hours is let go of and goes on where it was', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await settled(transcripts, 1);
    await transcripts.sweep();
    expect(transcripts.state(ROOM)).toBe('kept');
    await transcripts.sweep();
    expect(transcripts.state(ROOM)).toBe('none');
    transcripts.write(ROOM, line(1));
    expect(await transcripts.export(ROOM)).toMatchObject([
      { original: 'sentence 0' },
      { original: 'sentence 1' },
    ]);
  });
});

describe('the host destroys a transcript', () => {
  test('and key and lines are gone, nothing more is kept, and all of that twice', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    transcripts.write(OTHER_ROOM, line(0));
    await transcripts.export(ROOM);
    const keys = await keyTexts();
    await transcripts.destroy(ROOM);
    await transcripts.destroy(ROOM);
    await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
    expect((await stage.files()).filter((file) => file.endsWith('.log'))).toHaveLength(1);
    const kept = (await keyTexts()).filter((text) => text.includes('sealedKey'));
    expect(kept).toHaveLength(1);
    expect(keys).toEqual(expect.arrayContaining(kept));
    transcripts.write(ROOM, line(1));
    await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
    expect(await transcripts.export(OTHER_ROOM)).toHaveLength(1);
    expect(stage.states).toEqual(['kept', 'kept', 'destroyed']);
    expect(transcripts.counts).toEqual({ written: 2, dropped: 0, failed: 0 });
  });

  test('while lines are written and wait, and none of them survives', async () => {
    const transcripts = await stage.start();
    for (let sequence = 0; sequence < 100; sequence += 1) {
      transcripts.write(ROOM, line(sequence));
      if (sequence === 30) await settled(transcripts, 31);
    }
    const destroyed = transcripts.destroy(ROOM);
    for (let sequence = 100; sequence < 200; sequence += 1) transcripts.write(ROOM, line(sequence));
    expect(transcripts.state(ROOM)).toBe('destroyed');
    await destroyed;
    await transcripts.close();
    expect((await stage.files()).filter((file) => file.endsWith('.log'))).toEqual([]);
    expect((await keyTexts()).join()).not.toContain('sealedKey');
  });

  test('of which the lines cannot be removed: without their key they are noise', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    const log = await stage.file('log');
    await rm(log);
    await mkdir(log);
    await expect(transcripts.destroy(ROOM)).rejects.toEqual(unavailable);
    expect(await keyTexts()).toEqual([]);
    await rmdir(log);
    await transcripts.destroy(ROOM);
    await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
  });

  test('which cannot be noted: until a restart nothing is kept all the same', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    const note = (await stage.file('key')).replace(/key$/, 'new');
    await mkdir(note);
    await transcripts.destroy(ROOM);
    expect(stage.logged.join()).toContain('cannot be noted');
    await rmdir(note);
    transcripts.write(ROOM, line(1));
    await transcripts.close();
    expect(await stage.files()).toEqual([]);
  });

  test('before anything was said, and nothing is kept', async () => {
    const transcripts = await stage.start();
    await transcripts.destroy(ROOM);
    transcripts.write(ROOM, line(0));
    await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
  });

  test('and a server started anew knows it, until the retention is over', async () => {
    const before = await stage.start();
    before.write(ROOM, line(0));
    await before.destroy(ROOM);
    await before.close();
    const after = await stage.start();
    after.write(ROOM, line(1));
    await expect(after.export(ROOM)).rejects.toEqual(notFound);
    expect(after.state(ROOM)).toBe('destroyed');
    expect(after.counts.written).toBe(0);
    stage.now += RETENTION_MS + 1;
    await after.sweep();
    expect(await stage.files()).toEqual([]);
  });

  test('of which a crash left the lines, and the next start clears them away', async () => {
    const before = await stage.start();
    before.write(ROOM, line(0));
    await before.export(ROOM);
    const log = await stage.file('log');
    const content = await readFile(log);
    await before.destroy(ROOM);
    await before.close();
    await writeFile(log, content);
    await stage.start();
    expect((await stage.files()).filter((file) => file.endsWith('.log'))).toEqual([]);
  });
});

async function keyTexts(): Promise<readonly string[]> {
  const keys = (await stage.files()).filter((file) => file.endsWith('.key'));
  return Promise.all(keys.map((file) => readFile(`${stage.directory}/${file}`, 'utf8')));
}
