import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../server/access/secret.ts';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { PeerId, RoomId } from '../../server/protocol/ids.ts';
import { AttackPage } from '../support/attack-page.ts';
import { startAttacked } from '../support/attack-server.ts';
import type { Attacked } from '../support/attack-server.ts';
import { opusCapabilities } from '../support/fake-sfu.ts';

/**
 * The doors: which token lets a socket in, and where to; which key opens which address. Whoever is
 * refused learns no more than that.
 */
const SECRET = 'a secret of the tests, long enough';
const MINUTE_MS = 60_000;

let now: number;
let server: Attacked;
let room: RoomCreated;
let other: RoomCreated;

beforeAll(async () => {
  now = Date.now();
  server = await startAttacked({ secret: SECRET, now: () => now });
  [room, other] = [server.door.create(), server.door.create()];
});
afterAll(async () => {
  expect(server.mistakes).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const person = {
  ...{ displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false },
  rtpCapabilities: opusCapabilities,
};

interface Claims {
  readonly secret?: string;
  readonly purpose?: string;
  readonly algorithm?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly subject?: string;
  readonly room?: unknown;
  readonly role?: string;
  readonly expires?: number | undefined;
}

/** A token like the server's own but for what is given. */
function forge(given: Claims): Promise<string> {
  const key = new Secret(given.secret ?? SECRET).keyFor(given.purpose ?? 'tokens');
  const claims = { room: given.room ?? room.roomId, role: given.role ?? 'guest', instance: 'x' };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: given.algorithm ?? 'HS256' })
    .setIssuer(given.issuer ?? 'parley')
    .setAudience(given.audience ?? 'join')
    .setSubject(given.subject ?? 'mallory');
  if (!('expires' in given)) token.setExpirationTime(new Date(now + MINUTE_MS));
  else if (given.expires !== undefined) token.setExpirationTime(new Date(given.expires));
  return token.sign(key);
}

/** The token with one character of one part changed. */
function tampered(token: string, part: number): string {
  const parts = token.split('.');
  const text = parts[part] ?? '';
  const at = Math.floor(text.length / 2);
  parts[part] = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  return parts.join('.');
}

describe('a token', () => {
  test('like the server’s own is let in, so the refusals below are about what differs', async () => {
    const page = await AttackPage.connect(server.url, await forge({}));
    expect(page.refusal).toBeUndefined();
    await page.close();
  });

  const genuine = () => server.tokenFor(room);
  const claims = { room: 'x', role: 'host', instance: 'x' };
  test.each<[string, () => Promise<unknown>]>([
    ['with another header', async () => tampered(await genuine(), 0)],
    ['with other claims', async () => tampered(await genuine(), 1)],
    ['with another signature', async () => tampered(await genuine(), 2)],
    [
      'with the claims of another',
      async () => swapped(await genuine(), await server.tokenFor(other)),
    ],
    ['without a signature', () => Promise.resolve(new UnsecuredJWT(claims).encode())],
    ['of another server', () => forge({ secret: 'the secret of another server, also long' })],
    ['made with the key of links', () => forge({ purpose: 'room keys' })],
    ['with another algorithm', () => forge({ algorithm: 'HS512' })],
    ['of another issuer', () => forge({ issuer: 'somebody' })],
    ['for another purpose', () => forge({ audience: 'transcript' })],
    ['that has expired', () => forge({ expires: now - MINUTE_MS })],
    ['that never expires', () => forge({ expires: undefined })],
    ['for an unknown role', () => forge({ role: 'admin' })],
    ['for no room', () => forge({ room: 'short' })],
    ['for all rooms', () => forge({ room: [room.roomId, other.roomId] })],
    ['for nobody', () => forge({ subject: '' })],
    ['that is the key of a link', () => Promise.resolve(room.hostKey)],
  ])('%s is refused', async (_what, make) => {
    const page = await AttackPage.connect(server.url, await make());
    expect(page.refusal?.data).toEqual({ code: 'badToken' });
    expect(await page.request('join', person)).toBeUndefined();
    await page.close();
  });

  test('leads into its own room and no other', async () => {
    const page = await AttackPage.connect(server.url, await server.tokenFor(other));
    expect(await page.request('join', person)).toMatchObject({ ok: true });
    expect([room, other].map(({ roomId }) => server.rooms.find(roomId)?.size)).toEqual([0, 1]);
    await page.close();
  });

  test('does not open a room that is no more, nor one that never was', async () => {
    for (const audience of ['join', 'session']) {
      const before = server.rooms.size;
      const token =
        audience === 'join' ? await forge({ room: 'n'.repeat(22) }) : await ownSession();
      const page = await AttackPage.connect(server.url, token);
      expect(await page.request('join', person)).toMatchObject({
        ok: false,
        error: { code: 'roomNotFound' },
      });
      expect(server.rooms.size).toBe(before);
      await page.close();
    }
  });

  test('expires, and the one to come back with later', async () => {
    const token = await genuine();
    const inside = await AttackPage.connect(server.url, token);
    const joined = await inside.request('join', person);
    const session = joined?.ok === true ? joined.data['session'] : undefined;
    now += 3 * MINUTE_MS;
    expect(await codeFor(token)).toBe('badToken');
    expect(await codeFor(session)).toBeUndefined();
    now += 13 * 60 * MINUTE_MS;
    expect(await codeFor(session)).toBe('badToken');
    await inside.close();
  });
});

