import { describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../../../../inference/metrics.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { Agreement } from '../../../../inference/translate/agreement.ts';
import type { Task } from '../../../../inference/translate/canary.ts';
import { Dispatcher } from '../../../../inference/translate/dispatcher.ts';
import { FairQueue } from '../../../../inference/translate/fair-queue.ts';
import { canaryOptions } from '../../../support/canary-options.ts';
import { ScriptedRecogniser } from '../../../support/canary-recogniser.ts';
import { eventually } from '../../../support/eventually.ts';

const never = new AbortController().signal;
const always = () => true;

describe('work that waits', () => {
  const stage = (limit = 10) => {
    const lengths: number[] = [];
    const dropped: string[] = [];
    const queue = new FairQueue<string>(limit, {
      setLength: (length) => lengths.push(length),
      dropped: (reason) => dropped.push(reason),
      waits: () => () => undefined,
    });
    return { queue, lengths, dropped };
  };

  it('is taken in turns, one piece of each who asks', () => {
    const { queue, lengths } = stage();
    queue.add('1', 'a1');
    queue.add('1', 'a2');
    queue.add('1', 'a3');
    queue.add('2', 'b1');
    queue.add('3', 'c1');
    queue.add('2', 'b2');
    const order = Array.from({ length: 6 }, () => queue.take(1, always)[0]);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(queue.take(1, always)).toEqual([]);
    expect(lengths).toEqual([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0, 0]);
  });

  it('is taken together where it fits, and keeps its turn where it does not', () => {
    const { queue } = stage();
    for (const [who, work] of ['short', 'long', 'short too', 'short as well'].entries()) {
      queue.add(`${who}`, work);
    }
    const alike = ([first = '']: readonly string[], work: string) =>
      first.startsWith('long') === work.startsWith('long');
    expect(queue.take(2, alike)).toEqual(['short', 'short too']);
    expect(queue.take(2, alike)).toEqual(['long']);
    expect(queue.take(2, alike)).toEqual(['short as well']);
  });

  it('is refused when too much waits, and counted', () => {
    const { queue, dropped } = stage(1);
    queue.add('1', 'a');
    expect(() => {
      queue.add('2', 'b');
    }).toThrow(expect.objectContaining({ code: 'overloaded' }));
    expect(dropped).toEqual(['full']);
  });

  it('leaves when its asker does', () => {
    const { queue, dropped } = stage();
    queue.add('1', 'a');
    queue.add('2', 'b');
    expect(queue.remove('1', 'a')).toBe(true);
    expect(queue.remove('1', 'a')).toBe(false);
    expect(queue.take(5, always)).toEqual(['b']);
    expect(dropped).toEqual(['cancelled']);
  });
});

describe('two readings of a growing utterance', () => {
  /** Capitals begin a word. */
  const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
  const agree = (...readings: string[]) => {
    const agreement = new Agreement((token) => /[A-Z]/.test(String.fromCharCode(token)));
    for (const reading of readings) agreement.read(letters(reading));
    return String.fromCharCode(...agreement.committed);
  };

  it.each([
    ['commit nothing at first', ['OneTwo'], ''],
    ['commit what both begin with', ['OneTwoTh', 'OneTwoThree'], 'OneTwo'],
    ['commit a word once another follows it', ['OneTwo', 'OneTwoThree'], 'OneTwo'],
    ['never commit the last word', ['OneTwo', 'OneTwo'], 'One'],
    ['do not commit a word that one of them goes on with', ['OneTwo', 'OneTwofoldThree'], 'One'],
    ['do not commit a word that one of them ended sooner', ['OneTwofold', 'OneTwoThree'], 'One'],
    ['commit nothing where they differ at once', ['OneTwo', 'AnotherTwo'], ''],
    [
      'commit more with every one',
      ['OneT', 'OneTwoTh', 'OneTwoThreeF', 'OneTwoThreeFour'],
      'OneTwoThree',
    ],
    [
      'keep what is committed when a reading stops early',
      ['OneTwoT', 'OneTwoT', 'OneTwo'],
      'OneTwo',
    ],
    ['commit nothing of silence', ['', ''], ''],
  ])('%s', (_, readings, committed) => {
    expect(agree(...readings)).toBe(committed);
  });
});

describe('the recogniser', () => {
  const stage = (isHeld = true) => {
    const recogniser = new ScriptedRecogniser((task) => [task.audio.length], isHeld);
    const metrics = new InferenceMetrics();
    const time = { now: 0 };
    const dispatcher = new Dispatcher({
      recogniser,
      metrics,
      options: { ...canaryOptions('/nowhere'), maxBatch: 3, waitDeadlineMs: 1000 },
      now: () => time.now,
    });
    const dropped = async (queue: string, reason: string) => {
      const { values } = await metrics.dropped.get();
      return values.find(({ labels }) => labels['queue'] === queue && labels['reason'] === reason)
        ?.value;
    };
    return { recogniser, dispatcher, time, dropped };
  };
  const task = (seconds: number): Task => ({
    audio: new Float32Array(seconds * 16_000),
    texts: [{ prompt: [1], prefix: [] }],
  });
  const batchAt = async (recogniser: ScriptedRecogniser, at: number) => {
    await eventually(() => recogniser.batches.length > at);
    const batch = recogniser.batches[at];
    if (!batch) throw new Error('no batch');
    return batch;
  };

  it('is given together what waits and is of about one length', async () => {
    const { recogniser, dispatcher } = stage();
    const reading = [3, 4, 9, 4.1, 3.9].map((seconds, who) =>
      dispatcher.read(`${who}`, task(seconds), never),
    );
    for (let at = 0; at < 3; at += 1) (await batchAt(recogniser, at)).finish();
    const texts = await Promise.all(reading);
    expect(texts.map(([text]) => text?.tokens)).toEqual(
      [3, 4, 9, 4.1, 3.9].map((seconds) => [seconds * 16_000]),
    );
    expect(
      recogniser.batches.map(({ tasks }) => tasks.map(({ audio }) => audio.length / 16_000)),
    ).toEqual([[3], [4, 4.1, 3.9], [9]]);
  });

  it('reads what is still being spoken only while nothing else is to be done', async () => {
    const { recogniser, dispatcher, dropped } = stage();
    const ended = dispatcher.read('1', task(2), never);
    expect(await dispatcher.readEarly(task(1), never)).toBeUndefined();
    (await batchAt(recogniser, 0)).finish();
    await ended;
    await eventually(() => dispatcher.idle);
    const early = dispatcher.readEarly(task(1), never);
    (await batchAt(recogniser, 1)).finish();
    expect((await early)?.map(({ tokens }) => tokens)).toEqual([[16_000]]);
    expect(await dropped('canary-early', 'busy')).toBe(1);
  });

  it('gives up what is still being spoken when an utterance has ended', async () => {
    const { recogniser, dispatcher, dropped } = stage();
    const early = dispatcher.readEarly(task(1), never);
    const ended = dispatcher.read('2', task(2), never);
    expect(await early).toBeUndefined();
    (await batchAt(recogniser, 1)).finish();
    expect((await ended)[0]?.tokens).toEqual([32_000]);
    expect(await dropped('canary-early', 'cancelled')).toBe(1);
  });

  it('is not given what nobody waits for any more', async () => {
    const { recogniser, dispatcher, dropped } = stage();
    const first = dispatcher.read('1', task(1), never);
    const leaving = new AbortController();
    const left = dispatcher.read('2', task(9), leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    (await batchAt(recogniser, 0)).finish();
    await first;
    const last = dispatcher.read('3', task(3), never);
    (await batchAt(recogniser, 1)).finish();
    await last;
    expect(recogniser.batches).toHaveLength(2);
    expect(await dropped('canary', 'cancelled')).toBe(1);
  });

  it('is told once nobody wants what it is doing', async () => {
    const { recogniser, dispatcher } = stage();
    const leaving = [new AbortController(), new AbortController()];
    const blocking = dispatcher.read('9', task(1), never);
    const reading = leaving.map(({ signal }, who) => dispatcher.read(`${who}`, task(5), signal));
    (await batchAt(recogniser, 0)).finish();
    await blocking;
    const { tasks, cancelled } = await batchAt(recogniser, 1);
    expect(tasks).toHaveLength(2);
    for (const [at, one] of leaving.entries()) {
      expect(cancelled.aborted).toBe(false);
      one.abort();
      await expect(reading[at]).rejects.toThrow();
    }
    expect(cancelled.aborted).toBe(true);
  });

  it('is not given what has waited too long', async () => {
    const { recogniser, dispatcher, time, dropped } = stage();
    const first = dispatcher.read('1', task(1), never);
    const late = dispatcher.read('2', task(9), never);
    const told = expect(late).rejects.toMatchObject({ code: 'overloaded' });
    time.now = 1001;
    (await batchAt(recogniser, 0)).finish();
    await first;
    await told;
    expect(await dropped('canary', 'late')).toBe(1);
    expect(recogniser.batches).toHaveLength(1);
  });

  it('tries alone what failed together', async () => {
    const { recogniser, dispatcher } = stage();
    const blocking = dispatcher.read('9', task(1), never);
    const [good, bad] = [1, 2].map((who) => dispatcher.read(`${who}`, task(4 + who / 10), never));
    const told = expect(bad).rejects.toThrow('this one is bad');
    (await batchAt(recogniser, 0)).finish();
    await blocking;
    (await batchAt(recogniser, 1)).fail(new Error('one of them is bad'));
    (await batchAt(recogniser, 2)).finish();
    (await batchAt(recogniser, 3)).fail(new Error('this one is bad'));
    expect((await good)?.[0]?.tokens).toEqual([4.1 * 16_000]);
    await told;
  });

  it('that is not there fails for all that waited together', async () => {
    const { recogniser, dispatcher } = stage();
    const blocking = dispatcher.read('9', task(1), never);
    const reading = [1, 2].map((who) => dispatcher.read(`${who}`, task(4), never));
    const told = Promise.allSettled(reading);
    (await batchAt(recogniser, 0)).finish();
    await blocking;
    (await batchAt(recogniser, 1)).fail(new InferenceError('unavailable', 'starting'));
    expect(await told).toMatchObject(Array(2).fill({ reason: { code: 'unavailable' } }));
    expect(recogniser.batches).toHaveLength(2);
  });

  it('lets no more than so many wait', async () => {
    const { dispatcher } = stage();
    const waiting = Array.from({ length: 18 }, (_, who) =>
      dispatcher.read(`${who}`, task(1), never),
    );
    const outcomes = Promise.allSettled(waiting.slice(17));
    expect((await outcomes)[0]).toMatchObject({ reason: { code: 'overloaded' } });
  });
});
