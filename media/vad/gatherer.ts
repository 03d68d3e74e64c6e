import type { Clock } from '../clock.ts';

export interface GatherOptions {
  /** Longest wait of an item for others to share its run. 0: none waits but for the run before. */
  readonly gatherMs: number;
  /** Items that one run takes at most. */
  readonly maxBatch: number;
  /** How often a steady source hands in an item. */
  readonly periodMs: number;
}

/** Fewer items in a period gain too little from one another to wait. */
const ALONE = 2;

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what sources hand in independently of one another, so that one run serves many. An item
 * waits only if more than two came lately, and then until as many wait as came in one period (all
 * sources are there) or `gatherMs` have passed. Runs never overlap; what comes during one is taken by
 * the next, which follows at once. A source waits for its answer before it hands in again, so no more wait than there are
 * sources.
 */
export class Gatherer<In, Out> implements AsyncDisposable {
  readonly #run: (items: readonly In[]) => Promise<readonly Out[]>;
  readonly #clock: Clock;
  readonly #options: GatherOptions;
  #waiting: Waiting<In, Out>[] = [];
  #running: Promise<void> | undefined;
  #timer: Disposable | undefined;
  #closed = false;
  /** Items of the period under way and of the one before it. */
  #coming = 0;
  #came = 0;
  #periodEnds = -Infinity;

  /** `run` answers each item at its place. */
  constructor(
    run: (items: readonly In[]) => Promise<readonly Out[]>,
    clock: Clock,
    options: GatherOptions,
  ) {
    this.#run = run;
    this.#clock = clock;
    this.#options = options;
  }

  /** Resolves with the answer to the item; rejects when its run failed. */
  add(item: In): Promise<Out> {
    if (this.#closed) return Promise.reject(new Error('closed'));
    this.#count();
    const answered = new Promise<Out>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
    });
    this.#startOrWait();
    return answered;
  }

  /** What still waits is rejected; resolves when the run under way has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('closed'));
    await this.#running;
  }

  #count(): void {
    const { periodMs } = this.#options;
    const now = this.#clock.now();
    if (now >= this.#periodEnds) {
      this.#came = now < this.#periodEnds + periodMs ? this.#coming : 0;
      this.#coming = 0;
      this.#periodEnds = now + periodMs;
    }
    this.#coming += 1;
  }

  #startOrWait(): void {
    if (this.#running !== undefined) return;
    const { gatherMs, maxBatch } = this.#options;
    const expected = Math.min(Math.max(this.#came, this.#coming), maxBatch);
    if (gatherMs === 0 || expected <= ALONE || this.#waiting.length >= expected) {
      this.#start();
      return;
    }
    this.#timer ??= this.#clock.at(this.#clock.now() + gatherMs, () => {
      this.#start();
    });
  }

  #start(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const batch = this.#waiting.splice(0, this.#options.maxBatch);
    this.#running = this.#answer(batch).then(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0) this.#start();
    });
  }

  async #answer(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await this.#run(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new Error('the run left an item without answer'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
