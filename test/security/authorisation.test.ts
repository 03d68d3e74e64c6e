import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoomCreated } from '../../server/protocol/api.ts';
import type { ErrorCode } from '../../server/protocol/errors.ts';
import { requests } from '../../server/protocol/requests.ts';
import type { RequestName } from '../../server/protocol/requests.ts';
import { AttackPage } from '../support/attack-page.ts';
import type { Answer } from '../support/attack-page.ts';
import { requestNames } from '../support/attack-requests.ts';
import { startAttacked } from '../support/attack-server.ts';
import type { Attacked } from '../support/attack-server.ts';
import { eventually } from '../support/eventually.ts';
import { opusCapabilities, opusParameters } from '../support/fake-sfu.ts';

/**
 * Who may do what. One row for every request: what it needs, and how each id in it is tried with
 * somebody else's. A request without a row fails the test, and so does an id without a trial.
 */
interface Ids {
  readonly transportId: string;
  readonly producerId: string;
  readonly consumerId: string;
  readonly peerId: string;
}

interface Row {
  /** What is answered before joining and after leaving. */
  readonly outside: 'granted' | ErrorCode;
  /** A valid request about the things of these ids. */
  readonly about: (ids: Ids) => object;
  /** The fields that name something which belongs to somebody. */
  readonly names: readonly (keyof Ids)[];
  /** Refused to guests, whoever it is about. */
  readonly host?: true;
}

const person = {
  ...{ displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false },
  rtpCapabilities: opusCapabilities,
};
const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
const dtlsParameters = { fingerprints: [{ algorithm: 'sha-256', value: fingerprint }] };
const track = { kind: 'audio', source: 'tab', rtpParameters: opusParameters };

const transportIn = ({ transportId }: Ids) => ({ transportId });
const producerIn = ({ producerId }: Ids) => ({ producerId });
const consumerIn = ({ consumerId }: Ids) => ({ consumerId });
const nothing = () => ({});

/** A request of hosts about what `about` says. */
const ofHosts = (about: Row['about']): Row => ({
  outside: 'notJoined',
  about,
  names: [],
  host: true,
});
const aboutSomeone = ofHosts(({ peerId }) => ({ peerId }));

const rows = {
  getRouterRtpCapabilities: { outside: 'granted', about: nothing, names: [] },
  ping: { outside: 'granted', about: nothing, names: [] },
  probe: { outside: 'granted', about: nothing, names: [] },
  join: { outside: 'granted', about: () => person, names: [] },
  leave: { outside: 'granted', about: nothing, names: [] },
  createWebRtcTransport: {
    ...{ outside: 'notJoined', names: [] },
    about: () => ({ direction: 'recv' }),
  },
  connectWebRtcTransport: {
    ...{ outside: 'notJoined', names: ['transportId'] },
    about: (ids) => ({ ...transportIn(ids), dtlsParameters }),
  },
  restartIce: { outside: 'notJoined', about: transportIn, names: ['transportId'] },
  produce: {
    ...{ outside: 'notJoined', names: ['transportId'] },
    about: (ids) => ({ ...transportIn(ids), ...track }),
  },
  closeProducer: { outside: 'notJoined', about: producerIn, names: ['producerId'] },
  pauseProducer: { outside: 'notJoined', about: producerIn, names: ['producerId'] },
  resumeProducer: { outside: 'notJoined', about: producerIn, names: ['producerId'] },
  pauseConsumer: { outside: 'notJoined', about: consumerIn, names: ['consumerId'] },
  resumeConsumer: { outside: 'notJoined', about: consumerIn, names: ['consumerId'] },
  consumerLayers: {
    ...{ outside: 'notJoined', names: ['consumerId'] },
    about: (ids) => ({ ...consumerIn(ids), spatial: 0 }),
  },
  'translation:setLanguages': { outside: 'notJoined', about: () => ({ hear: 'ca' }), names: [] },
  'translation:setOriginals': {
    ...{ outside: 'notJoined', names: [] },
    about: ({ peerId }) => ({ of: [peerId] }),
  },
  'speech:setGate': { outside: 'notJoined', about: () => ({ gateDb: -40 }), names: [] },
  'call:stats': { outside: 'notJoined', about: nothing, names: [] },
  'captions:languages': { outside: 'notJoined', about: nothing, names: [] },
  'captions:export': { outside: 'notJoined', about: () => ({ language: 'es' }), names: [] },
  'chat:send': { outside: 'notJoined', about: () => ({ text: 'hello' }), names: [] },
  hand: { outside: 'notJoined', about: () => ({ raised: true }), names: [] },
  react: { outside: 'notJoined', about: () => ({ kind: 'wave' }), names: [] },
  'caption:correct': {
    ...{ outside: 'notJoined', names: [] },
    about: () => ({ sequence: 1, text: 'forged' }),
  },
  'host:lock': ofHosts(() => ({ locked: true })),
  'host:lobby': ofHosts(() => ({ on: true })),
  'host:admit': ofHosts(() => ({ peerId: 'all' })),
  'host:refuse': ofHosts(() => ({ peerId: 'all' })),
  'host:mute': aboutSomeone,
  'host:lowerHand': aboutSomeone,
  'host:remove': aboutSomeone,
  'host:handOver': aboutSomeone,
  'host:languages': ofHosts(() => ({ allowed: ['es'], most: 1 })),
  'host:consentNotice': ofHosts(() => ({ on: true })),
  'host:end': ofHosts(nothing),
} satisfies Record<RequestName, Row>;

