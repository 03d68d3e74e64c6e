import type { Clock } from './clock.ts';

/**
 * A step on the way of a packet: a pure function with memory. It holds no timer and reads no clock;
 * whoever drives it tells it the time.
 */
export interface Stage<In, Out> {
  push(item: In): readonly Out[];
  /** Releases what has waited long enough by `now`, without new input. */
  advance(now: number): readonly Out[];
  /** Releases everything held. */
  flush(): readonly Out[];
}

/** What is counted about a stage; made by the metrics, see metrics.ts. */
export interface StageMeter {
  in(): void;
  out(count: number): void;
  drop(reason: string): void;
  took(ms: number): void;
}

/** Wraps a stage so that what goes in, what comes out and how long it takes is counted. */
export function measured<In, Out>(
  stage: Stage<In, Out>,
  meter: StageMeter,
  clock: Pick<Clock, 'now'>,
): Stage<In, Out> {
  const timed = (run: () => readonly Out[]): readonly Out[] => {
    const started = clock.now();
    const out = run();
    meter.took(clock.now() - started);
    if (out.length > 0) meter.out(out.length);
    return out;
  };
  return {
    push(item) {
      meter.in();
      return timed(() => stage.push(item));
    },
    advance: (now) => timed(() => stage.advance(now)),
    flush: () => timed(() => stage.flush()),
  };
}

/** Counts one call of a stage that takes its time; a failure is a drop, for the reason it gives. */
export async function measuredCall<T>(
  call: () => Promise<T>,
  meter: StageMeter,
  clock: Pick<Clock, 'now'>,
  reasonOf: (error: unknown) => string,
): Promise<T> {
  meter.in();
  const started = clock.now();
  try {
    const answer = await call();
    meter.out(1);
    return answer;
  } catch (error) {
    meter.drop(reasonOf(error));
    throw error;
  } finally {
    meter.took(clock.now() - started);
  }
}
