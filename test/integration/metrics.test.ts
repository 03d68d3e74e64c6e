import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsTable, shownMetrics } from '../support/metrics-table.ts';
import type { ShownMetric } from '../support/metrics-table.ts';
import { freePort, startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { redisInstalled, startRedis } from '../support/redis-server.ts';
import { TraceCollector } from '../support/trace-collector.ts';

/** A real server with its engine, scraped as Prometheus does; docs/operations.md says what it shows. */

let parley: Parley;
let roomId: string;
let text: string;
let shown: readonly ShownMetric[];

const table = metricsTable();

beforeAll(async () => {
  parley = await startParley({ PARLEY_METRICS_TOKEN_FILE: '' });
  [roomId = ''] = (await parley.createRoom()).split('#');
  await fetch(`${parley.url}/api/rooms/${roomId}/join`, { method: 'POST', body: 'nonsense' });
  await fetch(`${parley.url}/r/${roomId}`);
  await fetch(`${parley.url}/api/nothing`);
  text = await (await fetch(`${parley.url}/metrics`)).text();
  shown = shownMetrics(text);
});

afterAll(async () => {
  await parley[Symbol.asyncDispose]();
});

describe('what /metrics shows', () => {
  it('is in the table, all of it', () => {
    const told = new Set(table.map(({ name }) => name));
    expect(shown.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
  });

  it('is all that the table tells of, but for what is not switched on', () => {
    const there = new Set(shown.map(({ name }) => name));
    const missing = table.filter(({ name, optional }) => !optional && !there.has(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('has the types and labels of the table', () => {
    for (const { name, type, labels } of shown) {
      const row = table.find((each) => each.name === name);
      const own = name.startsWith('parley_media_') ? ['process'] : [];
      const known = [...(row?.labels ?? []), ...own, ...(type === 'histogram' ? ['le'] : [])];
      expect([name, type]).toEqual([name, row?.type]);
      expect([name, labels.filter((label) => !known.includes(label))]).toEqual([name, []]);
    }
  });

  it('is explained, once each', () => {
    for (const { name, help } of shown) expect([name, help.length > 5]).toEqual([name, true]);
    const headers = text.match(/^# TYPE \w+/gm) ?? [];
    expect(new Set(headers).size).toBe(headers.length);
  });

  it('follows Prometheus’ naming: base units, and a total for what is counted', () => {
    for (const { name, type } of shown) {
      expect(name).toMatch(/^parley_(server|media|inference|files)_[a-z0-9_]+$/);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|mb|percent|count|bucket|sum)$/);
      if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes|ratio)$/);
    }
  });

  it('names no meeting, person or address', () => {
    expect(roomId).not.toBe('');
    expect(text).not.toContain(roomId);
    expect(text).toContain('route="/api/rooms/:roomId/join"');
    const labels = new Set(shown.flatMap((metric) => metric.labels));
    for (const label of labels)
      expect(label).not.toMatch(/room|peer|person|speaker|token|user|^ip$/);
    for (const [, value = ''] of text.matchAll(/\w+="([^"]*)"/g)) {
      expect(value).not.toMatch(/^(?=.*[A-Z])(?=.*\d)[\w-]{16,}$/);
    }
  });

  it('is found faultless by promtool', ({ skip }) => {
    const { status, error, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    if (error) skip('promtool is not here: apt-get install prometheus');
    expect(stderr + stdout).toBe('');
    expect(status).toBe(0);
  });
});

describe.runIf(redisInstalled)('with every feature switched on (needs redis-server)', () => {
  it('the rest of the table is there too, on a port of its own and for a token', async () => {
    await using redis = await startRedis();
    await using collector = await TraceCollector.open();
    const folder = await mkdtemp(join(tmpdir(), 'parley-metrics-'));
    const file = async (name: string, content: string) => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const token = randomBytes(24).toString('hex');
    const port = await freePort();
    await using everything = await startParley({
      PARLEY_API_TOKENS_FILE: await file('tokens', '{"tokens":[]}'),
      PARLEY_WEBHOOKS_URLS: 'http://127.0.0.1:1/',
      PARLEY_WEBHOOKS_SECRET_FILE: await file(
        'webhooks',
        `whsec_${randomBytes(32).toString('base64')}`,
      ),
      PARLEY_SECRET_FILE: await file('secret', randomBytes(24).toString('hex')),
      PARLEY_CLUSTER_REDIS_URL: redis.url,
      PARLEY_TRACING_URL: collector.url,
      PARLEY_METRICS_PORT: String(port),
      PARLEY_METRICS_TOKEN_FILE: await file('token', token),
    });
    const url = `http://127.0.0.1:${port}/metrics`;
    const headers = { authorization: `Bearer ${token}` };
    const all = shownMetrics(await (await fetch(url, { headers })).text());
    const names = new Set(all.map(({ name }) => name));
    expect(table.filter(({ name }) => !names.has(name)).map(({ name }) => name)).toEqual([]);
    const known = new Map(table.map((row) => [row.name, row.type]));
    expect(all.filter(({ name, type }) => known.get(name) !== type)).toEqual([]);
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(`${everything.url}/metrics`, { headers })).status).toBe(404);
    await rm(folder, { recursive: true });
  });
});
