import type { Clock } from './clock.ts';
import type { StageStats } from './messages.ts';
import type { StageMeter } from './stage.ts';

/** Two such windows make up what counts as "lately". */
const WINDOW_MS = 10_000;

/** What one stage did, over all streams. Counting allocates nothing. */
class StageTally implements StageMeter {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #dropped = new Map<string, number>();
  #in = 0;
  #out = 0;
  /** Slowest of the window under way and of the one before it. */
  #slowest = 0;
  #slowestBefore = 0;
  #windowEnds = -Infinity;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  in(): void {
    this.#in += 1;
  }

  out(count: number): void {
    this.#out += count;
  }

  drop(reason: string): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  took(ms: number): void {
    this.#roll();
    if (ms > this.#slowest) this.#slowest = ms;
  }

  stats(stage: string): StageStats {
    this.#roll();
    return {
      stage,
      in: this.#in,
      out: this.#out,
      dropped: Object.fromEntries(this.#dropped),
      slowestMs: Math.max(this.#slowest, this.#slowestBefore),
    };
  }

  #roll(): void {
    const now = this.#clock.now();
    if (now < this.#windowEnds) return;
    this.#slowestBefore = now < this.#windowEnds + WINDOW_MS ? this.#slowest : 0;
    this.#slowest = 0;
    this.#windowEnds = now + WINDOW_MS;
  }
}

/** The stages of one thread, each counted under its name, whichever stream it works for. */
export class Tallies {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #stages = new Map<string, StageTally>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The meter of a stage; the same one for every stream. */
  stage(name: string): StageMeter {
    const known = this.#stages.get(name);
    if (known !== undefined) return known;
    const tally = new StageTally(this.#clock);
    this.#stages.set(name, tally);
    return tally;
  }

  get stats(): readonly StageStats[] {
    return Array.from(this.#stages, ([name, tally]) => tally.stats(name));
  }
}
