import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../../../../inference/metrics.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import type { SpeechRequest } from '../../../../inference/protocol/task-models.ts';
import { CanaryEngine } from '../../../../inference/translate/canary-engine.ts';
import { Prompts } from '../../../../inference/translate/prompt.ts';
import { CanarySpeech } from '../../../../inference/translate/speech.ts';
import { Vocabulary } from '../../../../inference/translate/vocabulary.ts';
import { toyFiles, ToyModel, toyVocabulary } from '../../../support/canary-model.ts';
import { canaryOptions } from '../../../support/canary-options.ts';
import { ScriptedRecogniser } from '../../../support/canary-recogniser.ts';
import { FakeTranslator } from '../../../support/fake-translator.ts';
import { FakeVoice } from '../../../support/fake-voice.ts';

const never = new AbortController().signal;
const vocabulary = Vocabulary.parse(toyVocabulary('v2'));
const prompts = new Prompts(vocabulary, 'v2');
const SECOND = 16_000;

let model: ToyModel;
let recogniser: ScriptedRecogniser;
let translator: FakeTranslator;
let metrics: InferenceMetrics;
let speech: CanarySpeech;
let engine: CanaryEngine;

/** What the scripted recogniser writes: one word of each language's own. */
const wordOf = (source: string, target: string): string => {
  const [token = 0] = tokensOf(prompts.of(source, target));
  return vocabulary.text([token]);
};
const tokensOf = (prompt: readonly number[]): readonly number[] => {
  const sum = prompt.reduce((all, token, place) => all + token * (place + 1), 0);
  return [1108 + 3 * (sum % 200)];
};

beforeEach(async () => {
  model = await ToyModel.create(toyFiles('v2'));
  recogniser = new ScriptedRecogniser((_, { prompt }) => tokensOf(prompt));
  translator = new FakeTranslator(['fr', 'uk', 'ca', 'de']);
  metrics = new InferenceMetrics();
  speech = await CanarySpeech.create({
    ...{ options: canaryOptions(model.directory), log: pino({ level: 'silent' }), metrics },
    ...{ recogniser, texts: translator },
  });
  engine = new CanaryEngine(speech, new FakeVoice('fake', ['en']), translator);
});

afterEach(async () => {
  await engine.close();
  await model[Symbol.asyncDispose]();
});

const say = (source: string, targets: readonly string[], request: Partial<SpeechRequest> = {}) =>
  engine.speech(
    {
      ...{ sequence: 1, start: true, end: true, source, targets },
      audio: new Float32Array(SECOND).fill(0.1),
      ...request,
    },
    never,
  );

const committed = ({ translations }: Awaited<ReturnType<typeof say>>) =>
  translations.map((text) => text.committed);

describe('speech that is not English, for listeners of other languages', () => {
  it('is put into English once, and from there into each of them', async () => {
    const said = await say('de', ['fr', 'uk', 'en', 'ca']);
    const english = wordOf('de', 'en');
    expect(committed(said)).toEqual([
      `fr(${english})`,
      `uk(${english})`,
      english,
      `ca(${english})`,
    ]);
    const [batch] = recogniser.batches;
    expect(batch?.tasks[0]?.texts.map(({ prompt }) => prompt)).toEqual([
      prompts.of('de', 'de'),
      prompts.of('de', 'en'),
    ]);
    expect(said.transcript.committed).toBe(wordOf('de', 'de'));
  });

  it('is not shown in English meanwhile', async () => {
    const [first] = (await say('de', ['fr'], { end: false })).translations;
    expect(first).toEqual({ committed: '', tentative: '' });
    const [last] = (await say('de', ['fr'], { start: false })).translations;
    expect(last?.committed).toBe(`fr(${wordOf('de', 'en')})`);
  });

  it('loses one language where its text cannot be translated, and no other', async () => {
    translator.fail(new InferenceError('failed', 'out of memory'));
    const { translations } = await say('de', ['fr', 'en']);
    expect(translations).toEqual([
      { committed: '', tentative: '', lost: true },
      { committed: wordOf('de', 'en'), tentative: '' },
    ]);
    const { values } = await metrics.dropped.get();
    expect(values).toMatchObject([{ labels: { queue: 'onward', reason: 'lost' }, value: 1 }]);
  });

  it('is refused in a language that no text goes into', async () => {
    await expect(say('de', ['pl'])).rejects.toMatchObject({
      code: 'badRequest',
      message: "'de' is not translated into 'pl'",
    });
  });
});

describe('English speech', () => {
  it('goes at once into what Canary writes, and by its transcript into what it does not', async () => {
    const said = await say('en', ['de', 'ca']);
    expect(committed(said)).toEqual([wordOf('en', 'de'), `ca(${wordOf('en', 'en')})`]);
    expect(translator.asked).toHaveLength(1);
    expect(recogniser.batches[0]?.tasks[0]?.texts).toHaveLength(2);
  });
});

describe('the engine', () => {
  it('tells what goes through English, and what it does with texts', () => {
    const { pairs, texts } = engine.languages;
    expect(pairs).toContainEqual({ source: 'de', target: 'uk', via: 'en' });
    expect(pairs).toContainEqual({ source: 'de', target: 'en' });
    expect(pairs).toContainEqual({ source: 'en', target: 'ca' });
    expect(pairs.some(({ source, target }) => source === 'de' && target === 'pl')).toBe(false);
    expect(texts).toEqual(translator.pairs);
  });

  it('translates what is written, and leaves alone what is in the language already', async () => {
    const { translations } = (await engine.text?.(
      { text: 'One. Two.', source: 'en-GB', targets: ['fr', 'en', 'uk'] },
      never,
    )) ?? { translations: [] };
    expect(translations).toEqual(['fr(One. Two.)', 'One. Two.', 'uk(One. Two.)']);
    const asking = engine.text?.({ text: 'x', source: 'fr', targets: ['uk'] }, never);
    await expect(asking).rejects.toMatchObject({ code: 'badRequest' });
  });

  it('is ready when its translator is, and closes it', async () => {
    expect(engine.ready()).toBe(true);
    translator.isReady = false;
    expect(engine.ready()).toBe(false);
    await engine.close();
    expect(translator.closed).toBe(true);
  });

  it('has no texts without a translator', async () => {
    const alone = await CanarySpeech.create({
      ...{ options: canaryOptions(model.directory), log: pino({ level: 'silent' }), metrics },
      recogniser,
    });
    const without = new CanaryEngine(alone, new FakeVoice('fake', ['en']));
    expect(without.text).toBeUndefined();
    expect(without.languages.pairs).toHaveLength(48);
    expect(without.languages.pairs.every(({ via }) => via === undefined)).toBe(true);
    await without.close();
  });
});
