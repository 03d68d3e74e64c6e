/** Sooner after a phrase no voice can begin that speaks it: its end is known by a longer silence. */
const SOONEST_MS = 300;
/** Longer silence lies between the translations of two phrases, shorter ones within them. */
const BETWEEN_MS = 600;

export interface Verdicts {
  /** A phrase that is over was heard; both on the scale of `performance.now()`. */
  readonly heard: (saidAt: number, heardAt: number) => void;
  /** A phrase is over, and it is known whether it was heard. */
  readonly over: () => void;
}

/**
 * One listener asked about one speaker: was each phrase heard in translation, and how soon. A voice
 * that begins belongs to the last phrase that was over by then. So what comes later than the end of
 * the next phrase is taken for that one, and the phrase itself for not heard.
 */
export class Judge {
  readonly #ends: Iterator<number, never>;
  readonly #verdicts: Verdicts;
  #next: number;
  /** The end of the last phrase, while nothing of it was heard. */
  #open: number | undefined;
  #soundAt = -Infinity;

  /** `ends`: when phrases end, in order; those before `since` are none of this listener's. */
  constructor(ends: Iterator<number, never>, since: number, verdicts: Verdicts) {
    this.#ends = ends;
    this.#verdicts = verdicts;
    this.#next = ends.next().value;
    while (this.#next < since) this.#next = ends.next().value;
  }

  /** Translated sound at this moment. */
  sound(now: number): void {
    this.advance(now);
    const begins = now - this.#soundAt >= BETWEEN_MS;
    this.#soundAt = now;
    if (!begins || this.#open === undefined) return;
    this.#verdicts.heard(this.#open, now);
    this.#verdicts.over();
    this.#open = undefined;
  }

  /** Takes note of the phrases that have ended. */
  advance(now: number): void {
    while (this.#next < now - SOONEST_MS) {
      if (this.#open !== undefined) this.#verdicts.over();
      this.#open = this.#next;
      this.#next = this.#ends.next().value;
    }
  }
}
