import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { SupervisedChild } from '../../../../server/supervise/child-process.ts';
import { alive } from '../../../support/processes.ts';
import { silent } from '../../../support/room-stage.ts';

type ToChild = { readonly type: 'shutdown' | 'die' | 'hello' | 'ping' };
type FromChild =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'echo'; readonly message: unknown }
  | { readonly type: 'alive' };

/** Starts, ends and messages of one child, in order. */
class Story {
  readonly happened: string[] = [];
  readonly pids: number[] = [];
  readonly child: SupervisedChild<ToChild, FromChild>;
  #alive = Promise.withResolvers<undefined>();
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor(options: object = {}) {
    this.child = new SupervisedChild<ToChild, FromChild>({
      name: 'test',
      entry: join(import.meta.dirname, '../../../fixtures/processes/child.mjs'),
      options,
      shutdown: { type: 'shutdown' },
      ping: () => this.#ping(),
      hungAfterMs: 1_000,
      onUp: ({ pid }) => {
        this.pids.push(pid);
        this.#add('up');
      },
      onDown: () => {
        this.#add('down');
      },
      onMessage: ({ type }) => {
        if (type === 'alive') this.#alive.resolve(undefined);
        else this.#add(type);
      },
      log: silent,
    });
    this.child.start();
  }

  async until(count: number): Promise<readonly string[]> {
    if (this.happened.length < count) {
      await new Promise<void>((resolve) => {
        this.#waiting = { count, resolve };
      });
    }
    return this.happened;
  }

  #ping(): Promise<unknown> {
    this.#alive = Promise.withResolvers();
    this.child.send({ type: 'ping' });
    return this.#alive.promise;
  }

  #add(what: string): void {
    this.happened.push(what);
    if (this.#waiting && this.happened.length >= this.#waiting.count) this.#waiting.resolve();
  }
}

let story: Story;
afterEach(() => story.child.close());

describe('a supervised child', () => {
  test('is up once it says so, and is talked to', async () => {
    story = new Story();
    await story.until(1);
    expect(story.child.up).toBe(true);
    expect(story.child.send({ type: 'hello' })).toBe(true);
    expect(await story.until(2)).toEqual(['up', 'echo']);
  });

  test('that dies is started again', async () => {
    story = new Story();
    await story.until(1);
    story.child.send({ type: 'die' });
    expect(await story.until(3)).toEqual(['up', 'down', 'up']);
    expect(new Set(story.pids).size).toBe(2);
    expect(story.child).toMatchObject({ restarts: 1, hangs: 0 });
  });

  test('that hangs can be killed and is started again', async () => {
    story = new Story();
    await story.until(1);
    story.child.kill();
    expect(await story.until(3)).toEqual(['up', 'down', 'up']);
    expect(story.child.hangs).toBe(1);
  });

  test('that is stopped gives no sign of life: it is killed, counted and started again', async () => {
    story = new Story();
    await story.until(1);
    process.kill(story.child.pid ?? 0, 'SIGSTOP');
    expect(await story.until(3)).toEqual(['up', 'down', 'up']);
    expect(story.child).toMatchObject({ hangs: 1, restarts: 1 });
    expect(story.pids.filter(alive)).toEqual([story.child.pid]);
  });

  test('that was stopped for a moment goes on as if nothing had been', async () => {
    story = new Story();
    await story.until(1);
    process.kill(story.child.pid ?? 0, 'SIGSTOP');
    story.child.send({ type: 'hello' });
    process.kill(story.child.pid ?? 0, 'SIGCONT');
    expect(await story.until(2)).toEqual(['up', 'echo']);
    expect(story.child).toMatchObject({ hangs: 0, restarts: 0 });
  });

  test('ends when asked and is not started again', async () => {
    story = new Story();
    await story.until(1);
    await story.child.close();
    await story.child.close();
    expect(story.happened).toEqual(['up', 'down']);
    expect(story.child.send({ type: 'hello' })).toBe(false);
    expect(story.pids.some(alive)).toBe(false);
  });

  test('that will not end is ended by force', async () => {
    story = new Story({ stubborn: true });
    await story.until(1);
    await story.child.close();
    expect(story.pids.some(alive)).toBe(false);
  });

  test('that is closed before it was ever up leaves nothing behind', async () => {
    story = new Story({ ready: false });
    const { pid } = story.child;
    await story.child.close();
    expect(pid === undefined || alive(pid)).toBe(false);
    expect(story.happened).toEqual(['down']);
  });
});
