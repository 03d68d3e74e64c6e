import { setImmediate } from 'node:timers/promises';
import type { Scheduler } from 'fast-check';
import { RequestError } from '../../server/errors.ts';

/** Turns of the event loop after which whatever goes on by itself has come to an end. */
const IDLE_TURNS = 20;

/** All that is under way, released by fast-check's scheduler. */
export class Traffic {
  readonly scheduler: Scheduler;
  #underWay = 0;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  /** Resolves in an event of its own, as answers come over a pipe or a socket. */
  async released(name: string, after: Promise<unknown>): Promise<void> {
    this.#underWay += 1;
    await Promise.all([after, this.scheduler.schedule(Promise.resolve(), name)]);
    await setImmediate();
    this.#underWay -= 1;
  }

  /** Releases at most so many. */
  async release(count: number): Promise<void> {
    for (let i = 0; i < count && this.scheduler.count() > 0; i += 1) {
      await this.scheduler.waitNext(1);
      await setImmediate();
    }
  }

  /** Releases all, and all that follows from it. */
  async quiet(): Promise<void> {
    for (let idle = 0; idle < IDLE_TURNS; idle += 1) {
      if (this.#underWay > 0) idle = 0;
      if (this.scheduler.count() > 0) await this.scheduler.waitNext(1);
      await setImmediate();
    }
  }
}

/** One way to another process: what is asked over it is answered in order, or not at all. */
export class Channel {
  readonly #traffic: Traffic;
  readonly #name: string;
  #tail: Promise<unknown> = Promise.resolve();
  #life = 0;

  constructor(traffic: Traffic, name: string) {
    this.#traffic = traffic;
    this.#name = name;
  }

  /** The process at the other end dies: whoever still waits is told that it is gone. */
  cut(): void {
    this.#life += 1;
  }

  /** Resolves when the scheduler says so, after all that was passed before. */
  async pass(): Promise<void> {
    const mine = this.#traffic.released(this.#name, this.#tail);
    this.#tail = mine;
    await mine;
  }

  /** The object, each of whose answers comes later, though what was asked is done at once. */
  behind<T extends object>(object: T): T {
    return new Proxy(object, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, target, args);
          return result instanceof Promise ? this.#answered(result) : result;
        };
      },
    });
  }

  async #answered(result: Promise<unknown>): Promise<unknown> {
    const life = this.#life;
    const [outcome] = await Promise.all([settle(result), this.pass()]);
    if (life !== this.#life) throw new RequestError('unavailable', `${this.#name} is gone`);
    if ('error' in outcome) throw outcome.error;
    const { value } = outcome;
    return isObject(value) && hasMethods(value) ? this.behind(value) : value;
  }
}

async function settle(
  promise: Promise<unknown>,
): Promise<{ readonly value: unknown } | { readonly error: unknown }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function hasMethods(value: object): boolean {
  return Object.values(value).some((each) => typeof each === 'function');
}
