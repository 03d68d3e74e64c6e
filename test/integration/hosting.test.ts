import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { opusCapabilities } from '../support/fake-sfu.ts';
import { ask, startSignaling } from '../support/signaling-server.ts';
import type { SignalingServer } from '../support/signaling-server.ts';

let server: SignalingServer;
let room: RoomCreated;
let host: Socket;
let guest: Socket;

beforeEach(async () => {
  server = await startSignaling();
  room = server.door.create();
  host = await byLink(room.hostKey);
  guest = await byLink(room.guestKey);
  await enter(host);
});
afterEach(() => server.close());

const Joined = z.object({
  ok: z.literal(true),
  data: z.object({ peerId: z.string(), session: z.string(), role: z.string() }),
});
const person = {
  ...{ displayName: 'Luz', speak: 'en', hear: 'es', hearOwn: false, keepWords: false },
  rtpCapabilities: opusCapabilities,
};
const refused = (code: string) => ({ ok: false, error: { code } });

async function byLink(key: RoomCreated['hostKey']): Promise<Socket> {
  return server.show((await server.door.enter(room.roomId, key)).token);
}

async function enter(socket: Socket) {
  return Joined.parse(await ask(socket, 'join', person)).data;
}

/** What comes with the next event of this name. */
async function next(socket: Socket, event: string): Promise<unknown> {
  const told = Promise.withResolvers<unknown>();
  socket.once(event, (data: unknown) => {
    told.resolve(data);
  });
  return told.promise;
}

test('someone who waits keeps their socket, and comes in by it when a host lets them', async () => {
  await ask(host, 'host:lobby', { on: true });
  const knocked = next(host, 'lobby:waiting');
  expect(await ask(guest, 'join', person)).toMatchObject(refused('waiting'));
  expect(await knocked).toMatchObject({ waiting: [{ displayName: 'Luz', speak: 'en' }] });
  expect(await ask(guest, 'translation:setLanguages', {})).toMatchObject(refused('notJoined'));

  const admitted = next(guest, 'lobby:admitted');
  await ask(host, 'host:admit', { peerId: 'all' });
  await admitted;
  expect((await enter(guest)).role).toBe('guest');
});

test.each([
  ['is closed', (socket: Socket) => socket.disconnect()],
  ['loses its network', (socket: Socket) => socket.io.engine.close()],
])('a page that %s waits no more', async (_how, go) => {
  await ask(host, 'host:lobby', { on: true });
  await ask(guest, 'join', person);
  const gone = next(host, 'lobby:waiting');
  go(guest);
  expect(await gone).toEqual({ waiting: [] });
});

test('neither the token nor the session of someone who was removed is good any more', async () => {
  const { token } = await server.door.enter(room.roomId, room.guestKey);
  const luz = await server.show(token);
  const { peerId, session } = await enter(luz);
  const [why] = await Promise.all([
    next(luz, 'closing'),
    next(luz, 'disconnect'),
    ask(host, 'host:remove', { peerId }),
  ]);
  expect(why).toEqual({ reason: 'removed' });
  for (const shown of [token, session]) {
    const again = await server.show(shown);
    expect(await ask(again, 'join', person)).toMatchObject(refused('removed'));
  }
});

test('a role that was handed over is the server’s: the old session does not bring it back', async () => {
  const { session } = await enter(host);
  const { peerId } = await enter(guest);
  await ask(host, 'host:handOver', { peerId });
  const again = await server.show(session);
  expect((await enter(again)).role).toBe('guest');
  expect(await ask(again, 'host:end', {})).toMatchObject(refused('forbidden'));
  expect(await ask(guest, 'host:lock', { locked: true })).toMatchObject({ ok: true });
});

test('a meeting that was ended takes nobody back before a host opens it', async () => {
  const { session } = await enter(guest);
  const told = next(guest, 'closing');
  const over = Promise.all([next(guest, 'disconnect'), next(host, 'disconnect')]);
  host.emit('host:end', {}, () => undefined);
  await over;
  expect(await told).toEqual({ reason: 'ended' });
  const code = { code: 'roomEnded' };
  await expect(server.door.enter(room.roomId, room.guestKey)).rejects.toMatchObject(code);
  const late = await server.show(session);
  expect(await ask(late, 'join', person)).toMatchObject(refused('roomEnded'));

  await enter(await byLink(room.hostKey));
  expect((await server.door.enter(room.roomId, room.guestKey)).entry).toBe('open');
  expect((await enter(late)).role).toBe('guest');
});

test('a second page of one person takes the place, and the first is told', async () => {
  const { session } = await enter(guest);
  const told = next(guest, 'closing');
  await enter(await server.show(session));
  expect(await told).toEqual({ reason: 'elsewhere' });
  expect(server.rooms.peers).toBe(2);
});
