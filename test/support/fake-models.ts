import type {
  EngineLanguages,
  SpeechRequest,
  IdentifyRequest,
  IdentifyResult,
  SpeechResult,
  TaskModels,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import { FakeEngine } from './fake-inference.ts';

/** The scripted engine as the models behind a protocol server, all four. */
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

  text(request: TextRequest, signal: AbortSignal): Promise<TextResult> {
    return this.engine.text(request, signal);
  }

  identify(request: IdentifyRequest, signal: AbortSignal): Promise<IdentifyResult> {
    return this.engine.identify(request, signal);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
