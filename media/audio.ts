import { SPEECH_RATE } from '../inference/protocol/task-models.ts';

/** Sample rate of what is recognised, in samples per millisecond. */
export const SPEECH_PER_MS = SPEECH_RATE / 1000;

/** Sample rate of what is heard, and the RTP clock of Opus (RFC 7587 section 4.1). */
export const VOICE_RATE = 48_000;

/** Samples of one packet of translated voice: 20 ms. */
export const VOICE_FRAME = 960;
export const VOICE_FRAME_MS = 20;

/**
 * A run of decoded speech: 16 kHz, mono, -1 to 1. The stage that made it may use the memory again
 * when it is called next; whoever keeps samples copies them.
 */
export interface PcmFrame {
  /** Of the first sample, counted at 16 kHz on the stream's RTP time. */
  readonly position: number;
  readonly samples: Float32Array;
  /** The sender said that there is nothing to hear (DTX): every sample is 0. */
  readonly silent: boolean;
  /** When the packet behind it arrived, on the monotonic clock. */
  readonly arrivedAt: number;
}

/** Mean of the squared samples; 0 for none. */
export function energy(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : sum / samples.length;
}

export function concatenate(chunks: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
