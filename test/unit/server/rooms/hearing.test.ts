import { describe, expect, test } from 'vitest';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { RoomStage, settled } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

const idOf = ({ id }: Guest) => PeerId.parse(id);

async function asThey(listener: Guest, ...speakers: readonly Guest[]): Promise<void> {
  listener.participation.setOriginals(speakers.map(idOf));
  await settled();
}

describe('always the original', () => {
  test('ends the translated track of that person alone, and brings it back', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const bob = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    await asThey(luz, ann);
    expect(luz.outbox.hears).toEqual([ann.id, bob.id, `${bob.id}>es`].sort());
    await asThey(luz);
    expect(luz.outbox.hears).toEqual([ann.id, `${ann.id}>es`, bob.id, `${bob.id}>es`].sort());
  });

  test('has nothing translated for nobody', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    await asThey(luz, ann);
    expect(stage.media.speaker.targets).toEqual([]);
    expect(stage.sfu.count('injector')).toBe(0);
  });

  test('is read as it is heard', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    const pia = await stage.listener({ hear: 'es' });
    await asThey(luz, ann);
    stage.media.say(stage.media.speaker, { text: 'hello' });
    expect(luz.outbox.last('caption')).toMatchObject({ language: 'en', committed: 'hello' });
    expect(pia.outbox.last('caption')).toMatchObject({ language: 'es', committed: 'hello (es)' });
  });

  test('is told neither as interpreting nor as impossible', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    const pia = await stage.listener({ hear: 'es' });
    await asThey(luz, ann);
    const before = luz.outbox.all('translation:state').length;
    stage.media.progress(stage.media.speaker, { language: 'es', state: 'interpreting' });
    expect(luz.outbox.all('translation:state')).toHaveLength(before);
    expect(pia.outbox.last('translation:state')).toMatchObject({ state: 'interpreting' });
  });

  test('survives coming back, and someone who has left is no harm', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es', as: 'luz' });
    await asThey(luz, ann);
    const back = stage.join({ hear: 'es', as: 'luz' });
    await settled();
    expect(back.outbox.hears).not.toContain(`${ann.id}>es`);
    ann.participation.leave();
    const bob = await stage.speaker();
    expect(back.result.peers).toHaveLength(2);
    expect(luz.outbox.hears.concat(back.outbox.hears)).toContain(`${bob.id}>es`);
  });
});

describe('a speaker', () => {
  test('is told who gets their words translated, and how far along each is', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    await stage.listener({ hear: 'en' });
    const listeners = [{ peerId: luz.id, language: 'es', state: 'idle' }];
    expect(ann.outbox.last('translation:audience')).toEqual({ listeners });
    const speaker = stage.media.speaker;
    stage.media.progress(speaker, { language: 'es', state: 'speaking', lagMs: 1_800 });
    expect(ann.outbox.last('translation:audience')).toEqual({
      listeners: [{ peerId: luz.id, language: 'es', state: 'speaking', lagMs: 1_800 }],
    });
    expect(luz.outbox.all('translation:audience')).toEqual([]);
  });

  test('is told nothing twice', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    await stage.listener({ hear: 'es' });
    const before = ann.outbox.all('translation:audience').length;
    stage.media.progress(stage.media.speaker, { language: 'es', state: 'idle' });
    expect(ann.outbox.all('translation:audience')).toHaveLength(before);
  });

  test('no longer counts whoever leaves, or wants the original', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    const pia = await stage.listener({ hear: 'es' });
    await asThey(luz, ann);
    expect(ann.outbox.last('translation:audience')).toMatchObject({
      listeners: [{ peerId: pia.id }],
    });
    pia.participation.leave();
    expect(ann.outbox.last('translation:audience')).toEqual({ listeners: [] });
  });

  test('who comes back is told in the answer to joining', async () => {
    const stage = new RoomStage();
    await stage.speaker({ as: 'ann' });
    const luz = await stage.listener({ hear: 'es' });
    expect(stage.join({ as: 'ann' }).result.audience).toMatchObject([{ peerId: luz.id }]);
  });

  test('can have what is too quiet taken for silence', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    await stage.listener({ hear: 'es' });
    expect(stage.media.speaker.gateDb).toBeNull();
    ann.participation.setGate(-35);
    await settled();
    expect(stage.media.speaker.gateDb).toBe(-35);
    stage.media.die();
    stage.room.mediaChanged(stage.media);
    stage.media.start({ rtpPort: 6_000, voicePort: 6_001 });
    stage.room.mediaChanged(stage.media);
    await settled();
    expect(stage.media.speaker.gateDb).toBe(-35);
    ann.participation.setGate(null);
    await settled();
    expect(stage.media.speaker.gateDb).toBeNull();
  });
});

describe('a connection', () => {
  test('that loses what a person sends is seen by everyone, until it is good again', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener();
    const [microphone = ''] = ann.participation.welcome().media.producers;
    stage.sfu.score(microphone, 6);
    expect(luz.outbox.last('peerUpdated')).toMatchObject({ peerId: ann.id, network: 'weak' });
    stage.sfu.score(microphone, 2);
    expect(ann.outbox.last('peerUpdated')).toMatchObject({ peerId: ann.id, network: 'poor' });
    stage.sfu.score(microphone, 9);
    expect(luz.outbox.last('peerUpdated')).not.toHaveProperty('network');
  });

  test('that loses what a person receives is theirs, not the speaker’s', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener();
    const [heard = ''] = luz.participation.welcome().media.consumers;
    stage.sfu.score(heard, 3);
    expect(ann.outbox.last('peerUpdated')).toMatchObject({ peerId: luz.id, network: 'poor' });
  });

  test('is not judged by a microphone that is muted or gone', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener();
    const [microphone] = ann.participation.welcome().media.producers;
    if (microphone === undefined) throw new Error('no microphone');
    stage.sfu.score(microphone, 1);
    await ann.participation.setProducerPaused(microphone, true);
    expect(luz.outbox.last('peerUpdated')).not.toHaveProperty('network');
    stage.sfu.score(microphone, 0);
    expect(luz.outbox.last('peerUpdated')).not.toHaveProperty('network');
  });

  test('is told once for each step, not for each report', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener();
    const [microphone = ''] = ann.participation.welcome().media.producers;
    const before = luz.outbox.all('peerUpdated').length;
    for (const score of [10, 9, 8, 7, 6, 5, 4, 3]) stage.sfu.score(microphone, score);
    expect(luz.outbox.all('peerUpdated')).toHaveLength(before + 2);
  });
});