/** A token of this server process to come back with, for a room that is closed. */
function ownSession(): Promise<string> {
  const closed = { roomId: RoomId.parse('z'.repeat(22)), peerId: PeerId.parse('someone') };
  return server.tokens.forReturning({ ...closed, role: 'host' });
}

function swapped(one: string, another: string): string {
  const [header, , signature] = one.split('.');
  return [header, another.split('.')[1], signature].join('.');
}

async function codeFor(token: unknown): Promise<string | undefined> {
  const page = await AttackPage.connect(server.url, token);
  await page.close();
  return page.refusal?.data?.code;
}

describe('a key', () => {
  const missing = { code: 'roomNotFound', message: 'there is no such meeting' };

  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, key?: string, body?: object) {
    const url = `${server.url}/api/rooms/${path}`;
    const answer = await fetch(url, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json: unknown = text.startsWith('{"code"') ? JSON.parse(text) : text;
    return { status: answer.status, body: json };
  }

  /** Every key that is not the right one, for an address that wants the host's. */
  const wrong = (): readonly (string | undefined)[] => [
    ...[undefined, '', 'short', room.roomId, room.guestKey, other.hostKey, other.guestKey],
    ...[`${room.hostKey}x`, room.hostKey.slice(1), room.hostKey.toLowerCase(), '*'],
  ];

  test('of another room, or none, opens no meeting, and all are answered alike', async () => {
    for (const key of wrong().filter((each) => each !== room.guestKey)) {
      const answer = await ask('POST', `${room.roomId}/join`, undefined, { key });
      expect(answer).toEqual({ status: 404, body: missing });
    }
    const nowhere = await ask('POST', `${'n'.repeat(22)}/join`, undefined, { key: room.hostKey });
    expect(nowhere).toEqual({ status: 404, body: missing });
  });

  test('of a guest admits as a guest, whatever is asked for', async () => {
    const answer = await server.door.enter(room.roomId, room.guestKey);
    expect(answer.role).toBe('guest');
    const asHost = { key: room.guestKey, role: 'host' };
    expect(await ask('POST', `${room.roomId}/join`, undefined, asHost)).toMatchObject({
      status: 404,
    });
    expect(JSON.stringify(answer)).not.toContain(room.hostKey);
  });

  test('of the host, and no other, takes or deletes what was written', async () => {
    server.transcripts.write(room.roomId, {
      ...{ sequence: 1, startedAt: now, speaker: 'Ann', source: 'en', original: 'kept words' },
      translations: [],
    });
    const path = `${room.roomId}/transcript`;
    for (const method of ['DELETE', 'GET'] as const) {
      for (const key of wrong()) {
        expect([key, await ask(method, path, key)]).toEqual([key, { status: 404, body: missing }]);
      }
      // A key in the address or the body is no key: addresses end up in logs.
      const inQuery = await ask(method, `${path}?key=${room.hostKey}`);
      expect(inQuery).toEqual({ status: 404, body: missing });
    }
    const elsewhere = await ask('GET', `${other.roomId}/transcript`, room.hostKey);
    expect(elsewhere).toEqual({ status: 404, body: missing });
    const taken = await ask('GET', path, room.hostKey);
    expect(taken.status).toBe(200);
    expect(taken.body).toContain('kept words');
    expect(await ask('DELETE', path, room.hostKey)).toMatchObject({ status: 204 });
    expect((await ask('GET', path, room.hostKey)).body).not.toContain('kept words');
  });

  test('is asked for at every address that has a room in it', () => {
    const routes = server.app.printRoutes({ commonPrefix: false });
    const perRoom = routes.split('\n').filter((line) => line.includes(':roomId'));
    // A new one needs its trial above.
    expect(perRoom.map((line) => line.replace(/^[^/]*/, ''))).toEqual([
      '/:roomId/join (POST)',
      '/:roomId/transcript (GET, HEAD, DELETE)',
      '/r/:roomId (GET, HEAD)',
    ]);
  });
});
