import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { SupervisedChild } from '../../../../server/supervise/child-process.ts';
import { alive } from '../../../support/processes.ts';
import { silent } from '../../../support/room-stage.ts';

type ToChild = { readonly type: 'shutdown' | 'die' | 'hello' };
type FromChild =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'echo'; readonly message: unknown };

/** Starts, ends and messages of one child, in order. */
class Story {
  readonly happened: string[] = [];
  readonly pids: number[] = [];
  readonly child: SupervisedChild<ToChild, FromChild>;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor(options: object = {}) {
    this.child = new SupervisedChild<ToChild, FromChild>({
      name: 'test',
      entry: join(import.meta.dirname, '../../../fixtures/processes/child.mjs'),
      options,
      shutdown: { type: 'shutdown' },
      onUp: ({ pid }) => {
        this.pids.push(pid);
        this.#add('up');
      },
      onDown: () => {
        this.#add('down');
      },
      onMessage: ({ type }) => {
        this.#add(type);
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
    expect(story.child.restarts).toBe(1);
  });

  test('that hangs can be killed and is started again', async () => {
    story = new Story();
    await story.until(1);
    story.child.kill();
    expect(await story.until(3)).toEqual(['up', 'down', 'up']);
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
