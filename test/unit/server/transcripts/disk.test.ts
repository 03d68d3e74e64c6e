import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../../../server/errors.ts';
import { line, OTHER_ROOM, ROOM, settled, TranscriptStage } from './stage.ts';

const root = process.geteuid?.() === 0;

let stage: TranscriptStage;

beforeEach(async () => {
  stage = await TranscriptStage.create();
});
afterEach(() => stage[Symbol.asyncDispose]());

const notFound = expect.objectContaining({ code: 'notFound' }) as unknown;
const unavailable = expect.objectContaining({ code: 'unavailable' }) as unknown;

describe('a disk that refuses', () => {
  test('stops the transcript of that meeting, once and for all, and says so once', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    // The kernel's own "no space left on device".
    await rm(await stage.file('log'));
    await symlink('/dev/full', (await stage.file('key')).replace(/key$/, 'log'));
    for (let sequence = 1; sequence <= 3; sequence += 1) transcripts.write(ROOM, line(sequence));
    await settled(transcripts, 4);
    transcripts.write(ROOM, line(4));
    transcripts.write(OTHER_ROOM, line(0));
    await settled(transcripts, 6);
    expect(transcripts.counts).toEqual({ written: 2, dropped: 4, failed: 1 });
    expect(stage.states).toEqual(['kept', 'failed', 'kept']);
    expect([transcripts.state(ROOM), transcripts.state(OTHER_ROOM)]).toEqual(['failed', 'kept']);
    const told = stage.logged.filter((entry) => entry.includes('ENOSPC'));
    expect(told).toHaveLength(1);
    expect(told.join()).not.toMatch(/sentence|Ann|aaaaaaaa/);
  });

  test('when the folder goes away, calls go on; what is there later is read again', async () => {
    const transcripts = await stage.start();
    transcripts.write(ROOM, line(0));
    await transcripts.export(ROOM);
    const elsewhere = join(stage.root, 'elsewhere');
    await rename(stage.directory, elsewhere);
    transcripts.write(ROOM, line(1));
    transcripts.write(OTHER_ROOM, line(0));
    await settled(transcripts, 3);
    expect(transcripts.counts).toEqual({ written: 1, dropped: 2, failed: 2 });
    await expect(transcripts.destroy(OTHER_ROOM)).rejects.toEqual(unavailable);
    await transcripts.sweep();
    await rename(elsewhere, stage.directory);
    expect(await transcripts.export(ROOM)).toEqual([line(0)]);
    await transcripts.destroy(OTHER_ROOM);
  });

  test('a damaged log is not written on', async () => {
    const before = await stage.start();
    before.write(ROOM, line(0));
    await before.close();
    const log = await stage.file('log');
    await writeFile(log, 'noise\n');
    const after = await stage.start();
    after.write(ROOM, line(1));
    await settled(after, 1);
    expect(after.state(ROOM)).toBe('failed');
    expect((await stat(log)).size).toBe('noise\n'.length);
    expect(stage.logged.join()).toMatch(/record 0 of [0-9a-f]{32}\.log/);
  });

  test.runIf(root && canMount())(
    'that is full keeps what fitted, and destroys it on demand',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', stage.directory]);
      try {
        const transcripts = await stage.start();
        let sequence = 0;
        while (transcripts.state(ROOM) !== 'failed') {
          transcripts.write(ROOM, line(sequence++));
          await settled(transcripts, sequence);
        }
        const { written } = transcripts.counts;
        expect(written).toBeGreaterThan(100);
        expect(await transcripts.export(ROOM)).toHaveLength(written);
        transcripts.write(OTHER_ROOM, line(0));
        await settled(transcripts, sequence + 1);
        expect(transcripts.state(OTHER_ROOM)).toBe('failed');
        await transcripts.destroy(ROOM);
        await expect(transcripts.export(ROOM)).rejects.toEqual(notFound);
        await transcripts.close();
      } finally {
        execFileSync('umount', [stage.directory]);
      }
    },
  );
});

describe('a start is refused, with what to do,', () => {
  test('without a folder, or with something else in its place', async () => {
    await rm(stage.directory, { recursive: true });
    await expect(stage.start()).rejects.toThrow(/cannot be used.*mkdir -m 700/);
    await writeFile(stage.directory, '');
    await expect(stage.start()).rejects.toThrow(/not a folder/);
    await expect(stage.start()).rejects.toThrow(StartError);
  });

  test('with a folder in which everybody can write', async () => {
    await chmod(stage.directory, 0o777);
    await expect(stage.start()).rejects.toThrow(/Others may remove.*chmod 700/);
  });

  test.runIf(root)('with a folder of another user', async () => {
    await chown(stage.directory, 12_345, 12_345);
    await expect(stage.start()).rejects.toThrow(StartError);
  });

  test('with the key among what it protects', async () => {
    await rm(stage.directory, { recursive: true });
    await symlink(stage.root, stage.directory);
    await expect(stage.start()).rejects.toThrow(/key file .* lies among/);
  });

  test('without a key', async () => {
    await rm(stage.keyFile);
    await expect(stage.start()).rejects.toThrow(/openssl rand -base64 32/);
    await mkdir(stage.keyFile);
    await expect(stage.start()).rejects.toThrow(StartError);
  });
});

test('files are readable by nobody else', async () => {
  const transcripts = await stage.start();
  transcripts.write(ROOM, line(0));
  await transcripts.export(ROOM);
  await transcripts.destroy(OTHER_ROOM);
  for (const file of await stage.files()) {
    expect((await stat(join(stage.directory, file))).mode & 0o777).toBe(0o600);
  }
});

/** Some containers let root mount nothing. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
