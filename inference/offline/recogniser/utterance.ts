import type { AnsweringProgram } from '../../process/child-program.ts';
import type { Slot } from '../../process/slots.ts';
import { InferenceError } from '../../protocol/inference-error.ts';
import { SPEECH_RATE } from '../../protocol/task-models.ts';
import { traced } from '../../protocol/tracing/span.ts';
import { heardSchema, type Ask, type Heard } from './messages.ts';

type HearAsk = Extract<Ask, { type: 'hear' }>;

export interface UtteranceParts {
  readonly sequence: number;
  /** Place among the decoders. */
  readonly slot: Slot;
  readonly supervisor: { current(): Promise<AnsweringProgram> };
  /** The recogniser may take this long, plus the duration of the audio it is given. */
  readonly deadlineMs: number;
  readonly maxMs: number;
  readonly onHeard: (ask: HearAsk, heard: Heard) => void;
}

/** The process that hears an utterance. */
interface Hearer {
  readonly program: AnsweringProgram;
  started: boolean;
  /** How many chunks of the audio it has been given. */
  given: number;
}

const NOTHING_YET = { text: '', logprob: 0 };

/**
 * One utterance on its way through the recogniser. Its audio is kept until it ends: while it waits
 * for a decoder, and so that it can be said again to the next process when one dies under it. That
 * is done once; an utterance that two processes died under has `failed`.
 *
 * Parts are heard one at a time, each call after the last has settled.
 */
export class Utterance {
  readonly #parts: UtteranceParts;
  #audio: Float32Array[] = [];
  #samples = 0;
  #hearer: Hearer | undefined;
  #hearers = 0;

  constructor(parts: UtteranceParts) {
    this.#parts = parts;
  }

  /** Hears more; says what has been understood so far. Empty while waiting for a decoder. */
  async hear(audio: Float32Array, end: boolean): Promise<Pick<Heard, 'text' | 'logprob'>> {
    const { maxMs, slot } = this.#parts;
    this.#samples += audio.length;
    if ((this.#samples / SPEECH_RATE) * 1000 > maxMs) {
      throw new InferenceError('badRequest', `the utterance is longer than ${maxMs} ms`);
    }
    if (audio.length > 0) this.#audio.push(audio);
    if (!slot.granted) {
      if (!end) return NOTHING_YET;
      await slot.ready;
    }
    const heard = await this.#tell(end);
    if (end) slot.release();
    return heard;
  }

  /** Gives the utterance up and its decoder back. */
  async forget(): Promise<void> {
    const { sequence, slot, deadlineMs } = this.#parts;
    this.#audio = [];
    try {
      const ask: Ask = { type: 'forget', sequence };
      await this.#hearer?.program.ask(ask, deadlineMs);
    } catch (error) {
      // A process that is gone has forgotten everything.
      if (!(error instanceof InferenceError)) throw error;
    } finally {
      slot.release();
    }
  }

  async #tell(end: boolean): Promise<Heard> {
    for (;;) {
      const program = await this.#parts.supervisor.current();
      const hearer = this.#hearerIn(program);
      const ask: HearAsk = {
        type: 'hear',
        sequence: this.#parts.sequence,
        start: !hearer.started,
        end,
        audio: joined(this.#audio.slice(hearer.given)),
      };
      hearer.started = true;
      hearer.given = this.#audio.length;
      const audioMs = (ask.audio.length / SPEECH_RATE) * 1000;
      try {
        const deadlineMs = this.#parts.deadlineMs + audioMs;
        const answer = await traced('decode', () => program.ask(ask, deadlineMs));
        const heard = heardSchema.parse(answer);
        this.#parts.onHeard(ask, heard);
        return heard;
      } catch (error) {
        if (!(error instanceof InferenceError) || !error.retryable) throw error;
      }
      await program.ended;
    }
  }

  #hearerIn(program: AnsweringProgram): Hearer {
    if (this.#hearer?.program === program) return this.#hearer;
    if (++this.#hearers > 2) throw new InferenceError('failed', 'the recogniser died twice');
    this.#hearer = { program, started: false, given: 0 };
    return this.#hearer;
  }
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const audio = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    audio.set(part, offset);
    offset += part.length;
  }
  return audio;
}
