import { nanoid } from 'nanoid';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { HearChoice, PeerId, RoomId } from '../../../../server/protocol/ids.ts';
import type { Role } from '../../../../server/protocol/ids.ts';
import { MediaPlaces } from '../../../../server/rooms/media-places.ts';
import { RoomRegistry } from '../../../../server/rooms/room-registry.ts';
import type { Room } from '../../../../server/rooms/room.ts';
import { FakeOutbox } from '../../../support/fake-outbox.ts';
import { FakeSfu, opusCapabilities } from '../../../support/fake-sfu.ts';
import { FakeSpeechMedia } from '../../../support/fake-speech-media.ts';
import { englishEngine, publish, settled, silent, tag } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

let a: FakeSpeechMedia;
let b: FakeSpeechMedia;
let rooms: RoomRegistry;
let sfu: FakeSfu;

beforeEach(() => {
  a = new FakeSpeechMedia(englishEngine);
  b = new FakeSpeechMedia(englishEngine);
  b.ports = { rtpPort: 7_000, voicePort: 7_001 };
  sfu = new FakeSfu();
  rooms = new RoomRegistry({
    sfu,
    places: new MediaPlaces([a, b], 3),
    limits: {
      ...{ maxRooms: 10, maxPeers: 10, maxPeersInAll: 10 },
      ...{
        emptyTimeoutMs: 60_000,
        captionReplay: 10,
        captionsKept: 500,
        graceMs: 1_000,
        maxTracksPerPeer: 64,
      },
      ...{ maxWaiting: 3, waitMs: 60_000 },
    },
    iceServers: () => [],
    log: silent,
  });
});

function join(room: Room, hear = 'original', role: Role = 'guest'): Guest {
  const outbox = new FakeOutbox();
  const joined = room.join(
    { peerId: PeerId.parse(nanoid()), role, returning: false },
    {
      ...{ displayName: 'Ann', speak: tag('en'), hear: HearChoice.parse(hear) },
      ...{ hearOwn: false, keepWords: false, rtpCapabilities: opusCapabilities },
    },
    outbox,
  );
  return { ...joined, outbox, id: joined.result.peerId };
}

/** Someone who speaks English and someone who hears Spanish, in a room of their own. */
async function call() {
  const room = rooms.create();
  const [ann, luz] = [join(room), join(room, 'es')];
  await luz.participation.createTransport('recv');
  await publish(ann);
  return { room, ann, luz, both: [ann.id, `${ann.id}>es`].sort() };
}

test('the death of a media process is felt in its rooms and in no other', async () => {
  const [first, second] = [await call(), await call()];
  expect([a.speakers.size, b.speakers.size]).toEqual([1, 1]);
  const tracks = [...second.luz.outbox.tracks];
  const told = second.luz.outbox.all('translation:engine').length;
  a.die();
  a.engine = { ...englishEngine, state: 'starting' };
  rooms.mediaChanged(a);
  rooms.engineChanged(a);
  await settled();
  expect(first.luz.outbox.hears).toEqual([first.ann.id]);
  expect(first.luz.outbox.last('translation:engine')).toMatchObject({ state: 'starting' });
  expect(second.luz.outbox.hears).toEqual(second.both);
  expect([...second.luz.outbox.tracks]).toEqual(tracks);
  expect(second.luz.outbox.all('translation:engine')).toHaveLength(told);
  expect(second.luz.outbox.last('translation:state')).toMatchObject({ state: 'idle' });

  a.start({ rtpPort: 8_000, voicePort: 8_001 });
  a.engine = englishEngine;
  rooms.mediaChanged(a);
  rooms.engineChanged(a);
  await settled();
  expect(first.luz.outbox.hears).toEqual(first.both);
  expect(a.speaker.targets[0]?.voice?.port).toBe(8_001);
});

test('who joins learns of the engine of their own process', () => {
  a.engine = { ...englishEngine, state: 'starting' };
  const [one, two] = [rooms.create(), rooms.create()];
  expect(join(one).result.engine.state).toBe('ready');
  join(one);
  join(one);
  expect(join(two).result.engine.state).toBe('starting');
});

test('a meeting on a full process takes nobody until someone leaves, and a new one goes elsewhere', async () => {
  const { room, luz } = await call();
  join(room);
  expect(() => join(room)).toThrow(expect.objectContaining({ code: 'mediaFull' }));
  expect(room.size).toBe(3);
  join(rooms.create());
  luz.participation.leave();
  luz.participation.leave();
  expect(join(room).result.peers).toHaveLength(3);
});

test('a room that moves to another process while empty leaves nothing behind on the first', async () => {
  const { room, ann, luz } = await call();
  ann.participation.leave();
  luz.participation.leave();
  join(rooms.create());
  const again = join(room, 'es');
  await again.participation.createTransport('recv');
  const bob = join(room);
  await publish(bob);
  await settled();
  expect(a.speakers.size).toBe(0);
  expect(a.listeners).toBe(0);
  expect(b.speakers.size).toBe(1);
  expect(again.outbox.hears).toEqual([bob.id, `${bob.id}>es`].sort());
});

