import { beforeEach, describe, expect, it } from 'vitest';
import { Detection, listenedFor } from '../../../../server/rooms/detection.ts';
import type { LanguageTag } from '../../../../server/protocol/ids.ts';
import { englishEngine, RoomStage, settled, tag } from '../../../support/room-stage.ts';

const [en, ru, de, es] = [tag('en'), tag('ru'), tag('de'), tag('es')];

describe('what follows from the language that is heard', () => {
  let detection: Detection;
  let speak: LanguageTag;

  beforeEach(() => {
    detection = new Detection();
    detection.allow({ allowed: [en, ru, de] });
    speak = en;
  });

  /** The outcome in short: the new language, a question, or nothing. */
  function hear(...heard: readonly (readonly [string, number])[]): string {
    const languages = heard.map(([language, probability]) => ({ language, probability }));
    const verdict = detection.judge(speak, { languages });
    if (verdict === undefined) return '';
    if (!verdict.applied) return `${verdict.candidates.join()}?`;
    speak = verdict.language;
    return verdict.language;
  }

  it('is nothing where it is the language they are taken to speak', () => {
    expect(hear(['en', 0.7], ['ru', 0.3])).toBe('');
  });

  it('is the change to it from one half on', () => {
    expect(hear(['ru', 0.5], ['en', 0.3], ['de', 0.2])).toBe('ru');
  });

  it('is a question below one half, once', () => {
    expect(hear(['ru', 0.49], ['de', 0.31], ['en', 0.2])).toBe('ru,de,en?');
    expect(hear(['de', 0.4], ['ru', 0.35], ['en', 0.25])).toBe('');
    expect(hear(['de', 0.6], ['ru', 0.2], ['en', 0.2])).toBe('de');
  });

  it('is a question too where their own language is the most probable, and not probable enough', () => {
    expect(hear(['en', 0.4], ['ru', 0.35], ['de', 0.25])).toBe('en,ru,de?');
  });

  it('once a language is settled, is a change only when it is certain or heard twice', () => {
    expect(hear(['en', 0.9])).toBe('');
    expect(hear(['ru', 0.7], ['en', 0.3])).toBe('');
    expect(hear(['en', 0.9])).toBe('');
    expect(hear(['ru', 0.7], ['en', 0.3])).toBe('');
    expect(hear(['ru', 0.6], ['en', 0.4])).toBe('ru');
    expect(hear(['de', 0.8], ['ru', 0.2])).toBe('de');
  });

  it('once they have said which it is, begins from there', () => {
    expect(hear(['ru', 0.45], ['en', 0.35], ['de', 0.2])).toBe('ru,en,de?');
    speak = de;
    detection.settle();
    expect(hear(['ru', 0.7], ['de', 0.3])).toBe('');
    expect(hear(['ru', 0.45], ['en', 0.35], ['de', 0.2])).toBe('ru,en,de?');
  });

  it('is nothing for a language that is not allowed, or no longer', () => {
    expect(hear(['fr', 0.99])).toBe('');
    detection.allow(null);
    expect(hear(['ru', 0.99])).toBe('');
    expect(hear()).toBe('');
  });

  it('asks to choose from four at most', () => {
    detection.allow({ allowed: ['en', 'ru', 'de', 'fr', 'es', 'it'].map(tag) });
    const heard = ['it', 'es', 'fr', 'de', 'ru', 'en'].map((code): [string, number] => [
      code,
      0.16,
    ]);
    expect(hear(...heard)).toBe('it,es,fr,de?');
  });
});

it('only what the engine tells apart and understands is listened for', () => {
  const engine = { identifies: [en, ru, de], recognises: [en, tag('de-AT'), es] };
  expect(listenedFor([ru, tag('en-GB'), de, es], engine)).toEqual([tag('en-GB'), de]);
});

describe('someone whose language is detected', () => {
  let stage: RoomStage;

  beforeEach(() => {
    stage = new RoomStage();
    stage.media.engine = { ...englishEngine, identifies: [en, de, es] };
  });

  it('is listened to for the languages they allow, as far as the engine can', async () => {
    const ann = await stage.speaker({ name: 'Ann', detect: { allowed: [en, de, es] } });
    await stage.listener({ name: 'Luz', speak: 'es', hear: 'es' });
    expect(stage.media.speaker.among).toEqual(['en', 'de']);
    ann.participation.setLanguages({ detect: null });
    await settled();
    expect(stage.media.speaker.among).toEqual([]);
  });

  it('is translated from the language they are heard to speak, and told so alone', async () => {
    const ann = await stage.speaker({ name: 'Ann', detect: { allowed: [en, de] } });
    const luz = await stage.listener({ name: 'Luz', speak: 'es', hear: 'es' });
    stage.media.hearLanguage(stage.media.speaker, ['de', 0.9], ['en', 0.1]);
    await settled();
    expect(stage.media.speaker.language).toBe('de');
    expect(ann.outbox.all('translation:heard')).toEqual([
      { language: 'de', probability: 0.9, applied: true, candidates: ['de', 'en'] },
    ]);
    expect(luz.outbox.all('translation:heard')).toEqual([]);
    for (const { outbox } of [ann, luz]) {
      expect(outbox.all('peerUpdated').at(-1)).toMatchObject({ displayName: 'Ann', speak: 'de' });
    }
  });

  it('is asked where it is not clear, and nothing changes until they answer', async () => {
    const ann = await stage.speaker({ name: 'Ann', detect: { allowed: [en, de] } });
    await stage.listener({ name: 'Luz', speak: 'es', hear: 'es' });
    stage.media.hearLanguage(stage.media.speaker, ['de', 0.4], ['en', 0.3]);
    await settled();
    expect(ann.outbox.all('translation:heard')).toMatchObject([{ language: 'de', applied: false }]);
    expect(stage.media.speaker.language).toBe('en');
    ann.participation.setLanguages({ speak: de });
    await settled();
    expect(stage.media.speaker.language).toBe('de');
    expect(stage.media.speaker.among).toEqual(['en', 'de']);
  });

  it('stays so when they come back, as their page says', async () => {
    const detect = { allowed: [en, de] };
    const ann = await stage.speaker({ as: 'ann', detect });
    await stage.listener({ name: 'Luz', speak: 'es', hear: 'es' });
    ann.participation.lost(0);
    stage.join({ as: 'ann', detect });
    await settled();
    expect(stage.media.speaker.among).toEqual(['en', 'de']);
    stage.join({ as: 'ann' });
    await settled();
    expect(stage.media.speaker.among).toEqual([]);
  });

  it('who has left is nobody’s news', async () => {
    const ann = await stage.speaker({ name: 'Ann', detect: { allowed: [en, de] } });
    const luz = await stage.listener({ name: 'Luz', speak: 'es', hear: 'es' });
    const { speaker } = stage.media;
    ann.participation.leave();
    const before = luz.outbox.all('peerUpdated').length;
    stage.media.hearLanguage(speaker, ['de', 0.9], ['en', 0.1]);
    await settled();
    expect(luz.outbox.all('peerUpdated')).toHaveLength(before);
  });
});
