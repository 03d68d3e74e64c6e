import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EngineState } from '../../../../media/messages.ts';
import type { TranslationProgress } from '../../../../server/rooms/ports.ts';
import { MediaProcess } from '../../../../server/supervise/media-process.ts';
import { silent } from '../../../support/room-stage.ts';

let media: MediaProcess;
let up: PromiseWithResolvers<undefined>;
let down: PromiseWithResolvers<undefined>;
let engines: EngineState[];

beforeEach(async () => {
  up = Promise.withResolvers();
  down = Promise.withResolvers();
  engines = [];
  media = new MediaProcess({
    entry: join(import.meta.dirname, '../../../fixtures/processes/media.mjs'),
    options: {},
    onUp: () => {
      up.resolve(undefined);
    },
    onDown: () => {
      down.resolve(undefined);
    },
    onEngine: (state) => engines.push(state),
    log: silent,
  });
  media.start();
  await up.promise;
});
afterEach(() => media.close());

test('it tells its port, takes the engine’s address and tells what the engine can do', async () => {
  expect(media.rtpPort).toBe(4_321);
  await media.useEngine('http://127.0.0.1:1');
  expect(engines).toMatchObject([{ state: 'ready', name: 'http://127.0.0.1:1' }]);
});

test('what it hears of a speaker goes to who listens to that speaker, until they stop', async () => {
  const heard: TranslationProgress[] = [];
  const stop = media.listen('ann', {
    onCaption: () => undefined,
    onProgress: (progress) => heard.push(progress),
  });
  const command = { type: 'set-targets', speaker: 'ann', targets: [], transcript: true } as const;
  await media.command(command);
  expect(heard).toMatchObject([{ speaker: 'ann', state: 'speaking' }]);
  stop();
  await media.command(command);
  expect(heard).toHaveLength(1);
});

test('a command it refuses is an error, and others go on', async () => {
  await expect(
    media.command({ type: 'set-muted', speaker: 'nobody', muted: true }),
  ).rejects.toMatchObject({ code: 'internal', message: 'no such speaker' });
  expect(await media.metrics()).toBe('parley_media_test 1\n');
});

test('commands it can no longer answer are unavailable, and so are those while it is down', async () => {
  const unavailable = { code: 'unavailable' };
  await expect(media.command({ type: 'close-speaker', speaker: 'ann' })).rejects.toMatchObject(
    unavailable,
  );
  await down.promise;
  expect(media.rtpPort).toBeUndefined();
  await expect(media.useEngine('http://127.0.0.1:1')).rejects.toMatchObject(unavailable);
  expect(await media.metrics()).toBe('');
});
