import { Application, createEncoder, Signal } from 'libopus-wasm';
import type { OpusEncoderHandle } from 'libopus-wasm';
import { VOICE_FRAME, VOICE_RATE } from '../audio.ts';
import type { MediaOptions } from '../options.ts';

export type VoiceEncoderOptions = Pick<
  MediaOptions,
  'opusBitrate' | 'opusComplexity' | 'opusLossPercent'
>;

/** 48 kHz mono speech to Opus packets of 20 ms with in-band FEC. */
export class VoiceEncoder implements Disposable {
  readonly #encoder: OpusEncoderHandle;

  private constructor(encoder: OpusEncoderHandle) {
    this.#encoder = encoder;
  }

  static async create(options: VoiceEncoderOptions): Promise<VoiceEncoder> {
    return new VoiceEncoder(
      await createEncoder({
        sampleRate: VOICE_RATE,
        channels: 1,
        frameSize: VOICE_FRAME,
        application: Application.Voip,
        signal: Signal.Voice,
        fec: true,
        packetLossPercent: options.opusLossPercent,
        bitrate: options.opusBitrate,
        complexity: options.opusComplexity,
      }),
    );
  }

  /** `frame` is exactly VOICE_FRAME samples. */
  encode(frame: Float32Array): Uint8Array {
    return this.#encoder.encodeFloat(frame);
  }

  [Symbol.dispose](): void {
    this.#encoder.free();
  }
}
