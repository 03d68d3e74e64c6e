import type { Clock } from '../../media/clock.ts';

interface Timer {
  readonly deadline: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is moved. Timers fire in order, each at its own deadline. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now;
  }

  at(deadline: number, callback: () => void): Disposable {
    const timer = { deadline, callback };
    this.#timers.add(timer);
    return {
      [Symbol.dispose]: () => {
        this.#timers.delete(timer);
      },
    };
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, firing every timer on the way when it is due. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#earliest(end); next !== undefined; next = this.#earliest(end)) {
      this.#now = Math.max(this.#now, next.deadline);
      this.#fire(next);
    }
    this.#now = end;
  }

  /** Moves on like a process that was stalled: timers that fell due fire late, all at the end. */
  stall(ms: number): void {
    this.#now += ms;
    const overdue = [...this.#timers].filter(({ deadline }) => deadline <= this.#now);
    for (const timer of overdue.toSorted((a, b) => a.deadline - b.deadline)) this.#fire(timer);
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    timer.callback();
  }

  #earliest(end: number): Timer | undefined {
    return [...this.#timers]
      .filter(({ deadline }) => deadline <= end)
      .toSorted((a, b) => a.deadline - b.deadline)[0];
  }
}
