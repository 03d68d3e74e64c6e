/** How often a process is asked for a sign of life. */
export const BEAT_MS = 500;
/** So many beats without one before a process is doubted: what is new goes elsewhere. */
const DOUBTFUL_BEATS = 2;

/** Calls `beat` again and again until disposed. */
export type Every = (ms: number, beat: () => void) => Disposable;

export interface HeartbeatOptions {
  /** Resolves with a sign of life. A rejection is none. */
  readonly ask: () => Promise<unknown>;
  /** No sign of life for so long means that the process hangs. */
  readonly hungAfterMs: number;
  /** Called once; there are no beats after it. */
  readonly onHung: () => void;
  readonly every?: Every;
}

/**
 * Notices that a process hangs, which its parent is told by nobody. Silence is counted in our own
 * beats and not by the clock: while this process is stopped or starved it beats no more often than
 * it can hear answers, so that its own stall is nobody else's fault.
 */
export class Heartbeat implements Disposable {
  readonly #options: HeartbeatOptions;
  readonly #beats: Disposable;
  /** Beats since the last sign of life. */
  #silentBeats = 0;
  #asking = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    const { every = onTimer } = options;
    this.#beats = every(BEAT_MS, () => {
      this.#beat();
    });
  }

  /** Whether a sign of life is overdue. */
  get doubtful(): boolean {
    return this.#silentBeats > DOUBTFUL_BEATS;
  }

  [Symbol.dispose](): void {
    this.#beats[Symbol.dispose]();
  }

  #beat(): void {
    const { hungAfterMs, onHung } = this.#options;
    this.#silentBeats += 1;
    // The question goes out with the first beat, so that one more than the limit have been in vain.
    if ((this.#silentBeats - 1) * BEAT_MS >= hungAfterMs) {
      this.#beats[Symbol.dispose]();
      onHung();
    } else if (!this.#asking) {
      void this.#ask();
    }
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      await this.#options.ask();
      this.#silentBeats = 0;
    } catch {
      // The next beat asks again; a process that has ended is told of by its exit.
    } finally {
      this.#asking = false;
    }
  }
}

const onTimer: Every = (ms, beat) => {
  const timer = setInterval(beat, ms);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
};
