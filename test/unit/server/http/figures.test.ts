import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../../../../server/errors.ts';
import { listenForOperators, readersOf } from '../../../../server/http/figures.ts';
import type { Listening } from '../../../../server/http/listen.ts';

const TOKEN = 'a token of thirty-two characters';

let folder: string;
let open: Listening[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-figures-'));
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  await rm(folder, { recursive: true });
});

async function serve(tokenFile = ''): Promise<string> {
  const options = { host: '127.0.0.1', port: 0, tokenFile };
  const listening = await listenForOperators(options, {
    notReady: () => ['models are loading'],
    metrics: () => Promise.resolve('parley_test 1\n'),
    mayRead: await readersOf(options),
  });
  open.push(listening);
  return `http://127.0.0.1:${listening.port}`;
}

describe('figures on a port of their own', () => {
  it('are told there, with health beside them and nothing else', async () => {
    const url = await serve();
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await metrics.text()).toBe('parley_test 1\n');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/api/info`)).status).toBe(404);
    expect((await fetch(url)).status).toBe(404);
  });

  it('on a port that is taken end the start with what to set', async () => {
    const port = Number(new URL(await serve()).port);
    const options = { host: '127.0.0.1', port, tokenFile: '' };
    const failed = listenForOperators(options, { notReady: () => [] });
    await expect(failed).rejects.toThrow(StartError);
    await expect(failed).rejects.toThrow(/PARLEY_METRICS_PORT/);
  });
});

describe('a bearer token', () => {
  it('is asked for by figures, and not by health', async () => {
    const file = join(folder, 'token');
    await writeFile(file, `${TOKEN}\n`);
    const url = await serve(file);
    const status = async (authorization?: string) =>
      (await fetch(`${url}/metrics`, authorization ? { headers: { authorization } } : {})).status;
    expect(await status()).toBe(401);
    expect(await status('Bearer wrong')).toBe(401);
    expect(await status(TOKEN)).toBe(401);
    expect(await status(`Bearer ${TOKEN}x`)).toBe(401);
    expect(await status(`Bearer ${TOKEN}`)).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('that is short, or not there, ends the start', async () => {
    const file = join(folder, 'token');
    const read = () => readersOf({ host: '127.0.0.1', port: 0, tokenFile: file });
    await expect(read()).rejects.toThrow(/PARLEY_METRICS_TOKEN_FILE/);
    await writeFile(file, 'short');
    await expect(read()).rejects.toThrow(StartError);
  });
});
