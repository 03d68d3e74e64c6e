import { describe, expect, test } from 'vitest';
import { HearChoice, ProducerId } from '../../../../server/protocol/ids.ts';
import { publish, RoomStage, settled } from '../../../support/room-stage.ts';
import { opusParameters } from '../../../support/fake-sfu.ts';

describe('people in a room', () => {
  test('a newcomer learns who is here, and the others learn of them', () => {
    const stage = new RoomStage();
    const ann = stage.join({ name: 'Ann' });
    const luz = stage.join({ name: 'Luz', speak: 'es', hear: 'es' });
    expect(luz.result.peers).toMatchObject([
      { displayName: 'Ann', colour: 0, microphone: 'none' },
      { displayName: 'Luz', colour: 1, speak: 'es', hear: 'es' },
    ]);
    expect(ann.outbox.all('newPeer')).toMatchObject([{ displayName: 'Luz', peerId: luz.id }]);
    luz.participation.leave();
    expect(ann.outbox.all('peerClosed')).toEqual([{ peerId: luz.id }]);
  });

  test('a full room takes nobody until somebody leaves', () => {
    const stage = new RoomStage({ maxPeers: 1 });
    const ann = stage.join();
    expect(() => stage.join()).toThrow(expect.objectContaining({ code: 'roomFull' }));
    ann.participation.leave();
    expect(stage.join().result.peers).toHaveLength(1);
  });

  test('the colour of someone who left is given again', () => {
    const stage = new RoomStage();
    const ann = stage.join();
    stage.join();
    ann.participation.leave();
    expect(stage.join().result.peers.map(({ colour }) => colour)).toEqual([1, 0]);
  });

  test('when the last has left, nothing is open any more', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.speaker({ speak: 'es', hear: 'es' });
    expect(stage.sfu.openObjects).toBeGreaterThan(8);
    ann.participation.leave();
    luz.participation.leave();
    await settled();
    expect(stage.sfu.openObjects).toBe(0);
    expect(stage.media.speakers.size).toBe(0);
    expect(stage.media.listeners).toBe(0);
    expect(stage.emptied).toBe(1);
  });
});

describe('tracks', () => {
  test('each hears the other, and the translation where the languages differ', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.speaker({ speak: 'es', hear: 'es' });
    const eve = await stage.listener({ hear: 'en' });
    expect(luz.outbox.hears).toEqual([ann.id, `${ann.id}>es`].sort());
    expect(ann.outbox.hears).toEqual([luz.id]);
    expect(eve.outbox.hears).toEqual([ann.id, luz.id].sort());
  });

  test('a consumer stays paused until the browser is ready for it', async () => {
    const stage = new RoomStage();
    const luz = await stage.listener();
    const ready = Promise.withResolvers<undefined>();
    luz.outbox.gate = ready.promise;
    await stage.speaker();
    const [consumerId] = luz.outbox.tracks.keys();
    expect(stage.sfu.isPaused(String(consumerId))).toBe(true);
    ready.resolve(undefined);
    await settled();
    expect(stage.sfu.isPaused(String(consumerId))).toBe(false);
  });

  test('a consumer that the listener paused is not resumed when the browser gets ready', async () => {
    const stage = new RoomStage();
    const luz = await stage.listener();
    const ready = Promise.withResolvers<undefined>();
    luz.outbox.gate = ready.promise;
    await stage.speaker();
    const [track] = luz.outbox.tracks.values();
    if (!track) throw new Error('no track');
    await luz.participation.setConsumerPaused(track.consumerId, true);
    ready.resolve(undefined);
    await settled();
    expect(stage.sfu.isPaused(track.consumerId)).toBe(true);
    await luz.participation.setConsumerPaused(track.consumerId, false);
    expect(stage.sfu.isPaused(track.consumerId)).toBe(false);
  });

  test('changing "I hear" in the call changes what is sent', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    luz.participation.setLanguages({ hear: luz.result.peers[0]?.speak });
    await settled();
    expect(luz.outbox.hears).toEqual([ann.id]);
    expect(stage.sfu.count('injector')).toBe(0);
    expect(stage.media.speaker.targets).toEqual([]);
  });

  test('a second microphone replaces the first', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    await publish(ann);
    expect(stage.sfu.count('producer')).toBe(1);
  });

  test('mute is the server’s truth and reaches everyone and the media process', async () => {
    const stage = new RoomStage();
    const ann = await stage.listener();
    const producerId = await publish(ann);
    const luz = await stage.listener();
    await ann.participation.setProducerPaused(producerId, true);
    await settled();
    for (const guest of [ann, luz]) {
      expect(guest.outbox.last('peerUpdated')).toMatchObject({ microphone: 'muted' });
    }
    expect(luz.outbox.all('consumerPaused')).toHaveLength(1);
    expect(stage.media.speaker.muted).toBe(true);
    await ann.participation.setProducerPaused(producerId, false);
    await settled();
    expect(luz.outbox.all('consumerResumed')).toHaveLength(1);
    expect(stage.media.speaker.muted).toBe(false);
  });

  test('levels are told by person, and tracks of nobody here are left out', async () => {
    const stage = new RoomStage();
    const ann = await stage.listener();
    const producerId = await publish(ann);
    const stranger = ProducerId.parse('stranger');
    stage.sfu.hear([
      { producerId, level: 0.5 },
      { producerId: stranger, level: 0.9 },
    ]);
    expect(ann.outbox.last('activeSpeakers')).toEqual([{ peerId: ann.id, level: 0.5 }]);
  });

  test('ids of other people’s objects are not found', async () => {
    const stage = new RoomStage();
    const ann = await stage.listener();
    const producerId = await publish(ann);
    const luz = await stage.listener();
    const [consumerId] = luz.outbox.tracks.values().map((track) => track.consumerId);
    if (!consumerId) throw new Error('no track');
    const notFound = { code: 'notFound' };
    expect(() => {
      luz.participation.closeProducer(producerId);
    }).toThrow(expect.objectContaining(notFound));
    await expect(luz.participation.setProducerPaused(producerId, true)).rejects.toMatchObject(
      notFound,
    );
    await expect(ann.participation.setConsumerPaused(consumerId, true)).rejects.toMatchObject(
      notFound,
    );
  });
});

