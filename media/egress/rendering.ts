import { concatenate } from '../audio.ts';
import type { Pace } from './lag-band.ts';
import type { PhraseReader } from './phrase-reader.ts';
import type { Resampler, Resampling } from './resample.ts';
import { TempoStage } from './tempo.ts';

/** Audio made ready at a stretch: less than a millisecond of work. */
const PIECE_MS = 60;

/**
 * One phrase from the engine's samples to 48 kHz, piece by piece as it is needed, each at the pace
 * of its moment: pauses ▸ tempo ▸ sample rate.
 */
export class Rendering implements Disposable {
  readonly #reader: PhraseReader;
  readonly #tempo: TempoStage;
  readonly #resampling: Resampling;

  private constructor(reader: PhraseReader, resampling: Resampling) {
    this.#reader = reader;
    this.#tempo = new TempoStage(reader.sampleRate);
    this.#resampling = resampling;
  }

  static async create(reader: PhraseReader, resampler: Resampler): Promise<Rendering> {
    return new Rendering(reader, await resampler.open(reader.sampleRate));
  }

  get done(): boolean {
    return this.#reader.done;
  }

  /** The next 48 kHz samples; may be none while a stage gathers its first ones. */
  next(pace: Pace): Float32Array {
    const piece = this.#reader.read(PIECE_MS, pace.shortenPauses);
    const played = this.#resampling.push(this.#tempo.push(piece, pace.tempo));
    if (!this.#reader.done) return played;
    const held = this.#resampling.push(this.#tempo.flush());
    return concatenate([played, held, this.#resampling.flush()]);
  }

  [Symbol.dispose](): void {
    this.#resampling[Symbol.dispose]();
  }
}
