import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Counted, Counts, Took, Tally } from './messages.ts';

const zero = (): Record<Counted, number> => ({
  ...{ present: 0, received: 0, late: 0, lost: 0 },
  ...{ said: 0, heard: 0, captions: 0 },
});

const RESOLUTION_MS = 10;

/** Where this process's own clock begins on CLOCK_MONOTONIC, which all processes share. */
const origin = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** What the bots of one process have gone through since it was last taken. */
export class Tallying {
  #joins: Took[] = [];
  #firstVoices: Took[] = [];
  #voices: Took[] = [];
  #counts = zero();
  #refusals = new Map<string, number>();
  #faults = new Map<string, number>();
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#delay.enable();
  }

  count(what: Counted, by = 1): void {
    this.#counts[what] += by;
  }

  refused(where: string, code: string): void {
    increment(this.#refusals, `${where}: ${code}`);
  }

  fault(what: string): void {
    increment(this.#faults, what);
  }

  /** Times are `performance.now()`. */
  joined(since: number, now: number): void {
    this.#joins.push(took(since, now));
  }

  firstVoice(since: number, now: number): void {
    this.#firstVoices.push(took(since, now));
  }

  voice(since: number, now: number): void {
    this.#voices.push(took(since, now));
    this.count('heard');
  }

  take(): Tally {
    const tally = {
      joins: this.#joins,
      firstVoices: this.#firstVoices,
      voices: this.#voices,
      counts: this.#counts,
      refusals: Object.fromEntries(this.#refusals) satisfies Counts,
      faults: Object.fromEntries(this.#faults) satisfies Counts,
      // It counts the time between two looks, which is never less than what was asked for.
      loopDelayMs: Math.max(0, this.#delay.max / 1e6 - RESOLUTION_MS),
    };
    this.#joins = [];
    this.#firstVoices = [];
    this.#voices = [];
    this.#counts = zero();
    this.#refusals = new Map();
    this.#faults = new Map();
    this.#delay.reset();
    return tally;
  }
}

const took = (since: number, now: number): Took => ({ at: origin + now, ms: now - since });

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
