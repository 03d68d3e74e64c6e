import type { Report } from '../report.ts';
import { RunError } from '../run.ts';

/** Where fewer phrases were heard, something else had the processors, and costs are not what they seem. */
const LEAST_HEARD = 0.8;
/** On a machine that is fuller, what is more is done later and costs nothing more. */
const FULLEST = 0.85;

/** Throws a RunError when a load cannot tell what things cost. */
export function requireGood(
  report: Pick<Report, 'joins' | 'phrases' | 'processes' | 'bots' | 'machine'>,
): void {
  const { joins, phrases, processes, bots, machine } = report;
  const missing = joins.asked - joins.done;
  if (missing > 0)
    throw new RunError(`${missing} could not come in; nothing can be said of costs.`);
  const busyMs = processes.reduce((sum, each) => sum + each.cpuMsPerSecond, bots.cpuMsPerSecond);
  const share = busyMs / (1_000 * machine.cores);
  if (share > FULLEST) {
    throw new RunError(
      `The processors were ${Math.round(100 * share)} % busy, which hides what things cost: ask for fewer meetings.`,
    );
  }
  if ((phrases.heardShare ?? 0) >= LEAST_HEARD) return;
  throw new RunError(
    `Only ${phrases.heard} of ${phrases.said} phrases were heard: this machine is too busy to measure costs.`,
  );
}
