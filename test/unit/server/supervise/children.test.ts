import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Children } from '../../../../server/supervise/children.ts';
import { eventually } from '../../../support/eventually.ts';
import { silent } from '../../../support/room-stage.ts';

const media = join(import.meta.dirname, '../../../fixtures/processes/media.mjs');

const elsewhere = { urls: ['http://127.0.0.1:1'], fallback: false, concurrency: 1, queue: 1 };

let children: Children;
/** Engine news by index of the media process they came from. */
let news: number[];

beforeEach(async () => {
  news = [];
  children = new Children({
    media: { entry: media, options: {} },
    mediaProcesses: 2,
    inference: undefined,
    elsewhere,
    onMediaChanged: () => undefined,
    onEngineChanged: (from) => news.push(children.media.indexOf(from)),
    log: silent,
  });
  expect(children.notReady()).toEqual([
    'the media process is starting',
    'the translation engine is starting',
  ]);
  children.start();
  await eventually(() => children.media.every(({ engine }) => engine.state === 'ready'));
});
afterEach(() => children.close());

test('every media process is told where the models are, and tells what it found', () => {
  expect(children.notReady()).toEqual([]);
  expect(children.engine).toMatchObject({ state: 'ready', name: 'http://127.0.0.1:1' });
  expect([...news].sort()).toEqual([0, 1]);
});

test('metrics of all processes come as one text in which each says whose it is', async () => {
  const text = await children.metrics();
  expect(text.match(/^# TYPE parley_media_test/gm)).toHaveLength(1);
  expect(text).toContain('parley_media_test{process="0",kind="a"} 1');
  expect(text).toContain('parley_media_test{process="1",kind="a"} 1');
  const pids = [...text.matchAll(/^parley_media_pid\{process="\d"\} (\d+)$/gm)].map(
    ([, pid]) => pid,
  );
  expect(new Set(pids).size).toBe(2);
});

test('one that dies leaves the other as it was, is started again and told anew', async () => {
  const [first, second] = children.media;
  const before = { first: first.ports, second: second?.ports };
  await first.command({ type: 'close-speaker', speaker: 'x' }).catch(() => undefined);
  await eventually(() => first.ports === undefined);
  expect(children.notReady()).toEqual([]);
  await eventually(() => first.engine.state === 'ready');
  expect(first.ports).not.toBe(before.first);
  expect(second?.ports).toBe(before.second);
  expect(children.restarts()).toEqual({ 'media-0': 1, 'media-1': 0 });
});
