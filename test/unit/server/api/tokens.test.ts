import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiTokens } from '../../../../server/api/api-tokens.ts';
import { findToken, makeToken, writeTokens } from '../../../../server/api/token-file.ts';
import { silent } from '../../../support/room-stage.ts';

const about = { name: 'crm', scopes: ['translate'] as const, createdAt: new Date(0) };
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-tokens-'));
  file = join(folder, 'tokens.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a token', () => {
  test('is known by what was kept of it, which does not hold it', () => {
    const { token, entry } = makeToken(about);
    expect(findToken([entry], token, 0)).toEqual(entry);
    expect(JSON.stringify(entry)).not.toContain(token.slice(-43));
  });

  test('is not known with one character changed, cut, or of another', () => {
    const { token, entry } = makeToken(about);
    const other = makeToken(about);
    const last = token.endsWith('A') ? 'B' : 'A';
    const swapped = token.slice(0, 19) + other.token.slice(19);
    for (const wrong of [token.slice(0, -1) + last, token.slice(0, -1), '', 'x', swapped]) {
      expect(findToken([entry, other.entry], wrong, 0)).toBeUndefined();
    }
  });

  test('is valid until it expires', () => {
    const { token, entry } = makeToken({ ...about, expiresAt: new Date(1_000) });
    expect(findToken([entry], token, 999)).toBeDefined();
    expect(findToken([entry], token, 1_000)).toBeUndefined();
  });
});

describe('a file of tokens', () => {
  test('is read again when it has changed: what was revoked is no longer valid', async () => {
    let now = 0;
    const [first, second] = [makeToken(about), makeToken(about)];
    await writeTokens(file, [first.entry]);
    const tokens = await ApiTokens.create(file, silent, () => now);
    expect(await tokens.verify(first.token)).toBeDefined();
    await writeTokens(file, [second.entry]);
    now += 1_000;
    expect(await tokens.verify(first.token)).toBeUndefined();
    expect(await tokens.verify(second.token)).toBeDefined();
  });

  test('that is taken away, or damaged, lets nobody in, until it is back', async () => {
    let now = 0;
    const { token, entry } = makeToken(about);
    await writeTokens(file, [entry]);
    const tokens = await ApiTokens.create(file, silent, () => now);
    for (const spoil of [() => rm(file), () => writeFile(file, '{"tokens":')]) {
      await spoil();
      now += 1_000;
      expect(await tokens.verify(token)).toBeUndefined();
      await writeTokens(file, [entry]);
      now += 1_000;
      expect(await tokens.verify(token)).toBeDefined();
    }
  });

  test.each([undefined, '', '{}', '[]', '{"tokens":[{"id":"x"}]}'])(
    'must be one at the start: %s',
    async (contents) => {
      if (contents !== undefined) await writeFile(file, contents);
      await expect(ApiTokens.create(file, silent)).rejects.toThrow(/token.ts create/);
    },
  );
});

describe('the command', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['server/api/token.ts', ...args, '--file', file], {
      encoding: 'utf8',
    });

  test('makes a token, shows whose there are, and revokes it', async () => {
    const made = run('create', '--name', 'crm', '--scope', 'translate,speak', '--days', '30');
    const token = made.stdout.trim();
    const tokens = await ApiTokens.create(file, silent);
    const entry = await tokens.verify(token);
    expect(entry?.scopes).toEqual(['translate', 'speak']);
    expect(await readFile(file, 'utf8')).not.toContain(token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(run('list').stdout).toContain(`${entry?.id ?? ''}  crm: translate, speak`);
    expect(run('revoke', entry?.id ?? '').status).toBe(0);
    expect(run('list').stdout).toBe('');
  });

  test.each([
    [['create', '--name', 'crm', '--scope', 'everything']],
    [['create', '--scope', 'speak']],
    [['create', '--name', 'a', '--scope', 'speak', '--days', 'never']],
    [['dance']],
    [['create', '--nonsense']],
  ])('tells what it did not understand: %s', (args) => {
    const { status, stderr, stdout } = run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage');
  });

  test('says how it is used', () => {
    const usage = execFileSync(process.execPath, ['server/api/token.ts', '--help'], {
      encoding: 'utf8',
    });
    expect(usage).toContain('create --name');
  });
});
