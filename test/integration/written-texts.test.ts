import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MediaProcess } from '../../server/supervise/media-process.ts';
import { apertium } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { InferenceChild } from '../support/inference-child.ts';
import { mediaOptions } from '../support/media-options.ts';

let inference: InferenceChild;
let media: MediaProcess;

beforeAll(async () => {
  inference = await InferenceChild.start();
  const up = Promise.withResolvers<undefined>();
  media = new MediaProcess({
    name: 'media-0',
    entry: join(import.meta.dirname, '../../media/main.ts'),
    options: mediaOptions(),
    onUp: () => {
      up.resolve(undefined);
    },
    onDown: () => undefined,
    onEngine: () => undefined,
    log: pino({ level: 'silent' }),
  });
  media.start();
  await up.promise;
  await media.useEngine({ url: inference.url });
  await eventually(() => media.engine.state === 'ready');
});

afterAll(async () => {
  await media.close();
  await inference[Symbol.asyncDispose]();
});

describe('what people write in a meeting', () => {
  test('goes from the server to the engine and back in each language', async () => {
    const text = 'The house is green.';
    expect(await media.translateText({ text, source: 'en', targets: ['es', 'ca', 'en'] })).toEqual([
      apertium('eng-spa', text),
      apertium('eng-cat', text),
      text,
    ]);
  });

  test('keeps its lines and addresses', async () => {
    const text = 'Good day.\n\nhttps://example.org/The-house?a=b';
    const [spanish] = await media.translateText({ text, source: 'en', targets: ['es'] });
    const greeting = apertium('eng-spa', 'Good day.');
    expect(spanish).toBe(`${greeting}\n\nhttps://example.org/The-house?a=b`);
  });

  test('goes into English, and through it where there is no other way', async () => {
    const text = 'La casa es verde.';
    const english = apertium('spa-eng', text);
    const translated = await media.translateText({ text, source: 'es', targets: ['en', 'ca'] });
    expect(translated).toEqual([english, apertium('eng-cat', english)]);
    expect(english).toMatch(/house/);
  }, 30_000);

  test('is not translated into a language that the engine does not know', async () => {
    const asking = media.translateText({ text: 'hello', source: 'en', targets: ['es', 'de'] });
    await expect(asking).rejects.toMatchObject({
      code: 'unavailable',
      message: "'en' is not translated into 'de'",
    });
  });

  test('is told of by the engine, all five languages to each other', () => {
    expect(media.engine.texts).toHaveLength(20);
    expect(media.engine.texts).toContainEqual({ source: 'ca', target: 'eo' });
    expect(media.engine.pairs.every(({ via }) => via === undefined)).toBe(true);
  });
});
