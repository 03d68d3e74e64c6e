import { setImmediate } from 'node:timers/promises';
import samplerate from '@alexanderolsen/libsamplerate-js';
import { VOICE_RATE } from '../audio.ts';

type Converter = Awaited<ReturnType<typeof samplerate.create>>;

/** The converter keeps back a filter length at the end; this much silence pushes it out. */
const FLUSH_MS = 20;

/** Unused converters kept, 2 MB each; to make one takes several milliseconds. */
const MAX_IDLE = 8;

/** Sample rates a voice may have; the converter goes astray far outside. */
const [LOWEST_RATE, HIGHEST_RATE] = [8_000, 192_000];

/** One voice on its way to 48 kHz. */
export interface Resampling extends Disposable {
  push(samples: Float32Array): Float32Array;
  /** What is held back. The length of all that came out is then as it should be. */
  flush(): Float32Array;
}

const UNCHANGED: Resampling = {
  push: (samples) => samples,
  flush: () => new Float32Array(0),
  [Symbol.dispose]: () => undefined,
};

/**
 * Converts voices of any sample rate to 48 kHz with libsamplerate. A voice has a converter to
 * itself while it is converted, so voices of several speakers never wait for each other.
 */
export class Resampler implements Disposable {
  readonly #idle: Converter[] = [];
  /** Converters are made one after the other: each keeps this thread for some milliseconds. */
  #made: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * For one voice, with no memory of any other. Disposing gives the converter back. Rejects with a
   * RangeError for a rate no voice has.
   */
  async open(sampleRate: number): Promise<Resampling> {
    if (sampleRate === VOICE_RATE) return UNCHANGED;
    if (!(sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE)) {
      throw new RangeError(`a voice of ${sampleRate} Hz`);
    }
    const converter = await this.#borrow(sampleRate);
    // Many voices may begin at once; packets that are due go in between.
    await setImmediate();
    let due = 0;
    let given = 0;
    const convert = (samples: Float32Array): Float32Array => {
      const left = Math.round(due) - given;
      const converted = converter.full(samples).subarray(0, left);
      given += converted.length;
      return converted;
    };
    let open = true;
    return {
      push: (samples) => {
        if (samples.length === 0) return samples;
        due += (samples.length * VOICE_RATE) / sampleRate;
        return convert(samples);
      },
      flush: () => convert(new Float32Array(Math.ceil((sampleRate * FLUSH_MS) / 1000))),
      [Symbol.dispose]: () => {
        if (open) this.#giveBack(converter);
        open = false;
      },
    };
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const converter of this.#idle.splice(0)) converter.destroy();
  }

  async #borrow(sampleRate: number): Promise<Converter> {
    const converter = this.#idle.pop();
    if (converter === undefined) {
      const { SRC_SINC_FASTEST: converterType } = samplerate.ConverterType;
      const made = this.#made
        .then(() => setImmediate())
        .then(() => samplerate.create(1, sampleRate, VOICE_RATE, { converterType }));
      this.#made = made.catch(() => undefined);
      return made;
    }
    // Setting the rate starts the converter afresh, with no memory of the last voice.
    converter.inputSampleRate = sampleRate;
    return converter;
  }

  #giveBack(converter: Converter): void {
    if (this.#closed || this.#idle.length >= MAX_IDLE) converter.destroy();
    else this.#idle.push(converter);
  }
}
