import { beforeEach, describe, expect, it } from 'vitest';
import { Lanes, type Lane } from '../../../../inference/translate-text/lanes.ts';

const never = new AbortController().signal;

let lanes: Lanes;
let done: string[];
let lengths: number[];
let drops: string[];

beforeEach(() => {
  done = [];
  lengths = [];
  drops = [];
  lanes = new Lanes(2, {
    setLength: (length) => lengths.push(length),
    dropped: (reason) => drops.push(reason),
    waits: () => () => undefined,
  });
});

const run = (lane: Lane, name: string, signal = never) =>
  lanes.run(
    lane,
    () => {
      done.push(name);
      return Promise.resolve(name);
    },
    signal,
  );

/** Keeps the lanes busy until what it returns is called. */
function busy(): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  void lanes.run('written', () => promise, never);
  return () => {
    resolve(undefined);
  };
}

describe('the lanes', () => {
  it('let what is spoken go before what is written, each in its order', async () => {
    const go = busy();
    const all = [run('written', 'w1'), run('spoken', 's1'), run('written', 'w2')];
    all.push(run('spoken', 's2'));
    go();
    expect(await Promise.all(all)).toEqual(['w1', 's1', 'w2', 's2']);
    expect(done).toEqual(['s1', 's2', 'w1', 'w2']);
    expect(lengths.at(-1)).toBe(0);
  });

  it('begin at once when nothing is done', async () => {
    expect(await run('written', 'w')).toBe('w');
    expect(Math.max(...lengths)).toBe(0);
  });

  it('refuse one more than may wait in a lane; the other has its own places', async () => {
    const go = busy();
    const written = [run('written', 'w1'), run('written', 'w2')];
    await expect(run('written', 'w3')).rejects.toMatchObject({ code: 'overloaded' });
    const spoken = run('spoken', 's');
    go();
    await Promise.all([...written, spoken]);
    expect(drops).toEqual(['full']);
  });

  it('are left at once by those whose asker goes', async () => {
    const go = busy();
    const asker = new AbortController();
    const leaving = run('spoken', 's', asker.signal);
    asker.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    expect(drops).toEqual(['cancelled']);
    await expect(run('spoken', 's', asker.signal)).rejects.toThrow('left');
    go();
    await run('written', 'w');
    expect(done).toEqual(['w']);
  });

  it('go on after a job that fails', async () => {
    const failing = lanes.run('spoken', () => Promise.reject(new Error('no')), never);
    const next = run('written', 'w');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('w');
  });
});
