import { beforeEach, describe, expect, it } from 'vitest';
import { PlayoutQueue } from '../../../../media/egress/playout-queue.ts';
import type { PlayoutFrame } from '../../../../media/egress/playout-queue.ts';

const FRAME = 960;

let queue: PlayoutQueue<number>;

beforeEach(() => {
  queue = new PlayoutQueue();
});

const samples = (ms: number, value = 1): Float32Array => new Float32Array(ms * 48).fill(value);

function enqueue(id: number, ms: number, value = id): void {
  queue.begin(id);
  queue.push(samples(ms, value));
  queue.end();
}

function drain(): PlayoutFrame<number>[] {
  const frames: PlayoutFrame<number>[] = [];
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
    expect(queue.bufferedMs).toBe(0);
  });

  it('puts together what is pushed in pieces of any size', () => {
    queue.begin(1);
    const ramp = Float32Array.from({ length: 2 * FRAME }, (_, at) => at);
    for (let at = 0; at < ramp.length; at += 100) queue.push(ramp.slice(at, at + 100));
    queue.end();
    const [one, two] = drain();
    expect([...(one?.samples ?? []), ...(two?.samples ?? [])]).toEqual([...ramp]);
  });

  it('waits for a full frame before a phrase begins', () => {
    queue.begin(1);
    queue.push(samples(19));
    expect(queue.pull()).toBeUndefined();
    queue.push(samples(1));
    expect(queue.pull()?.first).toBe(true);
  });

  it('knows how much it holds', () => {
    enqueue(1, 50);
    queue.begin(2);
    queue.push(samples(30));
    expect(queue.bufferedMs).toBe(80);
    queue.pull();
    expect(queue.bufferedMs).toBe(60);
  });

  it('fades out where the audio does not come in time, and in again where it does', () => {
    queue.begin(1);
    queue.push(samples(20));
    const cut = queue.pull();
    expect(cut?.samples[FRAME - 1]).toBe(0);
    expect(cut?.samples[FRAME - 241]).toBe(1);
    expect(queue.pull()).toBeUndefined();
    queue.push(samples(40));
    queue.end();
    const resumed = queue.pull();
    expect(resumed?.samples[0]).toBe(0);
    expect(resumed?.samples[240]).toBe(1);
    expect(resumed?.first).toBe(false);
    expect(queue.pull()?.last).toBe(true);
  });

  it('says at the end of a phrase that nothing is left of it', () => {
    queue.begin(1);
    expect(queue.end()).toBe(true);
    queue.begin(2);
    queue.push(samples(20));
    queue.pull();
    expect(queue.end()).toBe(true);
    expect(queue.bufferedMs).toBe(0);
  });

  it('takes no samples without a phrase they belong to', () => {
    expect(() => {
      queue.push(samples(20));
    }).toThrow('no phrase');
    expect(() => queue.end()).toThrow('no phrase');
    enqueue(1, 20);
    expect(() => {
      queue.push(samples(20));
    }).toThrow('no phrase');
  });
});
