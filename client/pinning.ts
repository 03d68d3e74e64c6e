/** Pixels from the end that still count as the end. */
const NEAR = 48;

/** Where a scrolling box is. */
export interface Place {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

/**
 * Whether a box that follows its end goes on following it. Only someone who scrolls up lets go of it:
 * where the content has grown meanwhile, the end is far away though nobody has moved.
 */
export function staysPinned(pinned: boolean, before: Place | undefined, now: Place): boolean {
  if (now.scrollHeight - now.scrollTop - now.clientHeight < NEAR) return true;
  return pinned && (before === undefined || now.scrollTop >= before.scrollTop);
}
