/**
 * Time as media/ sees it. Handed in everywhere, so that tests run on a clock of their own.
 */
export interface Clock {
  /** Monotonic milliseconds; the origin means nothing. */
  now(): number;
  /** Milliseconds since 1970, for what people read. */
  wall(): number;
  /** Calls back once, at or soon after `deadline` on the scale of `now()`. Disposing cancels. */
  at(deadline: number, callback: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  at(deadline, callback) {
    const timer = setTimeout(callback, Math.max(0, deadline - performance.now()));
    return {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
      },
    };
  },
};

/** Resolves true once `ms` have passed, or false as soon as the signal aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (elapsed: boolean): void => {
      timer[Symbol.dispose]();
      signal.removeEventListener('abort', abort);
      resolve(elapsed);
    };
    const abort = (): void => {
      settle(false);
    };
    const timer = clock.at(clock.now() + ms, () => {
      settle(true);
    });
    signal.addEventListener('abort', abort);
  });
}
