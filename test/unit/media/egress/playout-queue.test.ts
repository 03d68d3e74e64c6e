import { beforeEach, describe, expect, it } from 'vitest';
import { PlayoutQueue } from '../../../../media/egress/playout-queue.ts';
import type { PlayoutFrame } from '../../../../media/egress/playout-queue.ts';

const FRAME = 960;

let queue: PlayoutQueue;

beforeEach(() => {
  queue = new PlayoutQueue(1000);
});

const samples = (ms: number, value = 1): Float32Array => new Float32Array(ms * 48).fill(value);

function enqueue(id: number, ms: number, value = id): readonly number[] {
  queue.begin(id);
  const dropped = queue.push(id, samples(ms, value));
  queue.end(id);
  return dropped;
}

function drain(): PlayoutFrame[] {
  const frames: PlayoutFrame[] = [];
  for (let frame = queue.pull(); frame !== undefined; frame = queue.pull()) frames.push(frame);
  return frames;
}

describe('PlayoutQueue', () => {
  it('plays phrases one after the other, each on frames of its own', () => {
    enqueue(1, 50);
    enqueue(2, 20);
    const frames = drain();
    expect(frames.map(({ phrase, first, last }) => ({ phrase, first, last }))).toEqual([
      { phrase: 1, first: true, last: false },
      { phrase: 1, first: false, last: false },
      { phrase: 1, first: false, last: true },
      { phrase: 2, first: true, last: true },
    ]);
    expect(frames[2]?.samples.subarray(0, FRAME / 2)).toEqual(samples(10, 1));
    expect(frames[2]?.samples.subarray(FRAME / 2)).toEqual(samples(10, 0));
    expect(frames[3]?.samples).toEqual(samples(20, 2));
    expect(queue.empty).toBe(true);
  });

  it('puts together what is pushed in pieces of any size', () => {
    queue.begin(1);
    const ramp = Float32Array.from({ length: 2 * FRAME }, (_, at) => at);
    for (let at = 0; at < ramp.length; at += 100) queue.push(1, ramp.slice(at, at + 100));
    queue.end(1);
    const [one, two] = drain();
    expect([...(one?.samples ?? []), ...(two?.samples ?? [])]).toEqual([...ramp]);
  });

  it('waits for a full frame before a phrase begins', () => {
    queue.begin(1);
    queue.push(1, samples(19));
    expect(queue.pull()).toBeUndefined();
    queue.push(1, samples(1));
    expect(queue.pull()?.first).toBe(true);
  });

  it('drops the oldest phrase that has not begun when the bound is exceeded', () => {
    enqueue(1, 500);
    queue.pull();
    enqueue(2, 300);
    expect(enqueue(3, 400)).toEqual([2]);
    expect(queue.waitingMs).toBe(480 + 400);
    expect(new Set(drain().map(({ phrase }) => phrase))).toEqual(new Set([1, 3]));
  });

  it('cuts the end off a phrase longer than the bound', () => {
    expect(enqueue(1, 1500)).toEqual([]);
    expect(queue.waitingMs).toBe(1000);
    expect(queue.truncatedSamples).toBe(500 * 48);
  });

  it('never holds more than its bound', () => {
    for (let id = 1; id < 50; id++) {
      enqueue(id, 70 * (id % 7));
      if (id % 3 === 0) queue.pull();
      expect(queue.waitingMs).toBeLessThanOrEqual(1000);
    }
  });

  it('ignores what comes for a phrase that was dropped', () => {
    queue.begin(1);
    queue.push(1, samples(600));
    queue.begin(2);
    expect(queue.push(2, samples(600))).toEqual([1]);
    queue.push(1, samples(100));
    expect(queue.end(1)).toBe(false);
    expect(queue.waitingMs).toBe(600);
  });

  it('fades out where the audio does not come in time, and in again where it does', () => {
    queue.begin(1);
    queue.push(1, samples(20));
    const cut = queue.pull();
    expect(cut?.samples[FRAME - 1]).toBe(0);
    expect(cut?.samples[FRAME - 241]).toBe(1);
    expect(queue.pull()).toBeUndefined();
    queue.push(1, samples(40));
    queue.end(1);
    const resumed = queue.pull();
    expect(resumed?.samples[0]).toBe(0);
    expect(resumed?.samples[240]).toBe(1);
    expect(resumed?.first).toBe(false);
    expect(queue.pull()?.last).toBe(true);
  });

  it('says at the end of a phrase that nothing is left of it', () => {
    queue.begin(1);
    expect(queue.end(1)).toBe(true);
    queue.begin(2);
    queue.push(2, samples(20));
    queue.pull();
    expect(queue.end(2)).toBe(true);
    expect(queue.empty).toBe(true);
  });

  it('drops a phrase that cannot be finished', () => {
    queue.begin(1);
    queue.push(1, samples(100));
    queue.pull();
    queue.abandon(1);
    expect([queue.empty, queue.waitingMs]).toEqual([true, 0]);
  });
});
