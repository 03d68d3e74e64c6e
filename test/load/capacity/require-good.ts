import type { Report } from '../report.ts';
import { RunError } from '../run.ts';

/** Where fewer phrases were heard, something else had the processors, and costs are not what they seem. */
const LEAST_HEARD = 0.8;

/** Throws a RunError when a load cannot tell what things cost. */
export function requireGood({ joins, phrases }: Pick<Report, 'joins' | 'phrases'>): void {
  const missing = joins.asked - joins.done;
  if (missing > 0)
    throw new RunError(`${missing} could not come in; nothing can be said of costs.`);
  if ((phrases.heardShare ?? 0) >= LEAST_HEARD) return;
  throw new RunError(
    `Only ${phrases.heard} of ${phrases.said} phrases were heard: this machine is too busy to measure costs.`,
  );
}
