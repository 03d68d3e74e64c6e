import type { Logger } from 'pino';
import type { InferenceMetrics } from '../metrics.ts';
import type { InferenceOptions } from '../options.ts';
import { ChildProgram } from '../process/child-program.ts';
import { Supervisor } from '../process/supervisor.ts';
import type { LanguagePair } from '../protocol/task-models.ts';
import { passages } from '../text/passages.ts';
import { Lanes, type Lane } from './lanes.ts';
import { pairsAmong } from './languages.ts';
import { translatedSchema, type Ask, type Settings } from './messages.ts';
import { readM2M100 } from './model-files.ts';
import type { TextToTranslate, TextTranslator } from './text-translator.ts';

/** In logs and figures. */
const NAME = 'm2m100';
/** Characters of a piece, which the model has learnt to translate; longer sentences are cut. */
const LONGEST_PIECE = 400;
/** A beat of ChildProgram. */
const BEAT_MS = 500;

export interface M2M100Parts {
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

/**
 * M2M100 in a process of its own, started again when it dies; what it was translating is then tried
 * once more. Texts go through it sentence by sentence, so that nobody waits for the whole of another's
 * long text, and what is spoken for nothing that was written.
 */
export class M2M100Process implements TextTranslator, AsyncDisposable {
  readonly engine = NAME;
  readonly pairs: readonly LanguagePair[];
  readonly #supervisor: Supervisor<ChildProgram>;
  readonly #lanes: Lanes;
  readonly #parts: M2M100Parts;

  private constructor(
    pairs: readonly LanguagePair[],
    supervisor: Supervisor<ChildProgram>,
    parts: M2M100Parts,
  ) {
    this.pairs = pairs;
    this.#supervisor = supervisor;
    this.#parts = parts;
    this.#lanes = new Lanes(parts.options.translatorQueue, parts.metrics.queue(NAME));
  }

  /**
   * Looks into the model's folder and begins to load it; `ready` tells when it has. Rejects with a
   * ModelError where the folder is not an M2M100 model's.
   */
  static async start(directory: string, parts: M2M100Parts): Promise<M2M100Process> {
    const { languages } = await readM2M100(directory);
    const { logLevel, m2m100 } = parts.options;
    const settings: Settings = { logLevel, directory, threads: m2m100.threads };
    const supervisor = Supervisor.start({
      ...parts.options,
      name: NAME,
      log: parts.log,
      onRestart: (program, why) => {
        parts.metrics.restarted(program, why);
      },
      start: (closing) =>
        ChildProgram.start(
          {
            file: new URL('program.ts', import.meta.url),
            settings,
            startDeadlineMs: m2m100.loadDeadlineMs,
            // It is silent while a run lasts: what it is asked has a deadline, by which it hangs or not.
            hungAfterBeats: Math.ceil(m2m100.runDeadlineMs / BEAT_MS),
          },
          closing,
        ),
    });
    return new M2M100Process(pairsAmong([...languages.keys()]), supervisor, parts);
  }

  ready(): boolean {
    return this.#supervisor.running;
  }

  async translate(asked: TextToTranslate, signal: AbortSignal): Promise<readonly string[]> {
    const { text, lane, source, targets } = asked;
    const whole = passages(text, { language: source, limit: LONGEST_PIECE });
    const pieces: (readonly string[])[] = [];
    for (const words of whole.words) {
      const ask = { text: words, source, targets: [...targets] };
      pieces.push(await this.#piece(ask, lane, signal));
    }
    return targets.map((_, target) => whole.with(pieces.map((piece) => piece[target] ?? '')));
  }

  async close(): Promise<void> {
    await this.#supervisor.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #piece(ask: Ask, lane: Lane, signal: AbortSignal): Promise<readonly string[]> {
    const { options, metrics } = this.#parts;
    const job = () =>
      this.#supervisor.attempt((program) => program.ask(ask, options.m2m100.runDeadlineMs));
    return this.#lanes.run(
      lane,
      async () => translatedSchema.parse(await metrics.timed('translate', job)),
      signal,
    );
  }
}
