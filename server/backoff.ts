const FIRST_MS = 250;
/** With the seconds it takes to notice and to start, people wait for no longer than ten. */
const LONGEST_MS = 4_000;
/** A process that ran so long is forgiven its earlier deaths. */
const STABLE_MS = 30_000;

/** Pauses before one process is started again: they double while it keeps dying. */
export class Backoff {
  #next = FIRST_MS;

  /** The pause after a life of `livedMs`; 0 for a start that failed. */
  next(livedMs: number): number {
    if (livedMs >= STABLE_MS) this.#next = FIRST_MS;
    const pause = this.#next;
    this.#next = Math.min(pause * 2, LONGEST_MS);
    return pause;
  }
}
