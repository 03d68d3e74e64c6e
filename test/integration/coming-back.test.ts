import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { opusCapabilities } from '../support/fake-sfu.ts';
import { ask, startSignaling } from '../support/signaling-server.ts';
import type { SignalingServer } from '../support/signaling-server.ts';

const secret = 'one secret for two lives of a server';

let server: SignalingServer;
let room: RoomCreated;
let ann: Socket;
let luz: Socket;

beforeEach(async () => {
  server = await startSignaling({ secret, graceMs: 500 });
  room = server.door.create();
  ann = await server.connect(room);
  luz = await server.connect(room);
});
afterEach(() => server.close());

const Joined = z.object({
  ok: z.literal(true),
  data: z.object({ peerId: z.string(), session: z.string(), peers: z.array(z.unknown()) }),
});

async function enter(socket: Socket) {
  const person = { displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false };
  const answer = await ask(socket, 'join', { ...person, rtpCapabilities: opusCapabilities });
  return Joined.parse(answer).data;
}

function next(from: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => from.once(event, resolve));
}

/** As when the network is gone: the page says nothing. */
function cut(socket: Socket): void {
  socket.io.engine.close();
}

describe('at the door', () => {
  test.each<[string, unknown]>([
    ['no token', undefined],
    ['an empty token', ''],
    ['nonsense', 'x.y.z'],
    ['an object', { admin: true }],
    ['a very long token', 'x'.repeat(100_000)],
  ])('%s is not let in', async (_what, token) => {
    await expect(server.show(token)).rejects.toMatchObject({ data: { code: 'badToken' } });
  });

  test('the token of a meeting that has ended leads nowhere', async () => {
    const { token } = await server.door.enter(room.roomId, room.guestKey);
    server.rooms.close();
    const late = await server.show(token);
    const person = { displayName: 'A', speak: 'en', hear: 'es', hearOwn: false, keepWords: false };
    expect(await ask(late, 'join', { ...person, rtpCapabilities: opusCapabilities })).toMatchObject(
      { ok: false, error: { code: 'roomNotFound' } },
    );
  });
});

describe('a lost connection', () => {
  test('is shown to others as reconnecting, and the same person comes back by a new socket', async () => {
    const before = await enter(ann);
    await enter(luz);
    const away = next(luz, 'peerUpdated');
    cut(ann);
    expect(await away).toMatchObject({ peerId: before.peerId, connection: 'reconnecting' });
    const here = next(luz, 'peerUpdated');
    const again = await server.show(before.session);
    expect((await enter(again)).peerId).toBe(before.peerId);
    expect(await here).toMatchObject({ peerId: before.peerId, connection: 'here' });
    expect(server.rooms.peers).toBe(2);
  });

  test('leaves nothing behind when nobody comes back', async () => {
    await enter(ann);
    await ask(ann, 'createWebRtcTransport', { direction: 'send' });
    cut(ann);
    await expect.poll(() => server.rooms.peers).toBe(0);
    await expect.poll(() => server.sfu.openObjects).toBe(0);
  });

  test('the answer to the first join may be lost: the same token is the same person', async () => {
    const { token } = await server.door.enter(room.roomId, room.guestKey);
    const first = await server.show(token);
    const { peerId } = await enter(first);
    cut(first);
    const second = await server.show(token);
    expect((await enter(second)).peerId).toBe(peerId);
    expect(server.rooms.peers).toBe(1);
  });

  test('an old socket that is still open is hung up on', async () => {
    const { session } = await enter(ann);
    const ended = next(ann, 'disconnect');
    await enter(await server.show(session));
    await ended;
    expect(server.rooms.peers).toBe(1);
  });
});

describe('a server that is started again', () => {
  test('finds its meetings through those who were in them, who stay who they were', async () => {
    const before = await enter(ann);
    await server.close();
    server = await startSignaling({ secret });
    await expect(server.door.enter(room.roomId, room.guestKey)).rejects.toMatchObject({
      code: 'roomNotFound',
    });
    const back = await enter(await server.show(before.session));
    expect(back.peerId).toBe(before.peerId);
    const { role } = await server.door.enter(room.roomId, room.guestKey);
    expect(role).toBe('guest');
  });

  test('opens a meeting again for its host', async () => {
    await server.close();
    server = await startSignaling({ secret });
    expect(await server.door.enter(room.roomId, room.hostKey)).toMatchObject({ role: 'host' });
    expect(await server.door.enter(room.roomId, room.guestKey)).toMatchObject({ role: 'guest' });
  });

  test('with another secret it knows nobody', async () => {
    const { session } = await enter(ann);
    await server.close();
    server = await startSignaling({ secret: 'another secret, also long enough' });
    await expect(server.show(session)).rejects.toMatchObject({ data: { code: 'badToken' } });
  });
});
