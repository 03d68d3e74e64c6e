import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { CaptionLog } from '../../../../server/rooms/captions.ts';
import { publish, RoomStage, settled } from '../../../support/room-stage.ts';

describe('captions in a room', () => {
  test('each reads a line in their own language, with the words spoken beside it', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker({ name: 'Ann' });
    const luz = await stage.listener({ hear: 'es' });
    const eve = await stage.listener({ hear: 'original' });
    stage.media.say(stage.media.speaker, { text: 'hello' });
    const common = {
      sequence: 0,
      revision: 1,
      peerId: ann.id,
      displayName: 'Ann',
      colour: 0,
      final: true,
    };
    expect(luz.outbox.last('caption')).toEqual({
      ...common,
      source: 'en',
      language: 'es',
      committed: 'hello (es)',
      tentative: '',
      original: { committed: 'hello', tentative: '' },
      spoken: true,
      startedAt: 1_000,
    });
    for (const reader of [ann, eve]) {
      expect(reader.outbox.last('caption')).toMatchObject({
        ...common,
        language: 'en',
        committed: 'hello',
        spoken: false,
      });
      expect(reader.outbox.last('caption')).not.toHaveProperty('original');
    }
  });

  test('who hears their own translation reads it too', async () => {
    const stage = new RoomStage();
    const ann = await stage.speaker({ hear: 'es', hearOwn: true });
    stage.media.say(stage.media.speaker, { text: 'hello' });
    expect(ann.outbox.last('caption')).toMatchObject({ language: 'es', committed: 'hello (es)' });
    expect(ann.outbox.hears).toEqual([`${ann.id}>es`]);
  });

  test('a line keeps its number from the first word to the end, and lines count up', async () => {
    const stage = new RoomStage();
    await stage.speaker();
    const luz = await stage.listener();
    const { speaker } = stage.media;
    const { utterance } = stage.media.say(speaker, { text: 'he', final: false });
    stage.media.say(speaker, { text: 'next', final: false });
    stage.media.say(speaker, { text: 'hello', utterance });
    expect(luz.outbox.all('caption')).toMatchObject([
      { sequence: 0, committed: 'he', final: false },
      { sequence: 1, committed: 'next', final: false },
      { sequence: 0, committed: 'hello', final: true },
    ]);
  });

  test('a translation that failed gives way to the words spoken', async () => {
    const stage = new RoomStage();
    await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    stage.media.say(stage.media.speaker, {
      text: 'hello',
      translations: [{ language: 'es', committed: '', tentative: '', spoken: false }],
      gap: 'failed',
    });
    expect(luz.outbox.last('caption')).toMatchObject({
      language: 'en',
      committed: 'hello',
      gap: 'failed',
    });
  });

  test('late joiners read what was finished, in their language, at most so many lines', async () => {
    const stage = new RoomStage({ captionReplay: 2 });
    await stage.speaker();
    const luz = await stage.listener({ hear: 'es' });
    const { speaker } = stage.media;
    for (const text of ['one', 'two', 'three']) stage.media.say(speaker, { text });
    expect(stage.join({ hear: 'es' }).result.captions.map(({ committed }) => committed)).toEqual([
      'two (es)',
      'three (es)',
    ]);
    luz.participation.leave();
    expect(stage.join().result.captions.map(({ committed }) => committed)).toEqual([
      'two',
      'three',
    ]);
  });

  test('a false start is withdrawn and not replayed', async () => {
    const stage = new RoomStage();
    await stage.speaker();
    const luz = await stage.listener();
    const { utterance } = stage.media.say(stage.media.speaker, { text: 'uh', final: false });
    stage.media.say(stage.media.speaker, { text: '', utterance });
    expect(luz.outbox.last('caption')).toMatchObject({ committed: '', final: true });
    expect(stage.join().result.captions).toEqual([]);
  });

  test('false starts and what is not finished leave late joiners as many lines as they may have', async () => {
    const stage = new RoomStage({ captionReplay: 1 });
    await stage.speaker();
    await stage.listener();
    stage.media.say(stage.media.speaker, { text: 'hello' });
    stage.media.say(stage.media.speaker, { text: '' });
    stage.media.say(stage.media.speaker, { text: 'and', final: false });
    expect(stage.join().result.captions.map(({ committed }) => committed)).toEqual(['hello']);
  });

  test('what a speaker was saying when the media process died ends as failed', async () => {
    const stage = new RoomStage();
    await stage.speaker();
    const luz = await stage.listener();
    stage.media.say(stage.media.speaker, { text: 'hel', final: false });
    stage.media.die();
    stage.room.mediaChanged(stage.media);
    expect(luz.outbox.last('caption')).toMatchObject({
      committed: 'hel',
      final: true,
      gap: 'failed',
    });
  });

  test('what a speaker was saying when they left ends where it was', async () => {
    const stage = new RoomStage();
    const ann = await stage.listener({ name: 'Ann' });
    await publish(ann);
    const luz = await stage.listener();
    stage.media.say(stage.media.speaker, { text: 'goodb', final: false });
    ann.participation.leave();
    await settled();
    expect(luz.outbox.last('caption')).toMatchObject({ displayName: 'Ann', final: true });
    expect(luz.outbox.last('caption')).not.toHaveProperty('gap');
  });
});

test('however many lines come, no more than the bound are kept, and numbers never repeat', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 100 }), (utterances) => {
      const log = new CaptionLog({ captionReplay: 20, captionsKept: 8 }, 1_700_000_000_000);
      const speaker = { peerId: PeerId.parse('ann'), displayName: 'Ann', colour: 0 };
      const numbers = new Map<number, Set<number>>();
      for (const utterance of utterances) {
        const { sequence } = log.push(speaker, {
          type: 'caption',
          speaker: 'key',
          utterance,
          source: 'en',
          transcript: { committed: 'x', tentative: '' },
          translations: [],
          final: true,
          startedAt: 0,
        });
        numbers.set(sequence, (numbers.get(sequence) ?? new Set()).add(utterance));
      }
      const reader = { peerId: PeerId.parse('luz'), hear: 'original' as const, hearOwn: false };
      expect(log.replay(reader).length).toBeLessThanOrEqual(8);
      for (const shared of numbers.values()) expect(shared.size).toBe(1);
    }),
  );
});
