import { InferenceError } from '../protocol/inference-error.ts';
import type { InferenceMetrics } from '../metrics.ts';
import { SPEECH_RATE } from '../protocol/task-models.ts';
import type { Task } from './canary.ts';
import type { Text } from './decode.ts';
import { FairQueue } from './fair-queue.ts';
import type { CanaryOptions } from './options.ts';
import type { Recogniser } from './recogniser.ts';

interface Job {
  readonly who: string;
  readonly task: Task;
  readonly signal: AbortSignal;
  readonly since: number;
  readonly done: PromiseWithResolvers<readonly Text[]>;
}

/** Heard together, utterances may take so much longer than the time of each added up. */
const WASTE = 1.25;

export interface DispatcherParts {
  readonly recogniser: Recogniser;
  readonly options: CanaryOptions;
  readonly metrics: InferenceMetrics;
  readonly now?: () => number;
}

/**
 * Gives the recogniser one batch at a time. Utterances that have ended come first, in turns, those of
 * about one length together. While nothing waits, one that is still being spoken may be read; it
 * makes room as soon as another ends.
 */
export class Dispatcher {
  readonly #recogniser: Recogniser;
  readonly #options: CanaryOptions;
  readonly #metrics: InferenceMetrics;
  readonly #queue: FairQueue<Job>;
  readonly #now: () => number;
  #busy = false;
  /** Ends the reading of what is still being spoken. */
  #early: AbortController | undefined;

  constructor({ recogniser, options, metrics, now = () => performance.now() }: DispatcherParts) {
    this.#recogniser = recogniser;
    this.#options = options;
    this.#metrics = metrics;
    this.#queue = new FairQueue(options.waitingUtterances, metrics.queue('canary'));
    this.#now = now;
  }

  get idle(): boolean {
    return !this.#busy && this.#queue.length === 0;
  }

  /** The texts of an utterance that has ended. Rejects with an InferenceError, or the abort's reason. */
  async read(who: string, task: Task, signal: AbortSignal): Promise<readonly Text[]> {
    signal.throwIfAborted();
    const done = Promise.withResolvers<readonly Text[]>();
    const job: Job = { who, task, signal, since: this.#now(), done };
    this.#queue.add(who, job);
    const leave = () => {
      this.#queue.remove(who, job);
      done.reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#early?.abort();
    void this.#work();
    try {
      return await done.promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** The texts of an utterance that goes on; undefined when others need the recogniser more. */
  async readEarly(task: Task, signal: AbortSignal): Promise<readonly Text[] | undefined> {
    if (!this.idle) {
      this.#metrics.dropped.inc({ queue: 'canary-early', reason: 'busy' });
      return undefined;
    }
    this.#busy = true;
    const early = new AbortController();
    this.#early = early;
    try {
      const [texts] = await this.#recognise([task], AbortSignal.any([early.signal, signal]));
      if (texts?.every(({ ending }) => ending !== 'cancelled')) return texts;
      this.#metrics.dropped.inc({ queue: 'canary-early', reason: 'cancelled' });
      return undefined;
    } finally {
      this.#early = undefined;
      this.#busy = false;
      void this.#work();
    }
  }

  /** Works until nothing waits. Never rejects: each job has its own end. */
  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#queue.length > 0) {
      const taken = this.#queue.take(this.#options.maxBatch, fitTogether);
      const jobs = taken.filter((job) => !this.#isLate(job));
      if (jobs.length > 0) await this.#together(jobs);
    }
    this.#busy = false;
  }

  #isLate({ since, done }: Job): boolean {
    if (this.#now() - since <= this.#options.waitDeadlineMs) return false;
    this.#metrics.dropped.inc({ queue: 'canary', reason: 'late' });
    done.reject(new InferenceError('overloaded', 'the utterance waited too long'));
    return true;
  }

  /** What fails together is tried one by one, so that nobody fails by another’s fault. */
  async #together(jobs: readonly Job[]): Promise<void> {
    try {
      const texts = await this.#recognise(
        jobs.map(({ task }) => task),
        allAborted(jobs.map(({ signal }) => signal)),
      );
      for (const [index, { done }] of jobs.entries()) done.resolve(texts[index] ?? []);
    } catch (error) {
      const isNobodys = error instanceof InferenceError && error.retryable;
      if (isNobodys || jobs.length === 1) for (const { done } of jobs) done.reject(error);
      else for (const job of jobs) if (!job.signal.aborted) await this.#together([job]);
    }
  }

  async #recognise(tasks: readonly Task[], cancelled: AbortSignal) {
    const { texts, encodeMs, decodeMs } = await this.#recogniser.recognise(tasks, cancelled);
    const { stageSeconds, realTimeFactor } = this.#metrics;
    stageSeconds.observe({ stage: 'encode' }, encodeMs / 1000);
    stageSeconds.observe({ stage: 'decode' }, decodeMs / 1000);
    const samples = tasks.reduce((sum, { audio }) => sum + audio.length, 0);
    realTimeFactor.observe((encodeMs + decodeMs) / ((samples / SPEECH_RATE) * 1000));
    return texts;
  }
}

/** Whether an utterance is so long as the others that little is wasted on filling up. */
function fitTogether(jobs: readonly Job[], job: Job): boolean {
  const lengths = [...jobs, job].map(({ task }) => Math.max(task.audio.length, SPEECH_RATE));
  const useful = lengths.reduce((sum, length) => sum + length, 0);
  return Math.max(...lengths) * lengths.length <= WASTE * useful;
}

/** Aborted once every one of them is. */
function allAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  for (const signal of signals) {
    signal.addEventListener('abort', () => {
      if (signals.every(({ aborted }) => aborted)) all.abort();
    });
  }
  return all.signal;
}
