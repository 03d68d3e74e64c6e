import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recordPage } from '../../../../server/rooms/record.ts';
import type { TranscriptLine } from '../../../../server/transcripts/line.ts';
import { englishEngine, publish, RoomStage, settled, tag } from '../../../support/room-stage.ts';
import type { Guest } from '../../../support/room-stage.ts';

/** When speech of the stage begins. */
const SAID_AT = 1_000;

let kept: TranscriptLine[];
let stage: RoomStage;
let ann: Guest;
let luz: Guest;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: SAID_AT + 60_000 });
  kept = [];
  const sink = {
    write: (_: string, line: TranscriptLine) => kept.push(line),
    state: () => 'on' as const,
  };
  stage = new RoomStage({ transcripts: sink });
  const texts = [{ source: tag('en'), target: tag('es') }];
  stage.media.engine = { ...englishEngine, texts };
  luz = await stage.listener({ name: 'Luz', hear: 'es' });
  ann = await stage.speaker({ name: 'Ann', keepWords: true });
});
afterEach(() => {
  vi.useRealTimers();
});

async function correct(who: Guest, sequence: number, text: string): Promise<void> {
  await who.participation.expression.correct(sequence, text);
  await settled();
}
const say = (text = 'a ship', more: object = {}) =>
  stage.media.say(stage.media.speaker, { text, ...more });
const spoken = () => stage.media.commands.filter(({ type }) => type === 'speak');
const refused = (asked: Promise<void>) => expect(asked).rejects.toMatchObject({ code: 'notFound' });

describe('a line that its speaker says differently', () => {
  beforeEach(async () => {
    say();
    await correct(ann, 0, 'a sheep');
  });

  test('takes the place of the line for everyone, each in their language, and is marked', () => {
    expect(luz.outbox.last('caption')).toMatchObject({
      ...{ sequence: 0, revision: 2, final: true, corrected: true, spoken: true },
      ...{ language: 'es', committed: 'a sheep (es)', original: { committed: 'a sheep' } },
    });
    expect(ann.outbox.last('caption')).toMatchObject({ committed: 'a sheep', corrected: true });
  });

  test('is spoken again to those who hear the translation', () => {
    const { key } = stage.media.speaker;
    expect(spoken()).toEqual([
      { type: 'speak', speaker: key, texts: [{ language: 'es', text: 'a sheep (es)' }] },
    ]);
  });

  test('is what is kept in writing, what the record has, and what who comes later reads', () => {
    expect(kept.at(-1)).toMatchObject({
      ...{ sequence: 0, original: 'a sheep' },
      translations: [{ language: 'es', text: 'a sheep (es)' }],
    });
    expect(recordPage(luz.participation.record(), tag('es')).lines).toMatchObject([
      { original: 'a sheep', translation: { text: 'a sheep (es)' }, corrected: true },
    ]);
    expect(stage.join({ hear: 'es' }).result.captions).toMatchObject([
      { committed: 'a sheep (es)', corrected: true },
    ]);
    luz.participation.lost(0);
    const back = stage.join({ as: luz.id, hear: 'es', captionsAfter: 1 });
    expect(back.result.captions).toMatchObject([{ revision: 2, committed: 'a sheep (es)' }]);
  });

  test('changes no more by what was heard, but again by its speaker', async () => {
    say('a ship', { utterance: 0 });
    expect(luz.outbox.last('caption')).toMatchObject({ committed: 'a sheep (es)' });
    await correct(ann, 0, 'two sheep');
    expect(luz.outbox.last('caption')).toMatchObject({ committed: 'two sheep (es)' });
  });

  test('is not spoken twice when the same is asked for again', async () => {
    await correct(ann, 0, 'a sheep');
    expect(spoken()).toHaveLength(1);
  });
});

describe('nothing is changed', () => {
  test('by anybody but the speaker, nor where there is no such line', async () => {
    say();
    await refused(correct(luz, 0, 'forged'));
    await refused(correct(ann, 1, 'nothing'));
    expect(luz.outbox.all('caption')).toHaveLength(1);
  });

  test('while the line is still growing, or when it is older than five minutes', async () => {
    say('a sh', { final: false, utterance: 0 });
    await refused(correct(ann, 0, 'a sheep'));
    say('a ship', { utterance: 0 });
    vi.setSystemTime(SAID_AT + 300_001);
    await refused(correct(ann, 0, 'a sheep'));
    vi.setSystemTime(SAID_AT + 300_000);
    await correct(ann, 0, 'a sheep');
    expect(luz.outbox.last('caption')).toMatchObject({ committed: 'a sheep (es)' });
  });

  test('more than five times in ten seconds', async () => {
    say();
    for (const text of ['a', 'b', 'c', 'd', 'e']) await correct(ann, 0, text);
    await expect(correct(ann, 0, 'f')).rejects.toMatchObject({ code: 'rateLimited' });
  });
});

describe('where something is missing', () => {
  test('readers get the speaker’s own words when they cannot be translated', async () => {
    say();
    stage.media.engine = englishEngine;
    await correct(ann, 0, 'a sheep');
    expect(luz.outbox.last('caption')).toMatchObject({
      ...{ language: 'en', committed: 'a sheep', corrected: true, spoken: false },
    });
    expect(spoken()).toEqual([]);
  });

  test('the same while the media process is down', async () => {
    say();
    stage.media.die();
    await correct(ann, 0, 'a sheep');
    expect(luz.outbox.last('caption')).toMatchObject({ committed: 'a sheep', corrected: true });
  });

  test('it is spoken by the track of now when the one it was said on is gone', async () => {
    say();
    await publish(ann);
    await correct(ann, 0, 'a sheep');
    expect(spoken()).toMatchObject([{ speaker: stage.media.speaker.key }]);
  });

  test('of two corrections on their way, the last one counts', async () => {
    say();
    const first = ann.participation.expression.correct(0, 'a sheep');
    const second = ann.participation.expression.correct(0, 'two sheep');
    await Promise.all([first, second]);
    await settled();
    expect(luz.outbox.all('caption').slice(1)).toMatchObject([{ committed: 'two sheep (es)' }]);
  });

  test('the words of someone who no longer agrees to a machine reach none', async () => {
    say();
    ann.participation.setLanguages({ consent: false });
    await correct(ann, 0, 'a sheep');
    expect(luz.outbox.last('caption')).toMatchObject({ language: 'en', committed: 'a sheep' });
  });
});
