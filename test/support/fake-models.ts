import type {
  EngineLanguages,
  SpeechRequest,
  SpeechResult,
  TaskModels,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import { FakeEngine } from './fake-inference.ts';

/** The scripted engine as the models behind a protocol server. */
export class FakeModels implements TaskModels {
  readonly engine = new FakeEngine();

  get languages(): EngineLanguages {
    return this.engine.known;
  }

  ready(): boolean {
    return this.engine.isReady;
  }

  speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    return this.engine.speech(request, signal);
  }

  voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    return this.engine.voice(request, signal);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
