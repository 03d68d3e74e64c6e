import { InferenceError } from '../protocol/inference-error.ts';
import type { InferenceMetrics } from '../metrics.ts';
import { SPEECH_RATE } from '../protocol/task-models.ts';
import { currentSpan } from '../protocol/tracing/span.ts';
import type { Span } from '../protocol/tracing/span.ts';
import type { Task } from './canary.ts';
import type { Text } from './decode.ts';
import type { QueueGauge } from '../process/serial-queue.ts';
import { FairQueue } from './fair-queue.ts';
import type { CanaryOptions } from './options.ts';
import type { Recogniser } from './recogniser.ts';

interface Job {
  readonly who: string;
  readonly task: Task;
  readonly signal: AbortSignal;
  readonly since: number;
  /** Called when its turn has come. */
  readonly begins: () => void;
  /** What it is a part of. */
  readonly span: Span | undefined;
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
  readonly #gauge: QueueGauge;
  readonly #now: () => number;
  #busy = false;
  /** Ends the reading of what is still being spoken. */
  #early: AbortController | undefined;

  constructor({ recogniser, options, metrics, now = () => performance.now() }: DispatcherParts) {
    this.#recogniser = recogniser;
    this.#options = options;
    this.#metrics = metrics;
    this.#gauge = metrics.queue('canary');
    this.#queue = new FairQueue(options.waitingUtterances, this.#gauge);
    this.#now = now;
  }

  get idle(): boolean {
    return !this.#busy && this.#queue.length === 0;
  }

  /** The texts of an utterance that has ended. Rejects with an InferenceError, or the abort's reason. */
  async read(who: string, task: Task, signal: AbortSignal): Promise<readonly Text[]> {
    signal.throwIfAborted();
    const done = Promise.withResolvers<readonly Text[]>();
    const [begins, span] = [this.#gauge.waits(), currentSpan()];
    const job: Job = { who, task, signal, since: this.#now(), begins, span, done };
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
      const cancelled = AbortSignal.any([early.signal, signal]);
      const [texts] = await this.#recognise([{ task, span: currentSpan() }], cancelled);
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
      for (const { begins } of taken) begins();
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
      const texts = await this.#recognise(jobs, allAborted(jobs.map(({ signal }) => signal)));
      for (const [index, { done }] of jobs.entries()) done.resolve(texts[index] ?? []);
    } catch (error) {
      const isNobodys = error instanceof InferenceError && error.retryable;
      if (isNobodys || jobs.length === 1) for (const { done } of jobs) done.reject(error);
      else for (const job of jobs) if (!job.signal.aborted) await this.#together([job]);
    }
  }

  async #recognise(jobs: readonly Pick<Job, 'task' | 'span'>[], cancelled: AbortSignal) {
    const tasks = jobs.map(({ task }) => task);
    const spans = jobs.map(({ span }) => span?.child('decode', { facts: { batch: jobs.length } }));
    const recognised = this.#recogniser.recognise(tasks, cancelled);
    const { texts, encodeMs, decodeMs } = await recognised.catch((error: unknown) => {
      for (const span of spans) span?.end({ failed: 'failed' });
      throw error;
    });
    for (const span of spans) span?.add({ encodeMs, decodeMs });
    for (const span of spans) span?.end();
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
