import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownSecret, readSecret, Secret } from '../../../../server/access/secret.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a server without a secret makes one, for its owner alone, and keeps it', async () => {
  const file = join(folder, 'state/secret');
  const made = await ownSecret(file);
  expect(made.length).toBeGreaterThanOrEqual(32);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await ownSecret(file)).toBe(made);
});

test('of servers that start at once, all get the same', async () => {
  const file = join(folder, 'secret');
  const made = await Promise.all(Array.from({ length: 8 }, () => ownSecret(file)));
  expect(new Set(made).size).toBe(1);
});

test('a secret that is missing or too short stops the start, and the message says what to do', async () => {
  const file = join(folder, 'secret');
  await expect(readSecret(file, 'PARLEY_SECRET_FILE')).rejects.toThrow(/openssl rand/);
  await writeFile(file, 'change-me\n');
  await expect(readSecret(file, 'PARLEY_SECRET_FILE')).rejects.toThrow(/shorter than 32/);
  expect(await readFile(file, 'utf8')).toBe('change-me\n');
});

test('a folder that cannot be written to stops the start with a message', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(ownSecret(join(folder, 'file/secret'))).rejects.toThrow(/PARLEY_SECRET_FILE/);
});

test('keys for different purposes differ, and are the same for the same secret', () => {
  const secret = new Secret('s'.repeat(40));
  expect(secret.keyFor('a')).toHaveLength(32);
  expect(secret.keyFor('a')).not.toEqual(secret.keyFor('b'));
  expect(secret.keyFor('a')).toEqual(new Secret('s'.repeat(40)).keyFor('a'));
});
