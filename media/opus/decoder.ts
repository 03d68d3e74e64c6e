import { createDecoder } from 'libopus-wasm';
import type { OpusDecoderHandle } from 'libopus-wasm';
import { SPEECH_RATE } from '../../inference/protocol/task-models.ts';

/** Opus straight to 16 kHz mono, whatever the sender's rate and channels. Counts are samples. */
export class SpeechDecoder implements Disposable {
  readonly #decoder: OpusDecoderHandle;

  private constructor(decoder: OpusDecoderHandle) {
    this.#decoder = decoder;
  }

  static async create(): Promise<SpeechDecoder> {
    return new SpeechDecoder(await createDecoder({ sampleRate: SPEECH_RATE, channels: 1 }));
  }

  /** Undefined when the payload is not Opus. */
  decode(payload: Uint8Array): Float32Array | undefined {
    return this.#attempt(() => this.#decoder.decodeFloat(payload));
  }

  /** Rebuilds the frame before `next` from its in-band FEC. To be called before decoding `next`. */
  recover(next: Uint8Array, samples: number): Float32Array | undefined {
    return this.#attempt(() =>
      this.#decoder.decodeFloat(next, { decodeFec: true, frameSize: samples }),
    );
  }

  /** Carries the last sound on, fading. `samples` is a multiple of 40 (2.5 ms), at most 120 ms. */
  conceal(samples: number): Float32Array | undefined {
    return this.#attempt(() => this.#decoder.decodePacketLossFloat(samples));
  }

  [Symbol.dispose](): void {
    this.#decoder.free();
  }

  #attempt(decode: () => Float32Array): Float32Array | undefined {
    try {
      return decode();
    } catch {
      return undefined;
    }
  }
}
