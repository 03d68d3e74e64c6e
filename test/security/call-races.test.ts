import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { AttackPage } from '../support/attack-page.ts';
import { startAttacked } from '../support/attack-server.ts';
import type { Attacked } from '../support/attack-server.ts';
import { opusCapabilities, opusParameters } from '../support/fake-sfu.ts';

/** What the model of a call found, over real sockets: messages that come in one breath. */
let server: Attacked;
let room: RoomCreated;

beforeAll(async () => {
  server = await startAttacked();
  room = server.door.create();
});
afterAll(async () => {
  expect(server.mistakes).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const person = {
  ...{ displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false },
  rtpCapabilities: opusCapabilities,
};
const join = (id: number) => `42${id}${JSON.stringify(['join', person])}`;

test('who joins and hangs up in one breath leaves no ghost behind', async () => {
  for (let i = 0; i < 10; i += 1) {
    const page = await AttackPage.connect(server.url, await server.tokenFor(room));
    page.raw(join(1));
    page.raw('41');
    await page.close();
  }
  await expect.poll(() => server.gateway.connections).toBe(0);
  await expect.poll(() => server.rooms.peers).toBe(0);
});

test('who joins and leaves in one breath is out', async () => {
  const page = await AttackPage.connect(server.url, await server.tokenFor(room));
  const joined = page.request('join', person);
  const left = page.request('leave', {});
  expect([await joined, await left]).toMatchObject([{ ok: true }, { ok: true }]);
  expect(server.rooms.peers).toBe(0);
  await page.close();
});

test('who joins twice in one breath is in once', async () => {
  const page = await AttackPage.connect(server.url, await server.tokenFor(room));
  const answers = await Promise.all([page.request('join', person), page.request('join', person)]);
  expect(answers).toMatchObject([{ ok: true }, { ok: true }]);
  expect(server.rooms.peers).toBe(1);
  await page.close();
  await expect.poll(() => server.rooms.peers).toBe(0);
});

test('who replaces the transport they speak over is shown without a microphone', async () => {
  const page = await AttackPage.connect(server.url, await server.tokenFor(room));
  await page.request('join', person);
  const made = await page.request('createWebRtcTransport', { direction: 'send' });
  const transportId = made?.ok === true ? made.data['id'] : undefined;
  const track = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters };
  expect(await page.request('produce', { ...track, transportId })).toMatchObject({ ok: true });
  const before = page.heard.get('peerUpdated') ?? 0;
  await page.request('createWebRtcTransport', { direction: 'send' });
  expect(page.heard.get('peerUpdated')).toBe(before + 1);
  expect(await page.request('join', person)).toMatchObject({
    data: { peers: [{ microphone: 'none' }] },
  });
  await page.close();
});
