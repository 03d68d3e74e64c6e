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
import { sentence } from '../support/speech.ts';

const never = new AbortController().signal;
let engine: TaskModels | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

async function start(speech: string, models = ''): Promise<TaskModels> {
  const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
  engine = await startEngine({
    options: { ...options, speech, models },
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

  test('that is not whole is refused, naming the file', async () => {
    const files = toyFiles('v2');
    files.delete('vocab.txt');
    await using model = await ToyModel.create(files);
    await expect(start(model.directory)).rejects.toThrow(/vocab\.txt/);
  });
});

test('without any model the offline engine serves; a model asked for by name is not replaced', async () => {
  await using empty = await ToyModel.create(new Map());
  expect((await start('auto', empty.directory)).languages.engine).toBe('offline');
  await engine?.close();
  await expect(start('canary-1b-v2-int8', empty.directory)).rejects.toThrow(/canary-1b-v2-int8/);
  await expect(start('canary-9000', empty.directory)).rejects.toThrow(/canary-9000/);
});
