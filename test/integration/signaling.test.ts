import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { trustedProxies } from '../../server/http/client-address.ts';
import { ErrorCode } from '../../server/protocol/errors.ts';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { opusCapabilities, opusParameters } from '../support/fake-sfu.ts';
import { ask, startSignaling } from '../support/signaling-server.ts';
import type { SignalingServer } from '../support/signaling-server.ts';

let server: SignalingServer;
let room: RoomCreated;
let socket: Socket;

beforeAll(async () => {
  server = await startSignaling({ maxPeers: 2, maxPeersInAll: 3 });
});
afterAll(() => server.close());
beforeEach(async () => {
  room = server.door.create();
  socket = await server.connect(room);
});
/** Whatever a test did, the connection must have survived it. */
afterEach(async () => {
  const answer = await ask(socket, 'getRouterRtpCapabilities', {});
  expect(answer).toMatchObject({ ok: true });
  socket.disconnect();
});

const person = () => ({
  displayName: 'Ann',
  speak: 'en',
  hear: 'es',
  hearOwn: false,
  keepWords: false,
  rtpCapabilities: opusCapabilities,
});
const failed = (code: string) => ({ ok: false, error: { code } });
const dtlsParameters = {
  role: 'client',
  fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') }],
};

/** Resolves to what comes with the next event of this name. */
function next(from: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => from.once(event, resolve));
}

async function enter(who: Socket): Promise<unknown> {
  const answer = await ask(who, 'join', person());
  expect(answer).toMatchObject({ ok: true });
  return answer;
}

async function transport(who: Socket, direction: 'send' | 'recv'): Promise<string> {
  const answer: unknown = await ask(who, 'createWebRtcTransport', { direction });
  expect(answer).toMatchObject({ ok: true });
  return idIn(answer, 'id');
}

function idIn(answer: unknown, key: string): string {
  if (typeof answer === 'object' && answer !== null && 'data' in answer) {
    const entry = Object.entries(answer.data ?? {}).find(([name]) => name === key);
    if (entry) return String(entry[1]);
  }
  throw new Error(`no ${key} in ${JSON.stringify(answer)}`);
}

describe('a call over the wire', () => {
  test('two people join, one publishes, the other is offered the track once and hears of mute', async () => {
    await enter(socket);
    const other = await server.connect(room);
    await enter(other);
    await transport(other, 'recv');
    const offer = new Promise<unknown>((resolve) => {
      other.once('newConsumer', (consumer: unknown, _stamp: unknown, ack: () => void) => {
        ack();
        resolve(consumer);
      });
    });
    const transportId = await transport(socket, 'send');
    expect(await ask(socket, 'connectWebRtcTransport', { transportId, dtlsParameters })).toEqual({
      ok: true,
      data: {},
    });
    const produced: unknown = await ask(socket, 'produce', {
      transportId,
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters,
    });
    const producerId = idIn(produced, 'producerId');
    const consumer = await offer;
    expect(consumer).toMatchObject({ producerId, track: { type: 'original' }, kind: 'audio' });
    const muted = next(other, 'consumerPaused');
    expect(await ask(socket, 'pauseProducer', { producerId })).toMatchObject({ ok: true });
    await muted;
    expect(await ask(socket, 'restartIce', { transportId })).toMatchObject({
      ok: true,
      data: { iceParameters: { usernameFragment: 'fresh' } },
    });
    other.disconnect();
  });

  test('a person in a call is told how it fares, and nobody else', async () => {
    expect(await ask(socket, 'call:stats', {})).toMatchObject(failed('notJoined'));
    await enter(socket);
    expect(await ask(socket, 'call:stats', { of: 'others' })).toMatchObject(failed('badRequest'));
    expect(await ask(socket, 'call:stats', {})).toMatchObject({
      ok: true,
      data: { speakers: [], stages: [{ stage: 'rtp' }] },
    });
  });

  test('a person in a call gets the record of it, in a language that is one', async () => {
    const wanted = { language: 'es', after: 0 };
    expect(await ask(socket, 'captions:export', wanted)).toMatchObject(failed('notJoined'));
    await enter(socket);
    for (const wrong of [
      { language: 'Spanish' },
      {},
      { ...wanted, after: -1 },
      { ...wanted, all: 1 },
    ]) {
      expect(await ask(socket, 'captions:export', wrong)).toMatchObject(failed('badRequest'));
    }
    expect(await ask(socket, 'captions:export', wanted)).toEqual({
      ...{ ok: true, data: { lines: [], more: false } },
    });
    expect(await ask(socket, 'captions:languages', {})).toEqual({
      ...{ ok: true, data: { languages: [] } },
    });
  });

  test('a page that hangs up has left the room and takes its media along', async () => {
    const other = await server.connect(room);
    await enter(socket);
    await enter(other);
    await transport(other, 'recv');
    const gone = next(socket, 'peerClosed');
    other.disconnect();
    await gone;
    await expect.poll(() => server.sfu.count('transport')).toBe(0);
  });
});

