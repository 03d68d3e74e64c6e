/** What a speaker is told of those who hear them translated. */
export type FloorHint = 'waiting' | 'heard';

/** How long it is said that everyone has heard. */
export const HEARD_MS = 4_000;

export interface FloorView {
  /** An utterance of this person is under way. */
  readonly talking: boolean;
  /** Somebody's translated voice of it is being played. */
  readonly voiced: boolean;
  /** Something of it is still on its way to somebody. */
  readonly pending: boolean;
}

/**
 * Whose turn it is, for someone who speaks to listeners of other languages: after the last word the
 * others go on listening for a while, and who goes on at once talks over their own translation.
 * Time is passed in, milliseconds.
 */
export class Floor {
  /** A voice was heard since the last time that nothing was on its way. */
  #voiced = false;
  #heardUntil = -Infinity;

  push({ talking, voiced, pending }: FloorView, now: number): FloorHint | undefined {
    if (voiced) this.#voiced = true;
    if (!pending && this.#voiced) {
      this.#voiced = false;
      this.#heardUntil = now + HEARD_MS;
    }
    if (pending) this.#heardUntil = -Infinity;
    if (talking) return undefined;
    if (voiced) return 'waiting';
    return now < this.#heardUntil ? 'heard' : undefined;
  }
}
