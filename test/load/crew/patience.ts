import { setTimeout } from 'node:timers/promises';
import { Refused } from '../../support/chaos-line.ts';
import type { Tallying } from './tallying.ts';

/** Who came too often may come again after this. */
const WAIT_MS = 5_000;
/** Longer than the longest window of the server's limits. */
const PATIENCE_MS = 70_000;

/** What bots of one process share. */
export interface Outlook {
  readonly tallying: Tallying;
  /** The load is over. */
  readonly over: AbortSignal;
}

/**
 * Tries until the server no longer says that it is too soon. Undefined when it says no, and why has
 * been counted.
 */
export async function patiently<T>(
  { tallying, over }: Outlook,
  attempt: () => Promise<T>,
): Promise<T | undefined> {
  const until = performance.now() + PATIENCE_MS;
  const isOver = (): boolean => over.aborted;
  while (!isOver()) {
    try {
      return await attempt();
    } catch (error) {
      if (isOver()) return undefined;
      if (!(error instanceof Refused)) {
        tallying.fault(`not in: ${nameOf(error)}`);
        return undefined;
      }
      tallying.refused(error.where, error.code);
      if (error.code !== 'rateLimited' || performance.now() > until) return undefined;
      await setTimeout(WAIT_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Short, so that the same fault of many bots counts as one kind. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
