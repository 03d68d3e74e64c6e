import { pino } from 'pino';
import { z } from 'zod';
import { afterEach, describe, expect, test } from 'vitest';
import { defaults } from '../../config/defaults.ts';
import { startEngine } from '../../inference/engine.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';
import type { TaskModels } from '../../inference/protocol/task-models.ts';
import { toyFiles, ToyModel } from '../support/canary-model.ts';
import { eventually } from '../support/eventually.ts';
import { m2m100Files, ToyM2M100, toySays } from '../support/m2m100-model.ts';
import { descendants } from '../support/processes.ts';
import { speechOf, ToyIdentifier } from '../support/identifier-model.ts';
import { sentence } from '../support/speech.ts';

const never = new AbortController().signal;
let engine: TaskModels | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

async function start(
  speech: string,
  models = '',
  text = 'auto',
  identify = 'off',
): Promise<TaskModels> {
  const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
  engine = await startEngine({
    options: { ...options, speech, models, text, identify },
    log: pino({ level: 'silent' }),
    metrics: new InferenceMetrics(),
  });
  return engine;
}

describe('a model of Canary’s form in a folder', () => {
  test('is the engine: it hears, translates into several languages at once, and is spoken', async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    const canary = await start(model.directory);
    await eventually(() => canary.ready());
    const { pairs, recognises } = canary.languages;
    expect(recognises).toHaveLength(25);
    expect(pairs).toContainEqual({ source: 'ru', target: 'en' });
    expect(pairs).toContainEqual({ source: 'en', target: 'uk' });
    expect(pairs).not.toContainEqual({ source: 'ru', target: 'de' });

    const { audio } = sentence('0880');
    const whole = { sequence: 1, start: true, end: true, audio };
    const heard = await canary.speech({ ...whole, source: 'en', targets: ['ru', 'de'] }, never);
    const texts = [heard.transcript, ...heard.translations].map(({ committed }) => committed);
    expect(new Set(texts).size).toBe(3);
    expect(texts.every((text) => text.length > 0)).toBe(true);
    expect(heard.logprob).toBeLessThan(0);

    const spoken = await canary.voice({ text: 'Привет', language: 'ru', voice: 'female' }, never);
    expect(spoken.audio.length).toBeGreaterThan(spoken.sampleRate / 5);
  });

  test('tells languages apart as well, where an identifier is there', async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    await using identifier = await ToyIdentifier.create();
    const canary = await start(model.directory, '', 'auto', identifier.directory);
    expect(canary.languages).toMatchObject({
      engine: 'canary',
      identifies: ['en', 'he', 'ru', 'de'],
    });
    const asked = { audio: speechOf(3), among: ['en', 'de'] };
    const { languages = [] } = (await canary.identify?.(asked, never)) ?? {};
    expect(languages.map(({ language }) => language)).toEqual(['de', 'en']);
  });

  test('that is not whole is refused, naming the file', async () => {
    const files = toyFiles('v2');
    files.delete('vocab.txt');
    await using model = await ToyModel.create(files);
    await expect(start(model.directory)).rejects.toThrow(/vocab\.txt/);
  });
});

describe('a model of M2M100’s form beside it', () => {
  test('takes its English onward into other languages, and what people write', async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    await using text = await ToyM2M100.create();
    const canary = await start(model.directory, '', text.directory);
    await eventually(() => canary.ready());
    const { pairs, texts } = canary.languages;
    expect(pairs).toContainEqual({ source: 'pl', target: 'ru', via: 'en' });
    expect(pairs).toContainEqual({ source: 'en', target: 'ca' });
    expect(texts).toContainEqual({ source: 'ru', target: 'ca' });
    // The model knows it, and no meeting is held in it.
    expect(texts.some(({ target }) => target === 'ja')).toBe(false);

    const { audio } = sentence('0880');
    const whole = { sequence: 1, start: true, end: true, audio };
    const targets = ['en', 'ru', 'de'];
    const heard = await canary.speech({ ...whole, source: 'pl', targets }, never);
    const [english = '', russian, german] = heard.translations.map(({ committed }) => committed);
    expect(english).not.toBe('');
    expect(russian).toBe(toySays(english, 'en', 'ru'));
    expect(german).toBe(toySays(english, 'en', 'de'));

    const written = { text: 'Good day.\nWho is there?', source: 'en', targets: ['ca', 'en'] };
    expect(await canary.text?.(written, never)).toEqual({
      translations: [
        `${toySays('Good day.', 'en', 'ca')}\n${toySays('Who is there?', 'en', 'ca')}`,
        written.text,
      ],
    });
  });

  test('is started again when it dies, and translates what it was asked', async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    await using text = await ToyM2M100.create();
    const canary = await start(model.directory, '', text.directory);
    await eventually(() => canary.ready());
    const child = descendants(process.pid).find(({ command }) => command.includes(text.directory));
    if (child === undefined) throw new Error('no process of its own');
    process.kill(child.pid, 'SIGKILL');
    const asked = canary.text?.({ text: 'good day', source: 'en', targets: ['de'] }, never);
    expect(await asked).toEqual({ translations: [toySays('good day', 'en', 'de')] });
  });

  test('that is not whole is refused, naming the file; and need not be there', async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    const files = m2m100Files();
    files.delete('tokenizer.json');
    await using text = await ToyM2M100.create(files);
    await expect(start(model.directory, '', text.directory)).rejects.toThrow(/tokenizer\.json/);
    await using empty = await ToyModel.create(new Map());
    const alone = await start(model.directory, empty.directory);
    expect(alone.languages.texts).toEqual([]);
    expect(alone.text).toBeUndefined();
  });
});

test('without any model the offline engine serves; a model asked for by name is not replaced', async () => {
  await using empty = await ToyModel.create(new Map());
  expect((await start('auto', empty.directory)).languages.engine).toBe('offline');
  await engine?.close();
  await expect(start('canary-1b-v2-int8', empty.directory)).rejects.toThrow(/canary-1b-v2-int8/);
  await expect(start('canary-9000', empty.directory)).rejects.toThrow(/canary-9000/);
});