const table: readonly (readonly [RequestName, Row])[] = requestNames.map((name) => [
  name,
  rows[name],
]);

let server: Attacked;
let room: RoomCreated;
let other: RoomCreated;
let ann: Member;
let luz: Member;
let stranger: Member;

interface Member {
  readonly page: AttackPage;
  readonly ids: Ids;
}

beforeAll(async () => {
  server = await startAttacked();
  [room, other] = [server.door.create(), server.door.create()];
  // One after the other: each publishes, so the next is offered a track.
  const first = await member(room);
  luz = await member(room);
  ann = { ...first, ids: { ...first.ids, consumerId: await consumerOf(first) } };
  const neighbour = await member(other);
  stranger = await member(other);
  await neighbour.page.close();
});
afterAll(async () => {
  expect(server.mistakes).toEqual([]);
  await server[Symbol.asyncDispose]();
});

/** Someone in a meeting with a transport in each direction and a microphone. */
async function member(where: RoomCreated): Promise<Member> {
  const page = await AttackPage.connect(server.url, await server.tokenFor(where));
  const peerId = textIn(await page.request('join', person), 'peerId');
  await page.request('createWebRtcTransport', { direction: 'recv' });
  const transport = await page.request('createWebRtcTransport', { direction: 'send' });
  const transportId = textIn(transport, 'id');
  const microphone = { ...track, transportId, source: 'microphone' };
  const producerId = textIn(await page.request('produce', microphone), 'producerId');
  return { page, ids: { transportId, producerId, peerId, consumerId: 'none yet' } };
}

/** A track this person receives, as the server knows it. */
async function consumerOf({ page }: Member): Promise<string> {
  await eventually(() => page.heard.has('newConsumer'));
  const welcome = await page.request('join', person);
  const media: unknown = welcome?.ok === true ? welcome.data['media'] : undefined;
  const consumers: unknown = Object.entries(media ?? {}).find(
    ([name]) => name === 'consumers',
  )?.[1];
  if (!Array.isArray(consumers) || consumers.length === 0) throw new Error('nothing is received');
  return String(consumers[0]);
}

