import { describe, expect, it } from 'vitest';
import { SpeechQueue } from '../../../../media/interpret/speech-queue.ts';
import type { Heard } from '../../../../media/interpret/speech-queue.ts';
import { collect } from '../../../support/collect.ts';

const frame = (position: number) => ({
  position,
  samples: new Float32Array(320),
  arrivedAt: position / 16,
});

const create = (drops: string[] = []): SpeechQueue =>
  new SpeechQueue(100, (reason) => drops.push(reason));

async function take(queue: SpeechQueue, count: number): Promise<Heard[]> {
  const taken: Heard[] = [];
  for await (const heard of queue.read(new AbortController().signal)) {
    taken.push(heard);
    if (taken.length === count) break;
  }
  return taken;
}

const positions = (heard: readonly Heard[]): (number | string)[] =>
  heard.map((item) => (item.type === 'frame' ? item.frame.position : item.language));

describe('SpeechQueue', () => {
  it('gives frames and cuts in the order they came', async () => {
    const queue = create();
    queue.push(frame(0));
    queue.cut('de');
    queue.push(frame(320));
    expect(positions(await take(queue, 3))).toEqual([0, 'de', 320]);
  });

  it('lets its reader wait for what is not there yet', async () => {
    const queue = create();
    const taken = take(queue, 1);
    queue.push(frame(640));
    expect(positions(await taken)).toEqual([640]);
  });

  it('drops the oldest beyond its bound, counts it and marks the place', async () => {
    const drops: string[] = [];
    const queue = create(drops);
    for (let at = 0; at < 7; at++) queue.push(frame(at * 320));
    expect(drops).toEqual(['oldest', 'oldest']);
    expect(queue.waitingMs).toBe(100);
    const taken = await take(queue, 5);
    expect(positions(taken)).toEqual([640, 960, 1280, 1600, 1920]);
    expect(taken.map((item) => item.type === 'frame' && item.skipped)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('never drops a cut', async () => {
    const queue = create();
    queue.cut('de');
    for (let at = 0; at < 7; at++) queue.push(frame(at * 320));
    expect(positions(await take(queue, 2))).toEqual(['de', 640]);
  });

  it('ends when told to, waiting or not', async () => {
    const closing = new AbortController();
    const queue = create();
    const reading = collect(queue.read(closing.signal));
    closing.abort();
    expect(await reading).toEqual([]);
    queue.push(frame(0));
    expect(await collect(queue.read(closing.signal))).toEqual([]);
  });
});
