import { beforeEach, describe, expect, test } from 'vitest';
import { ConsumerId, TransportId } from '../../../../server/protocol/ids.ts';
import { opusCapabilities } from '../../../support/fake-sfu.ts';
import { publish, RoomStage, settled } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

let stage: RoomStage;
beforeEach(() => {
  stage = new RoomStage();
});

/** The sending transport someone has already. */
function sending({ participation }: Guest): TransportId {
  return TransportId.parse(participation.welcome().media.transports[1]);
}

function consumerOf({ outbox }: Guest, type: string): ConsumerId {
  const found = [...outbox.tracks.values()].find(({ track }) => track.type === type);
  return ConsumerId.parse(found?.consumerId);
}

const infoOf = ({ participation }: Guest) =>
  participation.welcome().peers.find(({ peerId }) => peerId === participation.peerId);

describe('a camera', () => {
  test('is seen by everyone else, whatever they hear, and told in who is here', async () => {
    const ann = await stage.speaker({ as: 'ann', speak: 'en' });
    const luz = await stage.listener({ as: 'luz', speak: 'es', hear: 'es' });
    await publish(ann, 'camera', sending(ann));
    expect(luz.outbox.hears).toEqual(['ann', 'ann:camera', 'ann>es']);
    expect(ann.outbox.hears).toEqual([]);
    expect(infoOf(ann)).toMatchObject({ camera: true, microphone: 'live' });
    const offer = [...luz.outbox.tracks.values()].find(({ track }) => track.type === 'camera');
    expect(offer).toMatchObject({ kind: 'video', peerId: 'ann' });
  });

  test('is never given to the machine', async () => {
    const ann = await stage.speaker({ as: 'ann', speak: 'en' });
    await stage.listener({ speak: 'es', hear: 'es' });
    expect([stage.sfu.count('tap'), stage.media.speakers.size]).toEqual([1, 1]);
    await publish(ann, 'camera', sending(ann));
    await publish(ann, 'screen', sending(ann));
    expect([stage.sfu.count('tap'), stage.media.speakers.size]).toEqual([1, 1]);
  });

  test('of someone without a microphone is seen, and they stay a listener', async () => {
    const ann = await stage.listener({ as: 'ann' });
    const luz = await stage.listener({ hear: 'es' });
    await publish(ann, 'camera');
    expect(luz.outbox.hears).toEqual(['ann:camera']);
    expect(infoOf(ann)).toMatchObject({ camera: true, microphone: 'none' });
    expect(stage.media.speakers.size).toBe(0);
  });

  test('that is turned off is gone for everyone', async () => {
    const ann = await stage.speaker({ as: 'ann' });
    const bob = await stage.listener();
    const camera = await publish(ann, 'camera', sending(ann));
    ann.participation.closeProducer(camera);
    await settled();
    expect(bob.outbox.hears).toEqual(['ann']);
    expect(infoOf(ann)).not.toHaveProperty('camera');
  });

  test('goes on when a host mutes the person', async () => {
    const host = await stage.speaker({ role: 'host' });
    const ann = await stage.speaker({ as: 'ann' });
    const camera = await publish(ann, 'camera', sending(ann));
    await host.participation.hosting.mute(ann.participation.peerId);
    expect(infoOf(ann)).toMatchObject({ microphone: 'muted', camera: true });
    expect(stage.sfu.isPaused(camera)).toBe(false);
  });

  test('gives way to sound where someone cannot receive everything', async () => {
    stage = new RoomStage({ maxTracksPerPeer: 2 });
    const ann = await stage.speaker({ as: 'ann' });
    await publish(ann, 'camera', sending(ann));
    const bob = await stage.listener();
    expect(bob.outbox.hears).toEqual(['ann', 'ann:camera']);
    await stage.speaker({ as: 'eve' });
    expect(bob.outbox.hears).toEqual(['ann', 'eve']);
  });

  test('is not sent to a page that cannot show pictures', async () => {
    const ann = await stage.speaker({ as: 'ann' });
    const bob = await stage.listener({ rtpCapabilities: opusCapabilities });
    await publish(ann, 'camera', sending(ann));
    expect(bob.outbox.hears).toEqual(['ann']);
  });

  test('that loses packets on purpose does not make a connection look poor', async () => {
    const ann = await stage.speaker({ as: 'ann' });
    const bob = await stage.listener();
    const camera = await publish(ann, 'camera', sending(ann));
    stage.sfu.score(camera, 0);
    stage.sfu.score(consumerOf(bob, 'camera'), 0);
    expect([infoOf(ann)?.network, infoOf(bob)?.network]).toEqual([undefined, undefined]);
  });

  test('comes back after the worker has died, when the page sends it again', async () => {
    const ann = await stage.speaker({ as: 'ann' });
    const bob = await stage.listener();
    await publish(ann, 'camera', sending(ann));
    stage.sfu.loseRouters();
    await settled();
    expect(infoOf(ann)).not.toHaveProperty('camera');
    await bob.participation.createTransport('recv');
    await publish(ann, 'camera');
    expect(bob.outbox.hears).toEqual(['ann:camera']);
  });
});

describe('a listener', () => {
  test('asks for a layer, and holds a picture that is out of sight', async () => {
    const ann = await stage.speaker();
    const bob = await stage.listener();
    await publish(ann, 'camera', sending(ann));
    const camera = consumerOf(bob, 'camera');
    expect(stage.sfu.isPaused(camera)).toBe(false);
    await bob.participation.preferLayer(camera, 0);
    expect(stage.sfu.layerOf(camera)).toBe(0);
    await bob.participation.setConsumerPaused(camera, true);
    expect(stage.sfu.isPaused(camera)).toBe(true);
    await bob.participation.setConsumerPaused(camera, false);
    expect(stage.sfu.isPaused(camera)).toBe(false);
  });
});

describe('a screen', () => {
  test('takes the place of the one that was shared before, and its owner is told', async () => {
    const ann = await stage.speaker({ as: 'ann' });
    const bob = await stage.speaker({ as: 'bob' });
    const eve = await stage.listener();
    await publish(ann, 'screen', sending(ann));
    expect(infoOf(ann)).toMatchObject({ screen: true });
    await publish(bob, 'screen', sending(bob));
    expect(eve.outbox.hears).toEqual(['ann', 'bob', 'bob:screen']);
    expect(ann.outbox.last('screenReplaced')).toEqual({ by: 'bob' });
    expect(infoOf(ann)).not.toHaveProperty('screen');
    expect(bob.outbox.all('screenReplaced')).toEqual([]);
  });

  test('of the same person is replaced without a word', async () => {
    const ann = await stage.speaker({ as: 'ann' });
    const eve = await stage.listener();
    const transport = sending(ann);
    const first = await publish(ann, 'screen', transport);
    const camera = await publish(ann, 'camera', transport);
    ann.participation.closeProducer(first);
    await publish(ann, 'screen', transport);
    expect(eve.outbox.hears).toEqual(['ann', 'ann:camera', 'ann:screen']);
    expect(stage.sfu.isOpen(camera)).toBe(true);
    expect(ann.outbox.all('screenReplaced')).toEqual([]);
  });
});