describe('what cannot be granted', () => {
  test.each<[string, string, (good: ReturnType<typeof person>) => unknown]>([
    ['badRequest', 'a room of one’s own choice', (good) => ({ ...good, roomId: 'x'.repeat(22) })],
    ['nameTooLong', 'a long name', (good) => ({ ...good, displayName: 'x'.repeat(65) })],
    ['badRequest', 'an empty name', (good) => ({ ...good, displayName: '  ' })],
    ['badRequest', 'control characters', (good) => ({ ...good, displayName: 'a\u0007b' })],
    ['badLanguage', 'a made-up language', (good) => ({ ...good, speak: 'Klingon!' })],
    ['badLanguage', 'a number to hear', (good) => ({ ...good, hear: 7 })],
    ['badRequest', 'one field too many', (good) => ({ ...good, admin: true })],
    ['badRequest', 'no object', () => 'join me'],
    ['badRequest', 'null', () => null],
    ['badRequest', 'a list', () => []],
    ['tooLarge', 'an oversized request', (good) => ({ ...good, displayName: 'x'.repeat(70_000) })],
  ])('%s: %s', async (code, _what, broken) => {
    expect(await ask(socket, 'join', broken(person()))).toMatchObject(failed(code));
  });

  test('roomFull and serverFull', async () => {
    const [a, b] = [await server.connect(room), await server.connect(room)];
    await enter(a);
    await enter(b);
    expect(await ask(socket, 'join', person())).toMatchObject(failed('roomFull'));
    const c = await server.connect();
    await enter(c);
    const d = await server.connect();
    expect(await ask(d, 'join', person())).toMatchObject(failed('serverFull'));
    for (const other of [a, b, c, d]) other.disconnect();
    await expect.poll(() => server.rooms.peers).toBe(0);
  });

  test('serverFull when the media process takes no more people, until someone leaves', async () => {
    await using small = await startSignaling({ maxStreams: 1 });
    const only = small.door.create();
    const [a, b] = [await small.connect(only), await small.connect(only)];
    await enter(a);
    expect(await ask(b, 'join', person())).toMatchObject(failed('serverFull'));
    await ask(a, 'leave', {});
    await enter(b);
  });

  test('notJoined before joining; joining twice is joining once', async () => {
    expect(await ask(socket, 'createWebRtcTransport', { direction: 'send' })).toMatchObject(
      failed('notJoined'),
    );
    const first = idIn(await enter(socket), 'peerId');
    expect(idIn(await enter(socket), 'peerId')).toBe(first);
    expect(server.rooms.find(room.roomId)?.size).toBe(1);
    expect(await ask(socket, 'leave', {})).toMatchObject({ ok: true });
    await enter(socket);
  });

  test('notFound for ids that are not one’s own', async () => {
    await enter(socket);
    const ids = { transportId: 'nobody', producerId: 'nobody', consumerId: 'nobody' };
    const { transportId, producerId, consumerId } = ids;
    const requests: [string, object][] = [
      ['connectWebRtcTransport', { transportId, dtlsParameters }],
      ['restartIce', { transportId }],
      ['produce', { transportId, kind: 'audio', source: 'tab', rtpParameters: opusParameters }],
      ['closeProducer', { producerId }],
      ['pauseProducer', { producerId }],
      ['resumeProducer', { producerId }],
      ['pauseConsumer', { consumerId }],
      ['resumeConsumer', { consumerId }],
    ];
    for (const [event, data] of requests) {
      expect(await ask(socket, event, data), event).toMatchObject(failed('notFound'));
    }
  });

  test('rateLimited, and the connection is served again later', async () => {
    await using small = await startSignaling({ limits: { requestsPerSocket: 3 } });
    const hasty = await small.connect();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(hasty, 'getRouterRtpCapabilities', {})),
    );
    expect(answers.slice(0, 3)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(answers.slice(3)).toMatchObject([failed('rateLimited'), failed('rateLimited')]);
    await expect
      .poll(() => ask(hasty, 'getRouterRtpCapabilities', {}), { timeout: 6_000 })
      .toMatchObject({ ok: true });
  });
});

