import { HEARD } from './levels.ts';

/** Until something was heard: quiet for so long, and the microphone is suspected. */
const NEVER_HEARD_MS = 6_000;
/** Later people are quiet for minutes; a microphone that works still has noise of its own. */
const DEAD_MS = 15_000;
/** Below this (-120 dBFS) there is no noise either: nothing is connected, or a switch is off. */
const DEAD = 1e-6;
/** The browser itself says that nothing comes; it also does so for a moment when devices change. */
const MUTED_MS = 2_000;

export interface MicrophoneMoment {
  /** Root mean square, 0 to 1. */
  readonly value: number;
  /** The browser or the system holds the sound back (MediaStreamTrack.muted). */
  readonly muted: boolean;
  /** Whether the level can be read at all now. */
  readonly listening: boolean;
}

/** Tells a microphone that picks nothing up from a person who says nothing. Times in milliseconds. */
export class SilenceWatch {
  #heard = false;
  #quietSince: number | undefined;
  #deadSince: number | undefined;
  #mutedSince: number | undefined;

  /** Whether anything was ever heard. */
  get heard(): boolean {
    return this.#heard;
  }

  /** Whether the microphone seems to be dead. */
  push({ value, muted, listening }: MicrophoneMoment, now: number): boolean {
    if (!listening) {
      this.#quietSince = this.#deadSince = this.#mutedSince = undefined;
      return false;
    }
    if (value > HEARD) this.#heard = true;
    this.#quietSince = value > HEARD ? undefined : (this.#quietSince ?? now);
    this.#deadSince = value > DEAD ? undefined : (this.#deadSince ?? now);
    this.#mutedSince = muted ? (this.#mutedSince ?? now) : undefined;
    const longer = (since: number | undefined, ms: number): boolean =>
      since !== undefined && now - since > ms;
    return (
      longer(this.#mutedSince, MUTED_MS) ||
      longer(this.#deadSince, DEAD_MS) ||
      (!this.#heard && longer(this.#quietSince, NEVER_HEARD_MS))
    );
  }
}
