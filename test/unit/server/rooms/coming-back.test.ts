import { beforeEach, describe, expect, test, vi } from 'vitest';
import { publish, RoomStage, settled } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

let stage: RoomStage;
let ann: Guest;
let luz: Guest;

beforeEach(async () => {
  stage = new RoomStage({ graceMs: 40 });
  ann = await stage.speaker({ name: 'Ann' });
  luz = await stage.listener({ name: 'Luz', hear: 'es' });
});

const utterance = (text: string) => ({ text, final: true });

describe('someone whose connection is lost', () => {
  test('keeps their place and their media, and is shown as reconnecting', async () => {
    const tracks = luz.outbox.hears;
    ann.participation.lost(0);
    await settled();
    expect(luz.outbox.last('peerUpdated')).toMatchObject({
      peerId: ann.id,
      connection: 'reconnecting',
    });
    expect(stage.room.size).toBe(2);
    expect(luz.outbox.hears).toEqual(tracks);
    expect(luz.outbox.all('peerClosed')).toEqual([]);
  });

  test('is gone when they do not come back in time', async () => {
    ann.participation.lost(0);
    await vi.waitFor(() => {
      expect(luz.outbox.last('peerClosed')).toEqual({ peerId: ann.id });
    });
    expect(stage.room.size).toBe(1);
    luz.participation.leave();
    await settled();
    expect(stage.sfu.openObjects).toBe(0);
  });

  test('comes back as the same person to the media they had', async () => {
    ann.participation.lost(0);
    const back = stage.join({ as: ann.id, name: 'Ann' });
    expect(back.id).toBe(ann.id);
    expect(back.result.media.transports).toHaveLength(2);
    expect(back.result.media.producers).toHaveLength(1);
    expect(luz.outbox.last('peerUpdated')).toMatchObject({ peerId: ann.id, connection: 'here' });
    // Whoever is lost now is given up later than Ann would have been.
    luz.participation.lost(0);
    await vi.waitFor(() => {
      expect(back.outbox.last('peerClosed')).toEqual({ peerId: luz.id });
    });
    expect(stage.room.size).toBe(1);
    expect(luz.outbox.all('newPeer')).toEqual([]);
  });

  test('brings along what they changed meanwhile', () => {
    ann.participation.lost(0);
    stage.join({ as: ann.id, name: 'Ann B.', speak: 'de' });
    expect(luz.outbox.last('peerUpdated')).toMatchObject({ displayName: 'Ann B.', speak: 'de' });
  });

  test('who comes after their place was given up is in as the same person, with nothing left', async () => {
    ann.participation.lost(0);
    await vi.waitFor(() => {
      expect(stage.room.size).toBe(1);
    });
    const back = stage.join({ as: ann.id, name: 'Ann' });
    expect(back.id).toBe(ann.id);
    expect(back.result.media).toEqual({ transports: [], producers: [], consumers: [] });
    expect(luz.outbox.last('newPeer')).toMatchObject({ peerId: ann.id });
  });

  test('a place that is kept counts as taken', () => {
    const small = new RoomStage({ maxPeers: 1 });
    const first = small.join();
    first.participation.lost(0);
    expect(() => small.join()).toThrow(expect.objectContaining({ code: 'roomFull' }));
    expect(small.join({ as: first.id }).id).toBe(first.id);
  });
});

describe('a second socket of the same person', () => {
  test('takes the place of the first, whose end then changes nothing', async () => {
    const again = stage.join({ as: luz.id, name: 'Luz', hear: 'es' });
    expect(luz.outbox.closed).toBe(true);
    luz.participation.lost(0);
    await settled();
    expect(ann.outbox.last('peerUpdated')).toMatchObject({ connection: 'here' });
    stage.media.say(stage.media.speaker, utterance('hello'));
    expect(again.outbox.all('caption')).toHaveLength(1);
    expect(luz.outbox.all('caption')).toEqual([]);
  });
});

describe('what was missed', () => {
  test('a track that began meanwhile is offered on coming back, and only that', async () => {
    const held = [...luz.outbox.tracks.keys()];
    luz.participation.lost(0);
    const bob = await stage.speaker({ name: 'Bob' });
    await settled();
    const back = stage.join({ as: luz.id, name: 'Luz', hear: 'es' });
    await settled();
    expect(back.outbox.hears).toEqual([bob.id, `${bob.id}>es`].sort());
    expect(back.result.media.consumers).toEqual(expect.arrayContaining(held));
    const consumers = [...back.outbox.tracks.keys()];
    expect(consumers.map((id) => stage.sfu.isPaused(id))).toEqual([false, false]);
  });

  test('a track that ended meanwhile is not among those that are held', async () => {
    luz.participation.lost(0);
    ann.participation.leave();
    await settled();
    const back = stage.join({ as: luz.id, name: 'Luz', hear: 'es' });
    expect(back.result.media.consumers).toEqual([]);
    expect(back.result.peers.map(({ peerId }) => peerId)).toEqual([luz.id]);
  });

  test('captions come once and in order: those that changed, and those still open', () => {
    const { speaker } = stage.media;
    stage.media.say(speaker, { utterance: 1, text: 'one', final: true });
    stage.media.say(speaker, { utterance: 2, text: 'tw', final: false });
    const known = luz.outbox.log.filter(({ event }) => event === 'caption').length;
    luz.participation.lost(0);
    stage.media.say(speaker, { utterance: 2, text: 'two', final: true });
    stage.media.say(speaker, { utterance: 3, text: 'thr', final: false });
    const back = stage.join({ as: luz.id, name: 'Luz', hear: 'es', captionsAfter: known });
    expect(back.result.captions).toMatchObject([
      { sequence: 1, final: true },
      { sequence: 2, final: false },
    ]);
    expect(luz.outbox.all('caption')).toHaveLength(known);
  });

  test('media that was rebuilt meanwhile has another generation, and nothing of it is held', async () => {
    const before = luz.result.generation;
    luz.participation.lost(0);
    stage.sfu.loseRouters();
    await settled();
    const back = stage.join({ as: luz.id, name: 'Luz', hear: 'es' });
    expect(back.result.generation).toBeGreaterThan(before);
    expect(back.result.media).toEqual({ transports: [], producers: [], consumers: [] });
  });
});

test('every event carries the generation of the media it is about', async () => {
  const { generation } = luz.result;
  stage.sfu.loseRouters();
  await settled();
  expect(luz.outbox.log.findLast(({ event }) => event === 'mediaReset')?.stamp).toEqual({
    generation: generation + 1,
  });
  expect(luz.outbox.log.every(({ stamp }) => stamp.generation >= generation)).toBe(true);
});

test('a repeated produce gives the first answer', async () => {
  const bob = await stage.listener({ name: 'Bob' });
  const first = await publish(bob);
  const [transportId] = stage.join({ as: bob.id }).result.media.transports.slice(-1);
  if (transportId === undefined) throw new Error('nothing is held');
  const { participation } = bob;
  const request = { transportId, kind: 'audio' as const, source: 'microphone' as const };
  const { opusParameters } = await import('../../../support/fake-sfu.ts');
  const again = await participation.produce({
    ...request,
    rtpParameters: structuredClone(opusParameters),
  });
  expect(again).toBe(first);
  const changed = { ...opusParameters, encodings: [{ ssrc: 9_999 }] };
  expect(await participation.produce({ ...request, rtpParameters: changed })).not.toBe(first);
  expect(stage.sfu.count('producer')).toBe(2);
});
