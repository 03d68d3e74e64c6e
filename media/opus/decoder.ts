import { createDecoder } from 'libopus-wasm';
import type { OpusDecoderHandle } from 'libopus-wasm';
import { SPEECH_RATE } from '../../inference/protocol/task-models.ts';

/**
 * Opus straight to 16 kHz mono, whatever the sender's rate and channels. Counts are samples. What is
 * returned belongs to the caller: libopus-wasm copies every frame out of its memory.
 */
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
    try {
      return this.#decoder.decodeFloat(payload);
    } catch {
      return undefined;
    }
  }

  /**
   * Rebuilds the frame before `next` from its in-band FEC. To be called before decoding `next`.
   * `samples` is a multiple of 40 (2.5 ms), at most 120 ms.
   */
  recover(next: Uint8Array, samples: number): Float32Array | undefined {
    try {
      return this.#decoder.decodeFloat(next, { decodeFec: true, frameSize: samples });
    } catch {
      return undefined;
    }
  }

  /** Carries the last sound on, fading. `samples` is a multiple of 40 (2.5 ms), at most 120 ms. */
  conceal(samples: number): Float32Array | undefined {
    try {
      return this.#decoder.decodePacketLossFloat(samples);
    } catch {
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#decoder.free();
  }
}