describe('recovery', () => {
  test('a browser that ended its transport is seen without a microphone', async () => {
    const stage = new RoomStage();
    const ann = stage.join();
    const { id: transportId } = await ann.participation.createTransport('send');
    await ann.participation.produce({
      transportId,
      kind: 'audio',
      source: 'microphone',
      rtpParameters: opusParameters,
    });
    stage.sfu.closeByBrowser(transportId);
    expect(ann.outbox.last('peerUpdated')).toMatchObject({ microphone: 'none' });
  });

  test('after its router died everyone rebuilds and hears as before', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    stage.sfu.loseRouters();
    await settled();
    for (const guest of [ann, luz]) expect(guest.outbox.all('mediaReset')).toHaveLength(1);
    expect(stage.media.speakers.size).toBe(0);
    await ann.participation.createTransport('recv');
    await luz.participation.createTransport('recv');
    await publish(ann);
    expect(luz.outbox.hears).toEqual([ann.id, `${ann.id}>es`].sort());
    expect(stage.sfu.count('router')).toBe(1);
  });

  test('a media process that comes back hears every speaker again', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    const before = stage.media.speaker.key;
    stage.media.die();
    stage.room.mediaChanged(stage.media);
    await settled();
    expect(luz.outbox.hears).toEqual([ann.id]);
    expect(luz.outbox.last('translation:state')).toMatchObject({ state: 'unavailable' });
    stage.media.start({ rtpPort: 6_000, voicePort: 6_001 });
    stage.room.mediaChanged(stage.media);
    await settled();
    expect(stage.media.speaker.key).not.toBe(before);
    expect(luz.outbox.hears).toEqual([ann.id, `${ann.id}>es`].sort());
    expect(luz.outbox.last('translation:state')).toMatchObject({ state: 'idle' });
    expect(stage.sfu.count('link')).toBe(1);
  });

  test('a speaker the media process does not take is heard as they are, and translated later', async () => {
    const stage = new RoomStage();
    stage.media.maxStreams = 1;
    const ann = await stage.speaker();
    const bob = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    expect(luz.outbox.hears).toEqual([ann.id, `${ann.id}>es`, bob.id].sort());
    expect(stage.sfu.count('tap')).toBe(1);
    ann.participation.leave();
    await settled();
    bob.participation.setLanguages({ hear: HearChoice.parse('en') });
    await settled();
    expect(luz.outbox.hears).toEqual([bob.id, `${bob.id}>es`].sort());
  });

  test('closing tells everyone why and leaves nothing open', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    await stage.speaker({ speak: 'es', hear: 'es' });
    stage.room.close();
    await settled();
    expect(ann.outbox.last('closing')).toEqual({ reason: 'serverStopping' });
    expect(stage.sfu.openObjects).toBe(0);
  });
});

describe('how a call fares', () => {
  test('each person’s figures carry their name in the room, and no key of the media process', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    await stage.listener({ hear: 'es' });
    const { ssrc, key } = stage.media.speaker;
    const stats = await ann.participation.stats();
    expect(stats).toEqual({
      stages: [{ stage: 'rtp', in: 3, out: 2, dropped: { late: 1 }, slowestMs: 0.5 }],
      speakers: [
        {
          ...{ peerId: ann.id, packets: ssrc, lost: 3, recovered: 2 },
          ...{ concealedMs: 20, waitingMs: 0 },
          languages: [{ language: 'es', lagMs: 900, waitingMs: 0, tempo: 1 }],
        },
      ],
    });
    expect(JSON.stringify(stats)).not.toContain(key);
  });

  test('it cannot be told while the media process is down', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    stage.media.die();
    await expect(ann.participation.stats()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
