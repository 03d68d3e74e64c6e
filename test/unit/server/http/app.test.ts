import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Door } from '../../../../server/access/door.ts';
import { RoomKeys } from '../../../../server/access/keys.ts';
import { Secret } from '../../../../server/access/secret.ts';
import { Tokens } from '../../../../server/access/tokens.ts';
import { createHttpApp } from '../../../../server/http/app.ts';
import { trustedProxies } from '../../../../server/http/client-address.ts';
import type { Trusts } from '../../../../server/http/client-address.ts';
import type { Entrance, LanguageMatrix, RoomCreated } from '../../../../server/protocol/api.ts';
import { MediaPlaces } from '../../../../server/rooms/media-places.ts';
import { RoomRegistry } from '../../../../server/rooms/room-registry.ts';
import { FakeSfu } from '../../../support/fake-sfu.ts';
import { FakeSpeechMedia } from '../../../support/fake-speech-media.ts';
import { englishEngine, silent } from '../../../support/room-stage.ts';

let directory: string;
let rooms: RoomRegistry;
let app: FastifyInstance;
let missing: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-pages-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<title>Parley</title>');
  await writeFile(join(directory, 'assets/app-abc123.js'), 'export {};');
  missing = [];
  rooms = new RoomRegistry({
    sfu: new FakeSfu(),
    places: new MediaPlaces([new FakeSpeechMedia(englishEngine)], 10),
    limits: {
      maxRooms: 3,
      maxPeers: 2,
      maxPeersInAll: 10,
      emptyTimeoutMs: 60_000,
      captionReplay: 10,
      captionsKept: 500,
      maxTracksPerPeer: 64,
      ...{ graceMs: 30_000, maxWaiting: 3, waitMs: 60_000 },
    },
    iceServers: () => [],
    log: silent,
  });
  app = await build(directory);
});

afterEach(async () => {
  rooms.close();
  await app.close();
  await rm(directory, { recursive: true });
});

function build(clientDirectory: string, trusts?: Trusts): Promise<FastifyInstance> {
  const secret = new Secret('a secret of the tests, long enough');
  return createHttpApp({
    clientDirectory,
    ...(trusts && { trusts }),
    version: '1.2.3',
    door: new Door({
      rooms,
      keys: new RoomKeys(secret),
      tokens: new Tokens(secret, 60_000),
      keepsTranscriptFor: 3_600_000,
    }),
    engine: () => englishEngine,
    limits: { roomsPerAddress: 5, joinsPerAddress: 5 },
    notReady: () => missing,
    metrics: () => Promise.resolve('parley_test 1\n'),
    log: silent,
  });
}

async function makeRoom(): Promise<RoomCreated> {
  return (await app.inject({ method: 'POST', url: '/api/rooms' })).json<RoomCreated>();
}

function knock(roomId: string, payload: unknown) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(payload);
  return app.inject({ method: 'POST', url: `/api/rooms/${roomId}/join`, headers, payload: body });
}

