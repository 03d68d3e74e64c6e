import { describe, expect, it } from 'vitest';
import { SerialQueue, type QueueGauge } from '../../../../inference/process/serial-queue.ts';
import { Slots } from '../../../../inference/process/slots.ts';

function gauge() {
  const lengths: number[] = [];
  const drops: string[] = [];
  const fake: QueueGauge = {
    setLength: (length) => lengths.push(length),
    dropped: (reason) => drops.push(reason),
    waits: () => () => undefined,
  };
  return { gauge: fake, lengths, drops };
}

const never = new AbortController().signal;

describe('a serial queue', () => {
  it('does one job at a time, in order, whether or not they succeed', async () => {
    const queue = new SerialQueue(10, gauge().gauge);
    const log: string[] = [];
    const job =
      (name: string, fails = false) =>
      async () => {
        log.push(`${name} begins`);
        await Promise.resolve();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      };
    const jobs = [
      queue.run(job('a'), never),
      queue.run(job('b', true), never),
      queue.run(job('c'), never),
    ];
    const results = await Promise.allSettled(jobs);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('refuses the newest when full, and counts it', async () => {
    const { gauge: counted, drops, lengths } = gauge();
    const queue = new SerialQueue(2, counted);
    const { promise, resolve } = Promise.withResolvers<string>();
    const running = queue.run(() => promise, never);
    await Promise.resolve();
    const waiting = [
      queue.run(() => Promise.resolve('b'), never),
      queue.run(() => Promise.resolve('c'), never),
    ];
    const refused = queue.run(() => Promise.resolve('d'), never);
    await expect(refused).rejects.toMatchObject({ code: 'overloaded' });
    resolve('a');
    expect(await Promise.all([running, ...waiting])).toEqual(['a', 'b', 'c']);
    expect(drops).toEqual(['full']);
    expect(lengths.at(-1)).toBe(0);
  });

  it('is idle while nothing waits and nothing is done', async () => {
    const queue = new SerialQueue(2, gauge().gauge);
    expect(queue.idle).toBe(true);
    const { promise, reject } = Promise.withResolvers<string>();
    const failing = queue.run(() => promise, never);
    expect(queue.idle).toBe(false);
    await Promise.resolve();
    expect(queue.idle).toBe(false);
    reject(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    expect(queue.idle).toBe(true);
  });

  it('skips a job that nobody waits for any more', async () => {
    const { gauge: counted, drops } = gauge();
    const queue = new SerialQueue(2, counted);
    const asker = new AbortController();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const running = queue.run(() => promise, never);
    let done = false;
    const skipped = queue.run(() => {
      done = true;
      return Promise.resolve();
    }, asker.signal);
    asker.abort(new Error('gone'));
    resolve(undefined);
    await running;
    await expect(skipped).rejects.toThrow('gone');
    expect(done).toBe(false);
    expect(drops).toEqual(['cancelled']);
  });
});

describe('slots', () => {
  it('are given at once while there are any, then in turn', async () => {
    const slots = new Slots(1, 5, gauge().gauge);
    const first = slots.take();
    const second = slots.take();
    const third = slots.take();
    expect([first.granted, second.granted, third.granted]).toEqual([true, false, false]);
    first.release();
    first.release();
    await second.ready;
    expect([second.granted, third.granted]).toEqual([true, false]);
    second.release();
    await third.ready;
    expect(third.granted).toBe(true);
  });

  it('refuse the newest when as many wait as may', () => {
    const { gauge: counted, drops } = gauge();
    const slots = new Slots(1, 1, counted);
    slots.take();
    slots.take();
    expect(() => slots.take()).toThrow(expect.objectContaining({ code: 'overloaded' }));
    expect(drops).toEqual(['full']);
  });

  it('forget who gives up waiting', async () => {
    const { gauge: counted, lengths } = gauge();
    const slots = new Slots(1, 1, counted);
    const first = slots.take();
    const impatient = slots.take();
    impatient.release();
    await expect(impatient.ready).rejects.toMatchObject({ code: 'unavailable' });
    const next = slots.take();
    first.release();
    await next.ready;
    expect(impatient.granted).toBe(false);
    expect(lengths).toEqual([1, 0, 1, 0]);
  });
});
