import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { demand } from '../../../../server/rooms/demand.ts';
import { englishEngine, publish, RoomStage, settled, tag } from '../../../support/room-stage.ts';

const asked = { consentRequired: true };

describe('where consent is required', () => {
  test('nobody is tapped who has not said yes, and everyone hears them as they are', async () => {
    const stage = new RoomStage(asked);
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    expect(stage.media.speakers.size).toBe(0);
    expect(stage.sfu.count('tap')).toBe(0);
    expect(luz.outbox.hears).toEqual([ann.id]);
    expect(luz.result.states).toEqual([]);
  });

  test('the others see who is not translated', () => {
    const stage = new RoomStage(asked);
    const ann = stage.join({ name: 'Ann', consent: false });
    stage.join({ name: 'Bob', consent: true });
    const luz = stage.join({ name: 'Luz' });
    const seen = luz.result.peers.map(({ displayName, untranslated }) => [
      displayName,
      untranslated === true,
    ]);
    expect(seen).toEqual([
      ['Ann', true],
      ['Bob', false],
      ['Luz', true],
    ]);
    ann.participation.setLanguages({ consent: true });
    expect(luz.outbox.last('peerUpdated')).not.toHaveProperty('untranslated');
  });

  test('yes has them translated at once', async () => {
    const stage = new RoomStage(asked);
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    ann.participation.setLanguages({ consent: true });
    await settled();
    expect(stage.media.speaker.language).toBe('en');
    expect(luz.outbox.hears).toEqual([ann.id, `${ann.id}>es`]);
  });

  test('an answer holds when they come back, and so does none', async () => {
    const stage = new RoomStage(asked);
    await stage.speaker({ as: 'ann', consent: true });
    await stage.speaker({ as: 'bob' });
    await stage.listener({ hear: 'es' });
    stage.join({ as: 'ann' });
    const back = stage.join({ as: 'bob' });
    await settled();
    expect(stage.media.speakers.size).toBe(1);
    expect(back.result.peers.map(({ untranslated }) => untranslated)).toEqual([
      undefined,
      true,
      true,
    ]);
  });
});

describe('anywhere', () => {
  test('who takes their consent back is let go in mid-sentence, and their line ends', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    stage.media.say(stage.media.speaker, { text: 'hello', final: false });
    ann.participation.setLanguages({ consent: false });
    await settled();
    expect(stage.media.speakers.size).toBe(0);
    expect(stage.sfu.count('tap')).toBe(0);
    expect(stage.sfu.count('injector')).toBe(0);
    expect(luz.outbox.hears).toEqual([ann.id]);
    expect(luz.outbox.last('caption')).toMatchObject({ final: true, tentative: '' });
  });

  test('the sound of their tab is theirs as well', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker({ consent: false });
    await publish(ann, 'tab');
    await stage.listener({ hear: 'es' });
    expect(stage.media.speakers.size).toBe(0);
  });

  test('whoever is in the room, only those who agree are worked on', () => {
    const language = fc.constantFrom(tag('en'), tag('es'), tag('de'));
    const person = fc.record({
      peerId: fc.uuid().map((id) => PeerId.parse(id)),
      ...{ speak: language, hear: language, hearOwn: fc.boolean() },
      ...{ untranslated: fc.boolean(), publishes: fc.boolean(), receives: fc.boolean() },
    });
    fc.assert(
      fc.property(fc.array(person, { maxLength: 6 }), (peers) => {
        const { speakers, listeners } = demand(peers, englishEngine);
        const refusing = new Set(
          peers.filter(({ untranslated }) => untranslated).map(({ peerId }) => peerId),
        );
        expect([...speakers.keys()].filter((peerId) => refusing.has(peerId))).toEqual([]);
        const translated = [...listeners.values()].flat().filter((track) => track.translation);
        expect(translated.filter(({ of }) => refusing.has(of))).toEqual([]);
      }),
    );
  });
});

describe('the sound of a tab', () => {
  test('is translated beside the microphone, and the others see that it is shared', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    await publish(ann, 'microphone');
    const producerId = await publish(ann, 'tab');
    expect(luz.outbox.last('peerUpdated')).toMatchObject({ sharesSound: true });
    ann.participation.closeProducer(producerId);
    expect(luz.outbox.last('peerUpdated')).not.toHaveProperty('sharesSound');
  });

  test('is not measured against the microphone’s threshold', async () => {
    const stage = new RoomStage();
    const ann = await stage.listener();
    await publish(ann, 'tab');
    await stage.listener({ hear: 'es' });
    ann.participation.setGate(-30);
    await settled();
    expect(stage.media.speaker.gateDb).toBe(null);
  });
});