describe('the API before a call', () => {
  test('a meeting is made, and its links open it, each in its role', async () => {
    const { roomId, hostKey, guestKey } = await makeRoom();
    expect(roomId).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(new Set([roomId, hostKey, guestKey]).size).toBe(3);
    const answers = [await knock(roomId, { key: hostKey }), await knock(roomId, { key: guestKey })];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(answers.map((answer) => answer.json<Entrance>())).toMatchObject([
      {
        role: 'host',
        guestKey,
        peers: 0,
        full: false,
        entry: 'open',
        keepsTranscriptFor: 3_600_000,
      },
      { role: 'guest', guestKey, peers: 0, full: false, entry: 'open' },
    ]);
  });

  test.each<[string, (room: RoomCreated, other: RoomCreated) => [string, unknown]]>([
    ['another room’s key', ({ roomId }, { hostKey }) => [roomId, { key: hostKey }]],
    ['no such room', ({ guestKey }) => ['x'.repeat(22), { key: guestKey }]],
    ['no key', ({ roomId }) => [roomId, {}]],
    ['a key that is none', ({ roomId }) => [roomId, { key: 'short' }]],
    ['a key and more', ({ roomId, guestKey }) => [roomId, { key: guestKey, role: 'host' }]],
    ['a path instead of an id', ({ guestKey }) => ['%2e%2e%2fpackage.json', { key: guestKey }]],
  ])('%s is answered just like any other unknown meeting', async (_what, wrong) => {
    const [room, other] = [await makeRoom(), await makeRoom()];
    const [id, body] = wrong(room, other);
    const answer = await knock(id, body);
    expect([answer.statusCode, answer.json<object>()]).toEqual([
      404,
      { code: 'roomNotFound', message: 'there is no such meeting' },
    ]);
  });

  test('anyone may see which language can become which', async () => {
    const answer = await app.inject({ url: '/api/languages' });
    expect(answer.json<LanguageMatrix>()).toEqual({
      state: 'ready',
      languages: ['ca', 'de', 'en', 'es'],
      pairs: englishEngine.pairs,
      recognises: ['en', 'de'],
      texts: [],
      identifies: [],
    });
  });

  test('an address that tries many links is told to wait', async () => {
    const tries = [];
    for (let i = 0; i < 6; i += 1) tries.push(await knock('x'.repeat(22), { key: 'y'.repeat(22) }));
    expect(tries.at(-1)?.statusCode).toBe(429);
  });

  test('a server with all the meetings it holds says so', async () => {
    const answers = [];
    for (let i = 0; i < 4; i += 1)
      answers.push(await app.inject({ method: 'POST', url: '/api/rooms' }));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201, 503]);
    expect(answers[3]?.json()).toMatchObject({ code: 'serverFull' });
  });

  test('an address that makes too many is told to wait', async () => {
    const codes = [];
    for (let i = 0; i < 6; i += 1) {
      codes.push((await app.inject({ method: 'POST', url: '/api/rooms' })).json<object>());
    }
    expect(codes.at(-1)).toMatchObject({ code: 'rateLimited' });
  });

  test('behind a proxy of ours everyone has limits of their own, who lies about it has not', async () => {
    const behind = await build(directory, trustedProxies(['10.77.0.0/24']));
    const tryMany = async (remoteAddress: string, client: (n: number) => string) => {
      const tries = Array.from({ length: 7 }, (_, n) =>
        behind.inject({
          ...{ method: 'POST', url: '/api/rooms', remoteAddress },
          headers: { 'x-forwarded-for': client(n) },
        }),
      );
      return (await Promise.all(tries)).map(({ statusCode }) => statusCode);
    };
    // The registry holds three meetings; the limit is five tries of one address.
    const spread = await tryMany('10.77.0.2', (n) => `203.0.113.${n}`);
    expect(spread).not.toContain(429);
    expect(await tryMany('10.77.0.2', () => '203.0.113.77')).toContain(429);
    expect(await tryMany('198.51.100.9', (n) => `203.0.113.${n}`)).toContain(429);
    await behind.close();
  });

  test('it tells the version and what the engine can do', async () => {
    expect((await app.inject('/api/info')).json()).toEqual({
      version: '1.2.3',
      engine: englishEngine,
    });
  });

  test('everything else under /api is a JSON answer, also when the request is broken', async () => {
    const unknown = await app.inject('/api/nothing');
    expect([unknown.statusCode, unknown.json()]).toMatchObject([404, { code: 'notFound' }]);
    const broken = await app.inject({
      method: 'POST',
      url: '/api/rooms',
      headers: { 'content-type': 'application/json' },
      payload: '{"a":',
    });
    expect([broken.statusCode, broken.json()]).toMatchObject([400, { code: 'badRequest' }]);
  });
});

describe('what operators ask', () => {
  test('it is alive, and ready only when nothing is missing', async () => {
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    missing = ['the translation engine is starting'];
    const answer = await app.inject('/readyz');
    expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, reasons: missing }]);
  });

  test('metrics are text', async () => {
    const answer = await app.inject('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toContain('parley_test 1');
  });
});

describe('pages', () => {
  test.each([
    '/',
    '/about',
    '/solo',
    '/solo/routing',
    `/r/${'x'.repeat(22)}`,
    '/r/abc?name=Ann&join=1',
  ])('%s is the page', async (url) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('Parley');
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  test('files with a hash in their name are kept for ever', async () => {
    const answer = await app.inject('/assets/app-abc123.js');
    expect(answer.headers['cache-control']).toContain('immutable');
  });

  test('an unknown address is the page too, but not found', async () => {
    const answer = await app.inject('/nowhere');
    expect([answer.statusCode, answer.body]).toEqual([404, '<title>Parley</title>']);
  });

  test('nothing outside the folder is served', async () => {
    for (const url of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
    ]) {
      expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400);
    }
  });

  test('they allow no inline code, no foreign frame, and microphone and camera to themselves', async () => {
    const { headers } = await app.inject('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    for (const own of ['microphone', 'camera', 'display-capture']) {
      expect(headers['permissions-policy']).toContain(`${own}=(self)`);
    }
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test('when they are not built, a page says what to do', async () => {
    const bare = await build(join(directory, 'nothing-here'));
    const answer = await bare.inject('/');
    expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('npm start')]);
    expect((await bare.inject('/api/info')).statusCode).toBe(200);
    await bare.close();
  });
});
