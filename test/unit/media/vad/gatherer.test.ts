import { beforeEach, describe, expect, it } from 'vitest';
import { Gatherer } from '../../../../media/vad/gatherer.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { eventually } from '../../../support/eventually.ts';

const PERIOD_MS = 32;

let clock: FakeClock;
/** What each run took. */
let runs: string[][];
let broken: boolean;
let gate: Promise<void> | undefined;

beforeEach(() => {
  clock = new FakeClock(1000);
  runs = [];
  broken = false;
  gate = undefined;
});

const upperCase = async (items: readonly string[]): Promise<readonly string[]> => {
  runs.push([...items]);
  const fails = broken;
  await gate;
  if (fails) throw new Error('the model failed');
  return items.map((item) => item.toUpperCase());
};

const create = (changes: { gatherMs?: number; maxBatch?: number } = {}) =>
  new Gatherer(upperCase, clock, { gatherMs: 10, maxBatch: 16, periodMs: PERIOD_MS, ...changes });

/** A period in which so many sources hand in, so that the next one expects them. */
async function past(gatherer: Gatherer<string, string>, sources: number): Promise<void> {
  const answers = Array.from({ length: sources }, (_, at) => gatherer.add(String(at)));
  clock.advance(PERIOD_MS);
  await Promise.all(answers);
  runs = [];
}

describe('Gatherer', () => {
  it('lets neither of two sources wait', async () => {
    const gatherer = create();
    await past(gatherer, 2);
    expect(await gatherer.add('a')).toBe('A');
    clock.advance(5);
    expect(await gatherer.add('b')).toBe('B');
    expect(runs).toEqual([['a'], ['b']]);
  });

  it('runs once for all sources as soon as the last of them is there', async () => {
    const gatherer = create();
    await past(gatherer, 4);
    const answers = ['a', 'b', 'c'].map((item) => gatherer.add(item));
    clock.advance(3);
    expect(runs).toEqual([]);
    answers.push(gatherer.add('d'));
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D']);
    expect(runs).toEqual([['a', 'b', 'c', 'd']]);
    expect(clock.pending).toBe(0);
  });

  it('waits for sources that are late no longer than told', async () => {
    const gatherer = create();
    await past(gatherer, 4);
    const first = gatherer.add('a');
    clock.advance(6);
    const second = gatherer.add('b');
    clock.advance(3);
    expect(runs).toEqual([]);
    clock.advance(1);
    expect(await Promise.all([first, second])).toEqual(['A', 'B']);
    expect(runs).toEqual([['a', 'b']]);
  });

  it('forgets sources that have fallen silent', async () => {
    const gatherer = create();
    await past(gatherer, 8);
    clock.advance(3 * PERIOD_MS);
    expect(await gatherer.add('a')).toBe('A');
  });

  it('takes what comes during a run with the next one, which follows at once', async () => {
    const gatherer = create();
    let open = (): void => undefined;
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const answers = ['a', 'b', 'c', 'd', 'e'].map((item) => gatherer.add(item));
    expect(runs).toEqual([['a']]);
    open();
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(runs).toEqual([['a'], ['b', 'c', 'd', 'e']]);
    expect(clock.pending).toBe(0);
  });

  it('never takes more than fit, and leaves none behind', async () => {
    const gatherer = create({ maxBatch: 3 });
    const items = Array.from({ length: 8 }, (_, at) => `s${at}`);
    const answers = await Promise.all(items.map((item) => gatherer.add(item)));
    expect(answers).toEqual(items.map((item) => item.toUpperCase()));
    expect(runs.map((run) => run.length)).toEqual([1, 3, 3, 1]);
  });

  it('lets nobody wait when told not to', async () => {
    const gatherer = create({ gatherMs: 0 });
    await past(gatherer, 8);
    expect(await gatherer.add('a')).toBe('A');
  });

  it('tells only those of a failed run that it failed', async () => {
    const gatherer = create();
    broken = true;
    const failing = gatherer.add('a');
    broken = false;
    const fine = gatherer.add('b');
    await expect(failing).rejects.toThrow('the model failed');
    expect(await fine).toBe('B');
  });

  it('rejects what still waits when it is closed, after the run under way', async () => {
    const gatherer = create();
    await past(gatherer, 4);
    const waiting = gatherer.add('a');
    const closing = gatherer[Symbol.asyncDispose]();
    await expect(waiting).rejects.toThrow('closed');
    await closing;
    await expect(gatherer.add('b')).rejects.toThrow('closed');
    await eventually(() => clock.pending === 0);
    expect(runs).toEqual([]);
  });
});
