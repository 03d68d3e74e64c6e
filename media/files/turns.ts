/** Lets so many in at once; the others wait in order. */
export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Does the work when its turn comes. Rejects with the signal's reason when that comes first. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#taken -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#taken >= this.#most) {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      const enter = (): void => {
        this.#taken += 1;
        resolve(undefined);
      };
      const leave = (): void => {
        const at = this.#waiting.indexOf(enter);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      this.#waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
      await promise.finally(() => {
        signal.removeEventListener('abort', leave);
      });
      return;
    }
    this.#taken += 1;
  }
}
