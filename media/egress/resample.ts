import { setImmediate } from 'node:timers/promises';
import samplerate from '@alexanderolsen/libsamplerate-js';
import { VOICE_RATE } from '../audio.ts';

type Converter = Awaited<ReturnType<typeof samplerate.create>>;

/** Audio converted at a stretch: about a millisecond of work, then the event loop has its turn. */
const CHUNK_MS = 100;

/** The converter keeps back a filter length at the end; this much silence pushes it out. */
const FLUSH_MS = 20;

/** Unused converters kept; each holds 8 MB. */
const MAX_IDLE = 2;

/**
 * Converts voices of any sample rate to 48 kHz with libsamplerate. A voice gets a converter of its
 * own while it is converted, so voices of several speakers never wait for each other.
 */
export class Resampler implements Disposable {
  readonly #idle: Converter[] = [];
  #closed = false;

  /** Yields 48 kHz mono in chunks, of the same total length in time. */
  async *toVoiceRate(
    audio: Float32Array,
    sampleRate: number,
  ): AsyncGenerator<Float32Array, void, undefined> {
    if (sampleRate === VOICE_RATE) {
      yield audio;
      return;
    }
    const converter = await this.#borrow(sampleRate);
    try {
      let left = Math.round((audio.length * VOICE_RATE) / sampleRate);
      for (const chunk of chunks(audio, sampleRate)) {
        const converted = converter.full(chunk).subarray(0, left);
        left -= converted.length;
        if (converted.length > 0) yield converted;
        await setImmediate();
      }
    } finally {
      this.#giveBack(converter);
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const converter of this.#idle.splice(0)) converter.destroy();
  }

  async #borrow(sampleRate: number): Promise<Converter> {
    const converter = this.#idle.pop();
    if (converter === undefined) {
      const { SRC_SINC_FASTEST: converterType } = samplerate.ConverterType;
      return samplerate.create(1, sampleRate, VOICE_RATE, { converterType });
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

function* chunks(audio: Float32Array, sampleRate: number): Generator<Float32Array> {
  const length = Math.ceil((sampleRate * CHUNK_MS) / 1000);
  for (let at = 0; at < audio.length; at += length) yield audio.subarray(at, at + length);
  yield new Float32Array(Math.ceil((sampleRate * FLUSH_MS) / 1000));
}
