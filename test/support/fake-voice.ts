import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../../inference/protocol/task-models.ts';
import type { VoiceEngine } from '../../inference/synthesize/voice-engine.ts';

/** A voice that says nothing and remembers what it was asked to say. */
export class FakeVoice implements VoiceEngine {
  readonly name: string;
  readonly languages: readonly string[];
  readonly said: VoiceRequest[] = [];
  isReady = true;
  closed = false;
  /** What the next texts fail with, in order. */
  readonly failures: Error[] = [];
  /** Texts are spoken when this is over. */
  gate: Promise<void> = Promise.resolve();

  constructor(name: string, languages: readonly string[]) {
    this.name = name;
    this.languages = languages;
  }

  ready(): boolean {
    return this.isReady;
  }

  async speak(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    this.said.push(request);
    await this.gate;
    signal.throwIfAborted();
    if (!this.isReady) throw new InferenceError('unavailable', `${this.name} is starting`);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return { audio: Float32Array.of(this.languages.length), sampleRate: 8000 };
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