function textIn(answer: Answer | undefined, field: string): string {
  const value = answer?.ok === true ? answer.data[field] : undefined;
  if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(answer)}`);
  return value;
}

const refused = (code: ErrorCode) => ({ ok: false, error: { code } });
const asStated = ({ outside }: Row) => (outside === 'granted' ? { ok: true } : refused(outside));

describe('every request has a row, and every id in it a trial', () => {
  test('the table is complete', () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(requests).sort());
  });

  test.each(table)('%s names each id it takes', (name, { names, about, host }) => {
    const fields = Object.keys(requests[name].shape).filter(
      (field) => field.endsWith('Id') && !(host && field === 'peerId'),
    );
    expect(fields.sort()).toEqual([...names].sort());
    expect(requests[name].safeParse(about(ann.ids)).success).toBe(true);
  });
});

describe('things of others', () => {
  const trials = table.flatMap(([name, row]) => row.names.map((field) => ({ name, row, field })));

  test.each(trials)('$name: $field of nobody but oneself', async ({ name, row, field }) => {
    const before = stateOf(ann);
    for (const attacker of [luz, stranger]) {
      // Otherwise valid: all ids are the attacker's own but one.
      const ids = { ...attacker.ids, [field]: ann.ids[field] };
      expect(await attacker.page.request(name, row.about(ids))).toMatchObject(refused('notFound'));
    }
    for (const guess of [ann.ids.peerId, room.roomId, '__proto__', 'constructor', '*']) {
      const ids = { ...luz.ids, [field]: guess };
      expect(await luz.page.request(name, row.about(ids))).toMatchObject(refused('notFound'));
    }
    expect(stateOf(ann)).toEqual(before);
  });

  test('what is one’s own is granted, so the refusals above are about whose it is', async () => {
    for (const [name, row] of table) {
      if (row.names.length === 0 || name === 'closeProducer') continue;
      expect([name, await ann.page.request(name, row.about(ann.ids))]).toMatchObject([
        name,
        { ok: true },
      ]);
    }
  });

  test.each(table)('%s takes no field that would say who or where', async (name, row) => {
    for (const field of ['peerId', 'roomId', 'role', 'session', 'token']) {
      if (row.host && field in requests[name].shape) continue;
      const data = { ...row.about(luz.ids), [field]: ann.ids.peerId };
      expect(await luz.page.request(name, data)).toMatchObject(refused('badRequest'));
    }
  });
});

/** What of a person's media others must not touch. */
function stateOf({ ids }: Member): readonly unknown[] {
  return [ids.transportId, ids.producerId, ids.consumerId].map((id) => [
    server.sfu.isOpen(id),
    server.sfu.isPaused(id),
  ]);
}

describe('what only a host may do', () => {
  const ofHost = table.filter(([, { host }]) => host);
  const someone = ofHost.filter(([name]) => rows[name] === aboutSomeone);

  test.each(ofHost)('%s is refused to guests, about themselves too', async (name, row) => {
    const before = stateOf(ann);
    for (const ids of [ann.ids, luz.ids]) {
      expect(await luz.page.request(name, row.about(ids))).toMatchObject(refused('forbidden'));
    }
    expect(stateOf(ann)).toEqual(before);
    expect(server.rooms.find(room.roomId)?.entry('guest')).toBe('open');
  });

  test.each(someone)('%s reaches nobody in another meeting', async (name, row) => {
    const { token } = await server.door.enter(other.roomId, other.hostKey);
    const host = await AttackPage.connect(server.url, token);
    await host.request('join', person);
    expect(await host.request(name, row.about(ann.ids))).toMatchObject(refused('notFound'));
    await host.request('leave', {});
    await host.close();
  });

  test.each(ofHost)(
    '%s is granted to a host, so the refusals are about the role',
    async (name, row) => {
      const own = server.door.create();
      const { token } = await server.door.enter(own.roomId, own.hostKey);
      const host = await AttackPage.connect(server.url, token);
      await host.request('join', person);
      const guest = await member(own);
      const answer = await host.request(name, row.about(guest.ids));
      // Whoever ends the meeting is hung up on too, perhaps before the answer.
      if (name !== 'host:end') expect(answer).toMatchObject({ ok: true });
      else await eventually(() => !guest.page.open);
      await Promise.all([guest.page.close(), host.close()]);
    },
  );
});

describe('outside', () => {
  test.each(table)('%s before joining', async (name, row) => {
    const page = await AttackPage.connect(server.url, await server.tokenFor(room));
    expect(await page.request(name, row.about(ann.ids))).toMatchObject(asStated(row));
    await page.close();
  });

  test.each(table)('%s after leaving', async (name, row) => {
    const gone = await member(room);
    await gone.page.request('leave', {});
    expect(await gone.page.request(name, row.about(gone.ids))).toMatchObject(asStated(row));
    await gone.page.close();
  });
});

describe('captions come from the media process and from nobody else', () => {
  /** Those whose connection ended above are given up first. */
  beforeAll(async () => {
    await eventually(() => server.rooms.peers === 3);
    await ann.page.request('ping', {});
    await ann.page.request('ping', {});
  });

  const serverEvents = ['caption', 'newPeer', 'peerUpdated', 'peerClosed', 'newConsumer'];
  const more = [
    'chat',
    'reaction',
    'mediaReset',
    'closing',
    'draining',
    'translation:state',
    'transcript:state',
  ];
  const ofHosts = ['room:policy', 'lobby:waiting', 'lobby:admitted', 'mutedByHost'];

  test.each([...serverEvents, ...more, ...ofHosts])(
    '%s sent by a page reaches nobody',
    async (event) => {
      const heard = ann.page.heard.get(event);
      const caption = { sequence: 1, revision: 1, committed: 'forged', peerId: ann.ids.peerId };
      expect(await luz.page.request(event, caption)).toMatchObject(refused('badRequest'));
      luz.page.raw(`42${JSON.stringify([event, caption])}`);
      await ann.page.request('call:stats', {});
      expect(ann.page.heard.get(event)).toBe(heard);
    },
  );

  test('no request, however often, makes one', async () => {
    const before = [ann, luz, stranger].map(({ page }) => page.heard.get('caption') ?? 0);
    for (const [name, row] of table) {
      if (name !== 'leave') await luz.page.request(name, row.about(luz.ids));
    }
    await ann.page.request('call:stats', {});
    expect([ann, luz, stranger].map(({ page }) => page.heard.get('caption') ?? 0)).toEqual(before);
    const [speaker] = server.media.speakers.values();
    if (speaker) server.media.say(speaker, { text: 'from the pipeline' });
    await eventually(() => [ann, luz].some(({ page }) => page.heard.has('caption')));
    expect(stranger.page.heard.get('caption')).toBeUndefined();
  });
});
