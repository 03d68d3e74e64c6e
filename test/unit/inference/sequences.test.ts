import { describe, expect, it, vi } from 'vitest';
import { Sequences, type Held } from '../../../inference/sequences.ts';
import { eventually } from '../../support/eventually.ts';

const never = new AbortController().signal;
const part = (sequence: number, start = false, end = false) => ({ sequence, start, end });

class FakeHeld implements Held {
  readonly name: number;
  forgotten = 0;

  constructor(name: number) {
    this.name = name;
  }

  forget(): Promise<void> {
    this.forgotten++;
    return Promise.resolve();
  }
}

function stage(idleMs = 60_000) {
  const opened: FakeHeld[] = [];
  const counts: number[] = [];
  const onIdle = vi.fn();
  const sequences = new Sequences<FakeHeld>({
    idleMs,
    onIdle,
    onCount: (count) => counts.push(count),
    open: () => {
      const held = new FakeHeld(opened.length);
      opened.push(held);
      return held;
    },
  });
  return { sequences, opened, counts, onIdle };
}

const name = (held: FakeHeld) => Promise.resolve(held.name);

describe('sequences', () => {
  it('keep what they hold from start to end', async () => {
    const { sequences, opened, counts } = stage();
    expect(await sequences.part(part(1, true), name, never)).toBe(0);
    expect(await sequences.part(part(2, true), name, never)).toBe(1);
    expect(await sequences.part(part(1), name, never)).toBe(0);
    expect(await sequences.part(part(1, false, true), name, never)).toBe(0);
    expect(counts).toEqual([1, 2, 1]);
    expect(opened[0]?.forgotten).toBe(0);
    await sequences.close();
    expect(opened[1]?.forgotten).toBe(1);
  });

  it('are worked on in the order their parts came', async () => {
    const { sequences } = stage();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const log: string[] = [];
    const first = sequences.part(part(1, true), () => promise.then(() => log.push('first')), never);
    const second = sequences.part(part(1), () => Promise.resolve(log.push('second')), never);
    const other = sequences.part(
      part(2, true, true),
      () => Promise.resolve(log.push('other')),
      never,
    );
    await other;
    resolve(undefined);
    await Promise.all([first, second]);
    expect(log).toEqual(['other', 'first', 'second']);
    await sequences.close();
  });

  it('must be started', async () => {
    const { sequences } = stage();
    await expect(sequences.part(part(1), name, never)).rejects.toMatchObject({
      code: 'badRequest',
    });
    await sequences.part(part(1, true, true), name, never);
    await expect(sequences.part(part(1), name, never)).rejects.toMatchObject({
      code: 'badRequest',
    });
  });

  it('begin anew when started again', async () => {
    const { sequences, opened, counts } = stage();
    await sequences.part(part(1, true), name, never);
    expect(await sequences.part(part(1, true), name, never)).toBe(1);
    expect(opened.map(({ forgotten }) => forgotten)).toEqual([1, 0]);
    expect(counts.at(-1)).toBe(1);
    await sequences.close();
  });

  it('end when a part fails', async () => {
    const { sequences, opened, counts } = stage();
    await sequences.part(part(1, true), name, never);
    const failing = sequences.part(part(1), () => Promise.reject(new Error('broken')), never);
    await expect(failing).rejects.toThrow('broken');
    expect(opened[0]?.forgotten).toBe(1);
    expect(counts.at(-1)).toBe(0);
  });

  it('end when their asker goes, also in the middle of a part', async () => {
    const { sequences, opened } = stage();
    const asker = new AbortController();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let begun = false;
    const hang = () => {
      begun = true;
      return promise;
    };
    const hanging = sequences.part(part(1, true), hang, asker.signal);
    await eventually(() => begun);
    const next = sequences.part(part(1), name, never);
    asker.abort();
    await eventually(() => opened[0]?.forgotten === 1);
    resolve(undefined);
    await hanging;
    await expect(next).rejects.toMatchObject({ code: 'badRequest' });
    expect(opened[0]?.forgotten).toBe(1);
  });

  it('of askers who went are not given up a second time', async () => {
    const { sequences, opened, onIdle } = stage(1);
    const asker = new AbortController();
    const abort = () => {
      asker.abort();
      return Promise.resolve();
    };
    await sequences.part(part(1, true), abort, asker.signal);
    await sequences.part(part(2, true), name, never);
    await eventually(() => opened[1]?.forgotten === 1);
    expect(onIdle).toHaveBeenCalledOnce();
    expect(opened[0]?.forgotten).toBe(1);
  });

  it('are given up when nothing is heard of them', async () => {
    const { sequences, opened, onIdle } = stage(5);
    await sequences.part(part(1, true), name, never);
    await eventually(() => opened[0]?.forgotten === 1);
    expect(onIdle).toHaveBeenCalledOnce();
    await expect(sequences.part(part(1), name, never)).rejects.toMatchObject({
      code: 'badRequest',
    });
  });

  it('count nothing that could not be opened', async () => {
    const counts: number[] = [];
    const sequences = new Sequences<FakeHeld>({
      idleMs: 1_000,
      onIdle: () => undefined,
      onCount: (count) => counts.push(count),
      open: () => {
        throw new Error('full');
      },
    });
    await expect(sequences.part(part(1, true), name, never)).rejects.toThrow('full');
    expect(counts).toEqual([]);
  });
});
