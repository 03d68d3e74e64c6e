import { setTimeout } from 'node:timers/promises';

/** Looks again and again until something holds; false when it has not within `withinMs`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 200,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await setTimeout(everyMs);
  }
  return true;
}
