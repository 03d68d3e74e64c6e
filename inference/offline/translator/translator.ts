import { join } from 'node:path';
import type { Logger } from 'pino';
import type { InferenceMetrics } from '../../metrics.ts';
import type { InferenceOptions } from '../../options.ts';
import { SerialQueue } from '../../process/serial-queue.ts';
import { Supervisor } from '../../process/supervisor.ts';
import { apertiumMode, type OfflineTarget } from '../languages.ts';
import { ApertiumPipeline } from './pipeline.ts';

/** An idle pipeline is given a word so often, so that one that hangs is found before it is needed. */
const PROBE_MS = 2_000;
const PROBE = 'hello';
/** Its answer takes three milliseconds where nothing else runs. */
const PROBE_DEADLINE_MS = 3_000;

const NEVER = new AbortController().signal;

export interface TranslatorParts {
  /** From English into `other`, or the other way. */
  readonly other: OfflineTarget;
  readonly direction: 'from' | 'into';
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

/** Translates one language into one other, as `apertium -u` does, one text after another. */
export class Translator implements AsyncDisposable {
  readonly #supervisor: Supervisor<ApertiumPipeline>;
  readonly #queue: SerialQueue;
  readonly #parts: TranslatorParts;
  readonly #probes: NodeJS.Timeout;

  private constructor(parts: TranslatorParts, supervisor: Supervisor<ApertiumPipeline>) {
    const { options, metrics } = parts;
    this.#parts = parts;
    this.#queue = new SerialQueue(options.translatorQueue, metrics.queue(nameOf(parts)));
    this.#supervisor = supervisor;
    this.#probes = setInterval(() => {
      void this.#probe();
    }, PROBE_MS);
  }

  /** Begins to start its pipeline; `ready` tells when it has loaded. */
  static start(parts: TranslatorParts): Translator {
    const { other, direction, options, log, metrics } = parts;
    const mode = join(options.apertiumModes, `${apertiumMode(other, direction)}.mode`);
    const supervisor = Supervisor.start({
      ...options,
      name: nameOf(parts),
      log,
      onRestart: (program, why) => {
        metrics.restarted(program, why);
      },
      start: (closing) => ApertiumPipeline.start(mode, options.startDeadlineMs, closing),
    });
    return new Translator(parts, supervisor);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  /** Rejects with an InferenceError, or the signal's reason. An empty text stays empty. */
  async translate(text: string, signal: AbortSignal): Promise<string> {
    if (text.trim() === '') return '';
    const { options, metrics } = this.#parts;
    const job = () =>
      this.#supervisor.attempt((pipeline) =>
        pipeline.translate(text, options.translatorDeadlineMs),
      );
    return this.#queue.run(() => metrics.timed('translate', job), signal);
  }

  async close(): Promise<void> {
    clearInterval(this.#probes);
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Does nothing about the answer: a pipeline that gives none is killed at its deadline. */
  async #probe(): Promise<void> {
    if (!this.#queue.idle || !this.ready()) return;
    const probe = async () =>
      (await this.#supervisor.current()).translate(PROBE, PROBE_DEADLINE_MS);
    await this.#queue.run(probe, NEVER).catch(() => undefined);
  }
}

function nameOf({ other, direction }: TranslatorParts): string {
  return direction === 'from' ? `translator-${other}` : `translator-${other}-en`;
}
