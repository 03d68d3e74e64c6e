import { expect, test } from 'vitest';
import { tag, publish, RoomStage, settled } from '../../../support/room-stage.ts';

test('a listener learns how words fare on the way to their language, and only to that one', async () => {
  const stage = new RoomStage();
  const ann = await stage.speaker();
  const luz = await stage.listener({ hear: 'es' });
  const pau = await stage.listener({ hear: 'ca' });
  const { speaker } = stage.media;
  stage.media.progress(speaker, { language: 'es', state: 'interpreting' });
  expect(luz.outbox.last('translation:state')).toEqual({
    peerId: ann.id,
    language: 'es',
    state: 'interpreting',
  });
  expect(pau.outbox.all('translation:state')).toEqual([]);
  expect(ann.outbox.all('translation:state')).toEqual([]);
});

test('the same state is told once', async () => {
  const stage = new RoomStage();
  await stage.speaker();
  const luz = await stage.listener({ hear: 'es' });
  stage.media.progress(stage.media.speaker, { language: 'es', state: 'speaking' });
  stage.media.progress(stage.media.speaker, { language: 'es', state: 'speaking' });
  expect(luz.outbox.all('translation:state')).toHaveLength(1);
});

test('who joins in the middle learns it with the answer', async () => {
  const stage = new RoomStage();
  const ann = await stage.speaker();
  await stage.listener({ hear: 'es' });
  stage.media.progress(stage.media.speaker, { language: 'es', state: 'speaking' });
  const late = stage.join({ hear: 'es' });
  expect(late.result.states).toEqual([{ peerId: ann.id, language: 'es', state: 'speaking' }]);
  expect(late.outbox.all('translation:state')).toEqual([]);
});

test('a pair that cannot be translated is unavailable, and so is any while the engine is down', async () => {
  const stage = new RoomStage();
  const ann = await stage.speaker();
  const luz = stage.join({ hear: 'fr' });
  expect(luz.result.states).toEqual([{ peerId: ann.id, language: 'fr', state: 'unavailable' }]);
  luz.participation.setLanguages({ hear: tag('es') });
  expect(luz.outbox.last('translation:state')).toMatchObject({ language: 'es', state: 'idle' });
  stage.media.engine = { ...stage.media.engine, state: 'failed' };
  stage.room.engineChanged(stage.media);
  expect(luz.outbox.last('translation:engine')).toMatchObject({ state: 'failed' });
  expect(luz.outbox.last('translation:state')).toMatchObject({
    language: 'es',
    state: 'unavailable',
  });
});

test('a language no longer wanted turns idle', async () => {
  const stage = new RoomStage();
  const ann = await stage.speaker();
  const luz = await stage.listener({ hear: 'es' });
  stage.media.progress(stage.media.speaker, { language: 'es', state: 'speaking' });
  luz.participation.setLanguages({ hear: 'original' });
  expect(luz.outbox.last('translation:state')).toEqual({
    peerId: ann.id,
    language: 'es',
    state: 'idle',
  });
});

test('someone who sends nothing has no state', async () => {
  const stage = new RoomStage();
  const ann = await stage.listener();
  const luz = stage.join({ hear: 'es' });
  expect(luz.result.states).toEqual([]);
  await publish(ann);
  await settled();
  expect(luz.outbox.last('translation:state')).toMatchObject({ peerId: ann.id, state: 'idle' });
});

test('a voice that is lost is told to those who hear the language, and to nobody else', async () => {
  const stage = new RoomStage();
  const ann = await stage.speaker();
  const luz = await stage.listener({ hear: 'es' });
  const pau = await stage.listener({ hear: 'ca' });
  const { speaker } = stage.media;
  stage.media.progress(speaker, { language: 'es', state: 'voiceless' });
  expect(luz.outbox.last('translation:state')).toEqual({
    peerId: ann.id,
    language: 'es',
    state: 'voiceless',
  });
  expect(pau.outbox.all('translation:state')).toEqual([]);
  const late = stage.join({ hear: 'es' });
  expect(late.result.states).toMatchObject([{ language: 'es', state: 'voiceless' }]);
  expect(
    speaker.targets.map(({ language }) => language),
    'it is tried again',
  ).toEqual(['ca', 'es']);
});
