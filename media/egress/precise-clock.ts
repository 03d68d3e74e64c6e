import type { Clock } from '../clock.ts';

/** Timers of the event loop are good to a millisecond or two; the rest is waited for asleep. */
const ASLEEP_MS = 2;

/** Where this thread's `performance.now()` begins on the clock that all threads share. */
export function originMs(): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}

/**
 * A clock for a thread that has nothing better to do than to be on time. Its time is that of the
 * thread with the given origin. Timers end in a wait on a semaphore, which blocks this thread for
 * up to two milliseconds and, other than a timer, is exact to a fraction of one.
 */
export function preciseClock(mainOriginMs: number): Clock {
  const shift = originMs() - mainOriginMs;
  const semaphore = new Int32Array(new SharedArrayBuffer(4));
  const now = (): number => performance.now() + shift;
  return {
    now,
    wall: () => Date.now(),
    at(deadline, callback) {
      const wake = (): void => {
        const left = deadline - now();
        if (left > 0) Atomics.wait(semaphore, 0, 0, left);
        callback();
      };
      const timer = setTimeout(wake, Math.max(0, deadline - now() - ASLEEP_MS));
      return {
        [Symbol.dispose]: () => {
          clearTimeout(timer);
        },
      };
    },
  };
}
