import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RoomCreated } from '../../../../server/protocol/api.ts';
import { AttackPage } from '../../../support/attack-page.ts';
import { startStallingProxy } from '../../../support/attack-proxy.ts';
import type { StallingProxy } from '../../../support/attack-proxy.ts';
import { startAttacked } from '../../../support/attack-server.ts';
import type { Attacked } from '../../../support/attack-server.ts';
import { eventually } from '../../../support/eventually.ts';
import { opusCapabilities, opusParameters } from '../../../support/fake-sfu.ts';

/** Far more than what both ends' kernels and the bound of a page can hold, in captions of 20 kB. */
const PLENTY = 3_000;
const LONG = 'x'.repeat(20_000);

let server: Attacked;
let proxy: StallingProxy;
let room: RoomCreated;
let ann: AttackPage;
let slow: AttackPage;

beforeEach(async () => {
  server = await startAttacked();
  proxy = await startStallingProxy(server.port);
  room = server.door.create();
  ann = await enter(server.url);
  slow = await enter(proxy.url);
});
afterEach(async () => {
  await ann.close();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function enter(url: string): Promise<AttackPage> {
  const page = await AttackPage.connect(url, await server.tokenFor(room));
  const person = { displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false };
  const joined = await page.request('join', { ...person, rtpCapabilities: opusCapabilities });
  expect(joined).toMatchObject({ ok: true });
  return page;
}

async function speak(page: AttackPage): Promise<void> {
  const made = await page.request('createWebRtcTransport', { direction: 'send' });
  const transportId = made?.ok === true ? made.data['id'] : undefined;
  const track = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters };
  expect(await page.request('produce', { transportId, ...track })).toMatchObject({ ok: true });
  await eventually(() => server.media.speakers.size === 1);
}

const captions = (page: AttackPage) => page.heard.get('caption') ?? 0;

/** Says so many long sentences, each when the last has reached Ann, or until it is enough. */
async function talk(lines: number, enough: () => boolean): Promise<number> {
  for (let said = 0; said < lines; said += 1) {
    if (enough()) return said;
    server.media.say(server.media.speaker, { text: LONG });
    await eventually(() => captions(ann) > said);
  }
  return lines;
}

test('a page that does not read is hung up on, once, and nobody else notices', async () => {
  await speak(ann);
  proxy.stall();
  const held = process.memoryUsage().rss;
  const said = await talk(PLENTY, () => server.gateway.slowPages > 0);
  expect(server.gateway.slowPages).toBe(1);
  expect(said).toBeLessThan(PLENTY);
  expect(process.memoryUsage().rss - held).toBeLessThan(300 * 2 ** 20);
  await eventually(() => (ann.heard.get('peerUpdated') ?? 0) >= 2);
  proxy.drain();
  await proxy.ended;
  await setImmediate();
  expect(server.gateway.slowPages).toBe(1);
  expect(ann.open).toBe(true);
  expect(captions(ann)).toBe(said);
  expect(server.mistakes).toEqual([]);
}, 60_000);

test('so is a page that asks and asks and does not read the answers', async () => {
  await speak(ann);
  await talk(20, () => false);
  proxy.stall();
  const answered = async () => {
    for (let i = 0; i < 20; i += 1) void slow.request('join', { ...person, rtpCapabilities });
    await setImmediate();
  };
  const person = { displayName: 'Bo', speak: 'en', hear: 'es', hearOwn: false, keepWords: false };
  const rtpCapabilities = opusCapabilities;
  for (let i = 0; i < 100 && server.gateway.slowPages === 0; i += 1) await answered();
  expect(server.gateway.slowPages).toBe(1);
  proxy.drain();
  await proxy.ended;
}, 60_000);

test('a page that reads is told all, however much it is', async () => {
  await speak(ann);
  await talk(500, () => false);
  await eventually(() => captions(slow) === 500);
  expect(server.gateway.slowPages).toBe(0);
}, 60_000);
