import type {
  EngineLanguages,
  IdentifyRequest,
  IdentifyResult,
  SpeechRequest,
  SpeechResult,
  TextRequest,
  TextResult,
  VoiceRequest,
  VoiceResult,
} from '../../inference/protocol/task-models.ts';
import type { EngineClient } from '../../media/interpret/ports.ts';
import { tone } from './pcm.ts';

/** What the fake hears: `words` in all parts of a sequence so far. */
export type Recognise = (request: SpeechRequest, part: number) => SpeechResult;

/** One word per request: "one", "one two" … ; translations are "<language>: one two". */
export function counting(request: SpeechRequest, part: number): SpeechResult {
  const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
  const text = words.slice(0, part + 1).join(' ');
  const shown = request.end
    ? { committed: text, tentative: '' }
    : { committed: words.slice(0, part).join(' '), tentative: words[part] ?? '' };
  const prefix = (language: string, words: string): string =>
    words === '' ? '' : `${language}: ${words}`;
  return {
    transcript: shown,
    translations: request.targets.map((language) => ({
      committed: prefix(language, shown.committed),
      tentative: prefix(language, shown.tentative),
    })),
    logprob: 0,
  };
}

export const nothing = (request: SpeechRequest): SpeechResult => ({
  transcript: { committed: '', tentative: '' },
  translations: request.targets.map(() => ({ committed: '', tentative: '' })),
  logprob: 0,
});

/**
 * An engine on the production port whose answers, failures and delays are scripted and whose
 * requests can be looked at.
 */
export class FakeEngine implements EngineClient {
  readonly speechRequests: SpeechRequest[] = [];
  readonly voiceRequests: VoiceRequest[] = [];
  readonly textRequests: TextRequest[] = [];
  recognise: Recognise = counting;
  /** Length of the voice for a text. */
  voiceMs: (text: string) => number = () => 200;
  isReady = true;
  known: EngineLanguages = {
    engine: 'fake',
    recognises: ['en'],
    pairs: [{ source: 'en', target: 'es' }],
    texts: [],
    identifies: [],
  };
  closed = false;
  /** While set, every request fails with it. */
  speechFault: Error | undefined;
  voiceFault: Error | undefined;
  recoveries = 0;
  #speechFailures: Error[] = [];
  #voiceFailures: Error[] = [];
  #textFailures: Error[] = [];
  #speechGate: Promise<void> = Promise.resolve();
  #voiceGate: Promise<void> = Promise.resolve();
  #textGate: Promise<void> = Promise.resolve();
  readonly #parts = new Map<number, number>();

  /** The next requests fail with these, in order. */
  failSpeech(...errors: readonly Error[]): void {
    this.#speechFailures.push(...errors);
  }

  failVoice(...errors: readonly Error[]): void {
    this.#voiceFailures.push(...errors);
  }

  failText(...errors: readonly Error[]): void {
    this.#textFailures.push(...errors);
  }

  /** Requests from now on are answered only after the call of what this returns. */
  holdSpeech(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#speechGate = promise;
    return () => {
      resolve(undefined);
    };
  }

  holdVoice(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#voiceGate = promise;
    return () => {
      resolve(undefined);
    };
  }

  holdText(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#textGate = promise;
    return () => {
      resolve(undefined);
    };
  }

  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    this.speechRequests.push(request);
    await untilAborted(this.#speechGate, signal);
    const failure = this.#speechFailures.shift() ?? this.speechFault;
    if (failure !== undefined) throw failure;
    const part = request.start ? 0 : (this.#parts.get(request.sequence) ?? 0) + 1;
    this.#parts.set(request.sequence, part);
    return this.recognise(request, part);
  }

  async voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    this.voiceRequests.push(request);
    await untilAborted(this.#voiceGate, signal);
    const failure = this.#voiceFailures.shift() ?? this.voiceFault;
    if (failure !== undefined) throw failure;
    return { audio: tone(this.voiceMs(request.text), 48_000), sampleRate: 48_000 };
  }

  /** Translations are "<language>: <text>". */
  async text(request: TextRequest, signal: AbortSignal): Promise<TextResult> {
    this.textRequests.push(request);
    await untilAborted(this.#textGate, signal);
    const failure = this.#textFailures.shift();
    if (failure !== undefined) throw failure;
    return { translations: request.targets.map((language) => `${language}: ${request.text}`) };
  }

  /** Asked with what length of speech, in milliseconds, and among which languages. */
  readonly identifications: { readonly ms: number; readonly among: readonly string[] }[] = [];
  /**
   * What is spoken, with what probability: at the first question, the second … and the last at all
   * others. Unless said, each language asked about is half as probable as the one before.
   */
  spoken: readonly (readonly [language: string, probability: number])[] = [];
  #identifyFailures: Error[] = [];
  #identifyGate: Promise<void> = Promise.resolve();

  failIdentify(...errors: readonly Error[]): void {
    this.#identifyFailures.push(...errors);
  }

  holdIdentify(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#identifyGate = promise;
    return () => {
      resolve(undefined);
    };
  }

  async identify({ audio, among }: IdentifyRequest, signal: AbortSignal): Promise<IdentifyResult> {
    const at = Math.min(this.identifications.length, this.spoken.length - 1);
    this.identifications.push({ ms: audio.length / 16, among });
    await untilAborted(this.#identifyGate, signal);
    const failure = this.#identifyFailures.shift();
    if (failure !== undefined) throw failure;
    const [language, probability] = this.spoken[at] ?? [];
    if (language === undefined || probability === undefined) {
      return {
        languages: among.map((tag, place) => ({ language: tag, probability: 0.5 ** (place + 1) })),
      };
    }
    const others = among.filter((other) => other !== language);
    const rest = (1 - probability) / others.length;
    return {
      languages: [
        { language, probability },
        ...others.map((other) => ({ language: other, probability: rest })),
      ],
    };
  }

  languages(_signal: AbortSignal): Promise<EngineLanguages> {
    return Promise.resolve(this.known);
  }

  ready(_signal: AbortSignal): Promise<boolean> {
    return Promise.resolve(this.isReady);
  }

  recovered(_signal: AbortSignal): Promise<void> {
    this.recoveries += 1;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

async function untilAborted(gate: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
  });
  aborted.catch(() => undefined);
  signal.throwIfAborted();
  await Promise.race([gate, aborted]);
}
