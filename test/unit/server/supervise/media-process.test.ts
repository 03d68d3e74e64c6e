import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineInfo } from '../../../../server/protocol/events.ts';
import type { HeardLanguages } from '../../../../media/messages.ts';
import type { TranslationProgress } from '../../../../server/rooms/ports.ts';
import { MediaProcess } from '../../../../server/supervise/media-process.ts';
import { silent } from '../../../support/room-stage.ts';

let media: MediaProcess;
let up: PromiseWithResolvers<undefined>;
let down: PromiseWithResolvers<undefined>;
let engines: EngineInfo[];

beforeEach(async () => {
  up = Promise.withResolvers();
  down = Promise.withResolvers();
  engines = [];
  media = new MediaProcess({
    name: 'media-0',
    entry: join(import.meta.dirname, '../../../fixtures/processes/media.mjs'),
    options: {},
    onUp: () => {
      up.resolve(undefined);
    },
    onDown: () => {
      down.resolve(undefined);
    },
    onEngine: () => {
      engines.push(media.engine);
    },
    log: silent,
  });
  media.start();
  await up.promise;
});
afterEach(() => media.close());

test('it tells its ports, takes the engine’s address and tells what the engine can do', async () => {
  expect(media.ports).toEqual({ rtpPort: 4_321, voicePort: 4_322 });
  await media.useEngine({ url: 'http://127.0.0.1:1' });
  expect(engines).toMatchObject([{ state: 'ready', name: 'http://127.0.0.1:1' }]);
});

test('what it hears of a speaker goes to who listens to that speaker, until they stop', async () => {
  const heard: TranslationProgress[] = [];
  const heardLanguages: HeardLanguages[] = [];
  const stop = media.listen('ann', {
    onCaption: () => undefined,
    onProgress: (progress) => heard.push(progress),
    onLanguage: (languages) => heardLanguages.push(languages),
  });
  const command = { type: 'set-targets', speaker: 'ann', targets: [], transcript: true } as const;
  await media.command(command);
  expect(heard).toMatchObject([{ speaker: 'ann', state: 'speaking' }]);
  await media.command({ type: 'set-detection', speaker: 'ann', among: ['en', 'ru'] });
  expect(heardLanguages).toMatchObject([
    { speaker: 'ann', languages: [{ language: 'en', probability: 0.6 }] },
  ]);
  stop();
  await media.command(command);
  expect(heard).toHaveLength(1);
});

test('a command it refuses is an error, and others go on', async () => {
  await expect(
    media.command({ type: 'set-muted', speaker: 'nobody', muted: true }),
  ).rejects.toMatchObject({ code: 'internal', message: 'no such speaker' });
  expect(await media.metrics()).toContain('parley_media_test{kind="a"} 1\n');
  expect(await media.stats(['ann'])).toEqual({ stages: [], speakers: [] });
});

test('a text comes back in each language, or does not, with why', async () => {
  const text = { text: 'hello', source: 'en', targets: ['es', 'ca'] };
  expect(await media.translateText(text)).toEqual(['es: hello', 'ca: hello']);
  await expect(media.translateText({ ...text, source: 'eo' })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'the engine is gone',
  });
  await expect(media.translateText({ ...text, source: 'tlh' })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'no translation came',
  });
});

test('commands it can no longer answer are unavailable, and so are those while it is down', async () => {
  const unavailable = { code: 'unavailable' };
  await expect(media.command({ type: 'close-speaker', speaker: 'ann' })).rejects.toMatchObject(
    unavailable,
  );
  await down.promise;
  expect(media.ports).toBeUndefined();
  expect(media.engine.state).toBe('starting');
  await expect(media.useEngine({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject(unavailable);
  await expect(media.stats([])).rejects.toMatchObject(unavailable);
  const text = { text: 'hello', source: 'en', targets: ['es'] };
  await expect(media.translateText(text)).rejects.toMatchObject(unavailable);
  expect(await media.metrics()).toBe('');
});