describe('what makes no sense', () => {
  test.each(['deploy', 'constructor', '__proto__', 'toString', 'translation:', ''])(
    'an event named "%s" is answered with badRequest',
    async (event) => {
      expect(await ask(socket, event, {})).toMatchObject(failed('badRequest'));
    },
  );

  test('no argument, or two, is badRequest', async () => {
    expect(await ask(socket, 'leave')).toMatchObject(failed('badRequest'));
    expect(await ask(socket, 'leave', {}, {})).toMatchObject(failed('badRequest'));
  });

  test('events that ask for no answer are ignored', async () => {
    socket.emit('join', person());
    socket.emit('nonsense', { deep: [[[[]]]] });
    expect(await ask(socket, 'leave', {})).toMatchObject({ ok: true });
    expect(server.rooms.find(room.roomId)?.size).toBe(0);
  });

  test('binary data is refused like any other nonsense', async () => {
    expect(await ask(socket, 'join', Buffer.alloc(64))).toMatchObject(failed('badRequest'));
    expect(await ask(socket, 'leave', { a: Buffer.alloc(200_000) })).toMatchObject(
      failed('tooLarge'),
    );
  });

  test('every code the server answers with is in the protocol', async () => {
    const answer: unknown = await ask(socket, 'join', {});
    if (typeof answer !== 'object' || answer === null || !('error' in answer)) throw new Error();
    expect(ErrorCode.options).toContain(Object.entries(answer.error ?? {})[0]?.[1]);
  });
});

describe('who may connect', () => {
  test('a page of another origin may not, unless it is named', async () => {
    await expect(server.connect(room, { origin: 'https://evil.example' })).rejects.toThrow();
    const friend = await server.connect(room, { origin: 'https://friend.example' });
    expect(friend.connected).toBe(true);
    friend.disconnect();
    const own = await server.connect(room, { origin: server.url });
    expect(own.connected).toBe(true);
    own.disconnect();
  });

  test('an address that connects too often is told to wait', async () => {
    await using small = await startSignaling({ limits: { connectionsPerAddress: 2 } });
    await small.connect();
    await small.connect();
    await expect(small.connect()).rejects.toThrow(/too many/);
  });

  test('connections are counted for whom a proxy of ours asks for', async () => {
    const trusts = trustedProxies(['127.0.0.1']);
    await using small = await startSignaling({ limits: { connectionsPerAddress: 1 }, trusts });
    const from = (address: string) => small.connect(undefined, { 'x-forwarded-for': address });
    await from('203.0.113.1');
    await from('203.0.113.2');
    await expect(from('203.0.113.1')).rejects.toThrow('too many');
  });
});

test('a server that stops says so and frees its port', async () => {
  const stopping = await startSignaling();
  const guest = await stopping.connect();
  await enter(guest);
  const told = next(guest, 'closing');
  const hungUp = next(guest, 'disconnect');
  await stopping.close();
  expect(await told).toEqual({ reason: 'serverStopping' });
  await hungUp;
  const late = io(stopping.url, { transports: ['websocket'], reconnection: false });
  await next(late, 'connect_error');
  late.disconnect();
});
