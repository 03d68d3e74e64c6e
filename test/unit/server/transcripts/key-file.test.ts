import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../../../server/errors.ts';
import { readKeyFile } from '../../../../server/transcripts/key-file.ts';
import { transcriptNames } from '../../../../server/transcripts/key-ring.ts';
import { newKey, ROOM } from './stage.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-key-'));
  file = join(directory, 'key');
});
afterEach(() => rm(directory, { recursive: true }));

async function refusal(text: string): Promise<string> {
  await writeFile(file, text, { mode: 0o600 });
  return messageOf(readKeyFile(file));
}

async function messageOf(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StartError);
  return error instanceof Error ? error.message : '';
}

test('what openssl rand -base64 32 writes is a key; further lines are further keys', async () => {
  const keys = [newKey(), newKey()];
  await writeFile(file, `${keys.join('\n')}\n\n`, { mode: 0o600 });
  const ring = await readKeyFile(file);
  expect(ring).toHaveLength(2);
  expect(new Set(transcriptNames(ring, ROOM)).size).toBe(2);
});

test('the same key gives the same names, and no name contains the meeting code', async () => {
  await writeFile(file, newKey(), { mode: 0o600 });
  const [name] = transcriptNames(await readKeyFile(file), ROOM);
  expect(transcriptNames(await readKeyFile(file), ROOM)).toEqual([name]);
  expect(name).toMatch(/^[0-9a-f]{32}$/);
});

describe('a start is refused, with what to do,', () => {
  test.each([
    ['an empty file', '\n', /no key in/],
    ['a key too short', Buffer.alloc(16, 'x').toString('base64'), /not a key of 32 bytes/],
    ['a key too long', Buffer.alloc(33, 'x').toString('base64'), /not a key of 32 bytes/],
    ['what is not base64', 'correct horse battery staple', /not a key of 32 bytes/],
    ['a key of zeros', Buffer.alloc(32).toString('base64'), /not random/],
    ['a key of one letter', Buffer.alloc(32, 'a').toString('base64'), /not random/],
    ['a second line that is none', `${newKey()}\nold key`, /not a key of 32 bytes/],
    ['a large file', `${newKey()}\n`.repeat(60), /not a file of keys/],
  ])('for %s', async (_name, text, reason) => {
    const message = await refusal(text);
    expect(message).toMatch(reason);
    expect(message).toContain('openssl rand -base64 32 > FILE; chmod 600 FILE');
  });

  test('for a file that is not there, a folder, and no name at all', async () => {
    expect(await messageOf(readKeyFile(file))).toMatch(/cannot be read.*openssl/);
    expect(await messageOf(readKeyFile(directory))).toMatch(/not a file of keys/);
    expect(await messageOf(readKeyFile(''))).toContain('PARLEY_TRANSCRIPTS_KEY_FILE');
  });

  test.each([0o640, 0o604, 0o622, 0o644])('for a file with mode %o', async (mode) => {
    await writeFile(file, newKey());
    await chmod(file, mode);
    expect(await messageOf(readKeyFile(file))).toMatch(/Others.*chmod 600/);
  });

  test.runIf(process.geteuid?.() === 0)('for a file of another user', async () => {
    await writeFile(file, newKey(), { mode: 0o600 });
    await chown(file, 12_345, 12_345);
    expect(await messageOf(readKeyFile(file))).toMatch(/chown/);
  });

  test('without repeating the key', async () => {
    const key = newKey();
    expect(await refusal(`${key}x`)).not.toContain(key);
  });
});
