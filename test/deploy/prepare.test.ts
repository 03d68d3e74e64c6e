import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const DOCKER = join(import.meta.dirname, '../../docker');
const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-prepare-'));
});
afterEach(() => rm(folder, { recursive: true }));

const prepare = (...args: string[]) => run(join(DOCKER, 'prepare.sh'), args);
const made = (path: string) => readFile(join(folder, path), 'utf8');
const mode = async (path: string) => ((await stat(join(folder, path))).mode & 0o777).toString(8);

describe('preparing a deployment', () => {
  test('makes secrets that only containers can read, each another', async () => {
    await prepare('parley.example', '203.0.113.10', folder);
    expect(await mode('secrets')).toBe('700');
    const names = await readdir(join(folder, 'secrets'));
    for (const name of names) expect(await mode(join('secrets', name)), name).toBe('444');
    const secrets = ['parley-secret', 'turn-secret', 'redis-password', 'grafana-password'];
    const texts = await Promise.all(secrets.map((name) => made(join('secrets', name))));
    for (const text of texts) expect(text).toMatch(/^[0-9a-f]{64}\n$/);
    expect(new Set(texts).size).toBe(secrets.length);
  });

  test('writes the relay’s configuration: that of docker/coturn, without TLS', async () => {
    await prepare('parley.example', '203.0.113.11', folder);
    const secret = (await made('secrets/turn-secret')).trim();
    const template = rulesIn(await readFile(join(DOCKER, 'coturn/turnserver.conf'), 'utf8'));
    const written = rulesIn(await made('secrets/turnserver.conf'));
    const added = written.filter((line) => !template.includes(line));
    expect(added.toSorted()).toEqual([
      'allowed-peer-ip=203.0.113.11',
      'no-tls',
      `static-auth-secret=${secret}`,
    ]);
    const left = template
      .filter((line) => !written.includes(line))
      .map((line) => line.split('=')[0]);
    expect(left.toSorted()).toEqual([
      ...['allowed-peer-ip', 'cert', 'listening-ip', 'pkey'],
      ...['static-auth-secret', 'tls-listening-port'],
    ]);
  });

  test('tells Redis and the relay the same passwords as Parley', async () => {
    await prepare('parley.example', '2001:db8::10', folder);
    const password = (await made('secrets/redis-password')).trim();
    expect(await made('secrets/redis.conf')).toContain(`requirepass ${password}\n`);
    expect(await made('secrets/turnserver.conf')).toContain('allowed-peer-ip=2001:db8::10\n');
    expect(await made('.env')).toContain(
      'PARLEY_DOMAIN=parley.example\nPARLEY_ADDRESS=2001:db8::10',
    );
    expect(await mode('.env')).toBe('600');
  });

  test('leaves what is there as it is', async () => {
    await prepare('parley.example', '203.0.113.10', folder);
    const before = await made('secrets/turnserver.conf');
    await prepare('other.example', '198.51.100.1', folder);
    expect(await made('secrets/turnserver.conf')).toBe(before);
    expect(await made('.env')).toContain('PARLEY_DOMAIN=parley.example');
  });

  test.each([
    ['no domain', []],
    ['no address', ['parley.example']],
    ['a domain that is none', ['parley.example/$(id)', '203.0.113.10']],
    ['an address that is none', ['parley.example', 'here & now']],
    ['an address of this machine alone', ['parley.example', '127.0.0.1']],
  ])('refuses %s, and makes nothing', async (_, args) => {
    const given = args.length === 2 ? [...args, folder] : args;
    await expect(prepare(...given)).rejects.toMatchObject({ code: 64 });
    expect(await readdir(folder)).toEqual([]);
  });
});

function rulesIn(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
