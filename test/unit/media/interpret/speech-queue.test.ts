import { describe, expect, it } from 'vitest';
import { SpeechQueue } from '../../../../media/interpret/speech-queue.ts';
import type { Heard } from '../../../../media/interpret/speech-queue.ts';
import { collect } from '../../../support/collect.ts';
import { CountingMeter } from '../../../support/counting-meter.ts';

/** 32 ms. */
const window = (position: number) => ({
  position,
  samples: new Float32Array(512),
  silent: false,
  arrivedAt: position / 16,
  follows: true,
});

const create = (meter = new CountingMeter()): SpeechQueue => new SpeechQueue(160, meter);

async function take(queue: SpeechQueue, count: number): Promise<Heard[]> {
  const taken: Heard[] = [];
  for await (const heard of queue.read(new AbortController().signal)) {
    taken.push(heard);
    if (taken.length === count) break;
  }
  return taken;
}

const positions = (heard: readonly Heard[]): (number | string)[] =>
  heard.map((item) => (item.type === 'window' ? item.window.position : item.language));

describe('SpeechQueue', () => {
  it('gives windows and cuts in the order they came', async () => {
    const queue = create();
    queue.push(window(0));
    queue.cut('de');
    queue.push(window(512));
    expect(positions(await take(queue, 3))).toEqual([0, 'de', 512]);
  });

  it('lets its reader wait for what is not there yet', async () => {
    const queue = create();
    const taken = take(queue, 1);
    queue.push(window(640));
    expect(positions(await taken)).toEqual([640]);
  });

  it('drops the oldest beyond its bound, counts it and marks the place', async () => {
    const meter = new CountingMeter();
    const queue = create(meter);
    for (let at = 0; at < 7; at++) queue.push(window(at * 512));
    expect(meter.drops).toEqual({ oldest: 2 });
    expect(queue.waitingMs).toBe(160);
    const taken = await take(queue, 5);
    expect(positions(taken)).toEqual([1024, 1536, 2048, 2560, 3072]);
    expect(taken.map((item) => item.type === 'window' && item.skipped)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('says that what comes after a drop does not follow what was before it', async () => {
    const queue = create();
    for (let at = 0; at < 6; at++) queue.push(window(at * 512));
    const taken = await take(queue, 2);
    expect(taken.map((item) => item.type === 'window' && item.window.follows)).toEqual([
      false,
      true,
    ]);
  });

  it('never drops a cut', async () => {
    const queue = create();
    queue.cut('de');
    for (let at = 0; at < 7; at++) queue.push(window(at * 512));
    expect(positions(await take(queue, 2))).toEqual(['de', 1024]);
  });

  it('ends when told to, waiting or not', async () => {
    const closing = new AbortController();
    const queue = create();
    const reading = collect(queue.read(closing.signal));
    closing.abort();
    expect(await reading).toEqual([]);
    queue.push(window(0));
    expect(await collect(queue.read(closing.signal))).toEqual([]);
  });
});
