import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { SPEECH_PER_MS } from '../audio.ts';
import { Gatherer } from './gatherer.ts';
import { VAD_WINDOW } from './model.ts';
import type { VadModel, VadStream } from './model.ts';
import { CONTEXT, MAX_ROWS, SileroSession, UNITS } from './silero-session.ts';
import type { Row } from './silero-session.ts';

/** Windows of announced silence that are still judged: half a second, and no utterance is left. */
const JUDGED_SILENCE = 16;

/** How windows of several streams come together. */
export interface Gathering {
  readonly clock: Clock;
  readonly gatherMs: number;
}

const AT_ONCE: Gathering = { clock: systemClock, gatherMs: 0 };

/** Silero VAD for all streams: what they hand in at about the same time is judged in one run. */
export class SileroVad implements VadModel, AsyncDisposable {
  readonly #session: SileroSession;
  readonly #gatherer: Gatherer<Row, number>;

  private constructor(session: SileroSession, { clock, gatherMs }: Gathering) {
    this.#session = session;
    this.#gatherer = new Gatherer((rows) => session.judge(rows), clock, {
      gatherMs,
      maxBatch: MAX_ROWS,
      periodMs: VAD_WINDOW / SPEECH_PER_MS,
    });
  }

  /** `file`: see SileroSession. */
  static async create(gathering = AT_ONCE, file = ''): Promise<SileroVad> {
    return new SileroVad(await SileroSession.create(file), gathering);
  }

  /** Runs of the model so far. */
  get runs(): number {
    return this.#session.runs;
  }

  open(): VadStream {
    return new SileroStream(this.#gatherer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gatherer[Symbol.asyncDispose]();
    await this.#session[Symbol.asyncDispose]();
  }
}

/**
 * One stream's memory. Beyond the first half second, silence that the sender announced is not
 * judged: its probability stays as it was by then, and the memory waits for the next sound.
 *
 * Were such silence judged, the model would be worse for it. Its memory never comes to rest in
 * digital silence: the probability falls below 0.02 within 8 windows and stays there (20 000
 * windows tried), but cells of the LSTM go on growing by 1 a window, for minutes. Of 16 592 windows
 * of speech after pauses of 0.5 to 48 s, 253 fell on the other side of 0.5 than in the same
 * recordings without the pause; with all the silence judged 460 did, and with a memory begun afresh
 * after it 272.
 */
class SileroStream implements VadStream {
  readonly #gatherer: Gatherer<Row, number>;
  readonly #memory: Row = {
    input: new Float32Array(CONTEXT + VAD_WINDOW),
    hidden: new Float32Array(UNITS),
    cell: new Float32Array(UNITS),
  };
  #probability = 0;
  /** Silent windows since the last that was not. */
  #silent = 0;

  constructor(gatherer: Gatherer<Row, number>) {
    this.#gatherer = gatherer;
  }

  async probability(window: Float32Array, silent: boolean): Promise<number> {
    this.#silent = silent ? this.#silent + 1 : 0;
    if (this.#silent > JUDGED_SILENCE) return this.#probability;
    const { input } = this.#memory;
    input.copyWithin(0, VAD_WINDOW);
    input.set(window, CONTEXT);
    this.#probability = await this.#gatherer.add(this.#memory);
    return this.#probability;
  }

  reset(): void {
    this.#memory.input.fill(0);
    this.#memory.hidden.fill(0);
    this.#memory.cell.fill(0);
    this.#silent = 0;
  }
}