test('closing gives every place back', async () => {
  const places = new MediaPlaces([a], 3);
  const limits = {
    maxRooms: 1,
    maxPeers: 9,
    maxPeersInAll: 9,
    emptyTimeoutMs: 9,
    captionReplay: 0,
    captionsKept: 500,
    ...{ graceMs: 9, maxWaiting: 3, waitMs: 9 },
    maxTracksPerPeer: 64,
  };
  const iceServers = () => [];
  rooms = new RoomRegistry({ sfu: new FakeSfu(), places, limits, iceServers, log: silent });
  await call();
  expect(places.people).toEqual([2]);
  rooms.close();
  expect(places.people).toEqual([0]);
});

test('a server that drains makes no meetings, tells those that run, and waits for the last to end', async () => {
  const { room, ann, luz } = await call();
  let over = false;
  const drained = rooms.drain(1_234).then(() => (over = true));
  expect(ann.outbox.last('draining')).toEqual({ endsAt: 1_234 });
  expect(() => rooms.create()).toThrow(expect.objectContaining({ code: 'stopping' }));
  expect(() => rooms.revive(RoomId.parse('z'.repeat(22)))).toThrow(
    expect.objectContaining({ code: 'stopping' }),
  );
  const late = join(room);
  expect(late.result.endsAt).toBe(1_234);
  for (const { participation } of [ann, luz]) participation.leave();
  await settled();
  expect(over).toBe(false);
  late.participation.leave();
  await drained;
});

test('a server without meetings has nothing to wait for', async () => {
  await rooms.drain(1_234);
  expect(rooms.draining).toBe(true);
});

describe('a meeting that a host has ended', () => {
  test('refuses guests until a host opens it again, with nothing left of before', () => {
    const room = rooms.create();
    const host = join(room, 'original', 'host');
    const luz = join(room);
    host.participation.hosting.remove(luz.result.peerId);
    host.participation.hosting.end();

    const after = rooms.find(room.id);
    expect(after).not.toBe(room);
    expect(rooms.peers).toBe(0);
    expect(() => after && join(after)).toThrow(expect.objectContaining({ code: 'roomEnded' }));
    const again = after && join(after, 'original', 'host');
    expect(again?.result.peers).toHaveLength(1);
    expect(after && join(after).result.peers).toHaveLength(2);
  });

  test('is followed by one whose news no page takes for old', () => {
    const room = rooms.create();
    const host = join(room, 'original', 'host');
    host.participation.hosting.end();
    const after = rooms.revive(room.id);
    expect(join(after, 'original', 'host').result.generation).toBeGreaterThan(
      host.result.generation,
    );
  });

  test('counts as left where the server waits for the last one to leave', async () => {
    const host = join(rooms.create(), 'original', 'host');
    const drained = rooms.drain(Date.now() + 60_000);
    host.participation.hosting.end();
    await drained;
    expect(rooms.peers).toBe(0);
  });
});

describe('a meeting that comes from another node', () => {
  const ann = PeerId.parse('ann');
  const past = {
    lines: [1, 2].map((sequence) => ({
      ...{ sequence, revision: Date.now() + 60_000 + sequence },
      speaker: { peerId: ann, displayName: 'Ann', colour: 0 },
      caption: {
        ...({ type: 'caption', speaker: 'there', utterance: sequence, source: 'en' } as const),
        transcript: { committed: `line ${sequence}`, tentative: '' },
        ...{ translations: [], final: true, startedAt: sequence },
      },
    })),
    readers: [],
    messages: [
      {
        author: { peerId: ann, displayName: 'Ann', colour: 0 },
        ...{ sequence: 3, consents: true, source: tag('en'), text: 'hello', sentAt: 1 },
      },
    ],
    decisions: {
      policy: {
        ...{ locked: true, lobby: false, consentNotice: true },
        languages: { allowed: null, most: null },
      },
      ...{ ended: false, removed: [], roles: [] },
    },
  };
  const id = RoomId.parse('m'.repeat(22));

  test('is as it was there', () => {
    const room = rooms.revive(id, past);
    expect(() => join(room)).toThrow(expect.objectContaining({ code: 'roomLocked' }));
    const { result } = join(room, 'original', 'host');
    expect(result.captions.map(({ committed }) => committed)).toEqual(['line 1', 'line 2']);
    expect(result.chat).toMatchObject([{ sequence: 3, text: 'hello', displayName: 'Ann' }]);
    expect(result.policy).toEqual(past.decisions.policy);
    expect(result.generation).toBeGreaterThan(past.lines[1]?.revision ?? Infinity);
  });

  test('and goes to the next one: everyone is told, and the place here is free', () => {
    const room = rooms.revive(id, past);
    const host = join(room, 'original', 'host');
    expect(rooms.peers).toBe(1);
    rooms.move(id, 0);
    expect(host.outbox.all('closing')).toEqual([{ reason: 'moved' }]);
    expect([rooms.peers, rooms.size]).toEqual([0, 0]);
    expect(() => join(room)).toThrow(expect.objectContaining({ code: 'roomNotFound' }));
  });

  test('while its sound goes on here for those who change over', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const room = rooms.revive(id);
      const [speaker, listener] = [join(room), join(room, 'es')];
      await listener.participation.createTransport('recv');
      await publish(speaker);
      await settled();
      const open = () => sfu.openObjects;
      const before = open();
      expect(before).toBeGreaterThan(0);
      rooms.move(id, 5_000);
      expect([rooms.peers, open()]).toEqual([0, before]);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(open()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
