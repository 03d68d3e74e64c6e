import type { VoiceRequest, VoiceResult } from '../../inference/protocol/task-models.ts';
import { phrases } from '../../inference/text/phrases.ts';
import type { Resampler } from '../egress/resample.ts';

export interface RecitalParts {
  readonly engine: { voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> };
  readonly resampler: Resampler;
  readonly signal: AbortSignal;
}

/** A text spoken phrase by phrase: 48 kHz, mono. Rejects with an InferenceError. */
export async function* recite(
  { text, language, voice }: VoiceRequest,
  { engine, resampler, signal }: RecitalParts,
): AsyncGenerator<Float32Array, void, undefined> {
  for (const phrase of phrases(text, language)) {
    const { audio, sampleRate } = await engine.voice({ text: phrase, language, voice }, signal);
    using resampling = await resampler.open(sampleRate);
    yield resampling.push(audio).slice();
    yield resampling.flush().slice();
  }
}
