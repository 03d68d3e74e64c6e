import { setImmediate, setTimeout } from 'node:timers/promises';

/** Turns of the event loop in which most things happen; after them the processor is left to others. */
const EAGER_TURNS = 50;
const POLL_MS = 5;

/**
 * Resolves as soon as the condition holds. A condition that never holds ends with the test's own
 * timeout.
 */
export async function eventually(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    await (turn < EAGER_TURNS ? setImmediate() : setTimeout(POLL_MS));
  }
}
