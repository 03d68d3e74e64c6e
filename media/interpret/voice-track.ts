import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../../inference/protocol/task-models.ts';
import type { Clock } from '../clock.ts';
import type { PhraseObserver, VoiceOutlet, VoiceOutlets } from '../egress/ports.ts';
import type { LanguageStats, RtpStream } from '../messages.ts';
import type { Metrics } from '../metrics.ts';
import type { MediaOptions } from '../options.ts';
import type { StageMeter } from '../stage.ts';
import type { RecoveringEngine } from './ports.ts';
import type { TranslationStatus } from './translation-status.ts';

export type VoiceTrackOptions = Pick<MediaOptions, 'voiceTimeoutMs' | 'voiceQueuePhrases'>;

/** What all voice tracks of the process share. */
export interface VoiceShared {
  readonly clock: Clock;
  readonly engine: RecoveringEngine;
  readonly voices: VoiceOutlets;
  readonly metrics: Metrics;
}

/** One utterance's translation, to be spoken. */
export interface SpokenPhrase {
  readonly text: string;
  /** Monotonic. */
  readonly speechEndedAt: number;
  readonly recognisedAt: number;
  readonly status: TranslationStatus;
  /** It could not be spoken. */
  readonly unspoken: () => void;
}

/**
 * Speaks one speaker's translations in one language, in order and one after the other, without
 * ever holding up recognition. Phrases wait in a bounded list; overflow drops the oldest.
 */
export class VoiceTrack implements Disposable {
  readonly stream: RtpStream;
  readonly #language: string;
  readonly #voice: string;
  readonly #shared: VoiceShared;
  readonly #options: VoiceTrackOptions;
  readonly #outlet: VoiceOutlet;
  readonly #closing = new AbortController();
  readonly #waiting: SpokenPhrase[] = [];
  readonly #meter: StageMeter;
  /** Phrases whose listeners still expect something, and whether they are heard yet. */
  readonly #unsettled = new Map<SpokenPhrase, 'waiting' | 'heard'>();
  #running = false;
  #lagMs: number | undefined;

  private constructor(
    target: VoiceTarget,
    shared: VoiceShared,
    options: VoiceTrackOptions,
    outlet: VoiceOutlet,
  ) {
    this.stream = target.stream;
    this.#language = target.language;
    this.#voice = target.voice;
    this.#shared = shared;
    this.#meter = shared.metrics.stage('voice');
    this.#options = options;
    this.#outlet = outlet;
  }

  static async create(
    target: VoiceTarget,
    shared: VoiceShared,
    options: VoiceTrackOptions,
  ): Promise<VoiceTrack> {
    const outlet = await shared.voices.open(target.stream);
    return new VoiceTrack(target, shared, options, outlet);
  }

  get stats(): Omit<LanguageStats, 'language'> {
    const { waitingMs, tempo } = this.#outlet.figures;
    return { waitingMs, tempo, ...(this.#lagMs !== undefined && { lagMs: this.#lagMs }) };
  }

  say(phrase: SpokenPhrase): void {
    this.#unsettled.set(phrase, 'waiting');
    this.#waiting.push(phrase);
    this.#meter.in();
    if (this.#waiting.length > this.#options.voiceQueuePhrases) {
      const oldest = this.#waiting.shift();
      this.#meter.drop('oldest-phrase');
      if (oldest !== undefined) this.#giveUp(oldest, 'skipped');
    }
    if (!this.#running) void this.#run();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#waiting.length = 0;
    this.#outlet[Symbol.dispose]();
    for (const [phrase, stage] of this.#unsettled) {
      if (stage === 'heard') phrase.status.ended();
      else phrase.status.settled('done');
    }
    this.#unsettled.clear();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#meter.out(1);
      await this.#speak(next);
    }
    this.#running = false;
  }

  async #speak(phrase: SpokenPhrase): Promise<void> {
    try {
      const { audio, sampleRate } = await this.#synthesise(phrase.text);
      const voicedAt = this.#shared.clock.now();
      this.#shared.metrics.latency('voice', voicedAt - phrase.recognisedAt);
      const { speechEndedAt } = phrase;
      this.#outlet.speak({ audio, sampleRate, speechEndedAt }, this.#observe(phrase, voicedAt));
    } catch {
      // Disposed: everything is settled already. Otherwise the failure is shown to listeners.
      this.#giveUp(phrase, 'failed');
    }
  }

  /** Once more if the engine says it is worth it. */
  async #synthesise(text: string): Promise<VoiceResult> {
    const request = { text, language: this.#language, voice: this.#voice };
    try {
      return await this.#request(request);
    } catch (error) {
      if (!(error instanceof InferenceError) || !error.retryable) throw error;
      await this.#shared.engine.recovered(this.#closing.signal);
      return this.#request(request);
    }
  }

  #request(request: VoiceRequest): Promise<VoiceResult> {
    const timeout = AbortSignal.timeout(this.#options.voiceTimeoutMs);
    return this.#shared.engine.voice(request, AbortSignal.any([this.#closing.signal, timeout]));
  }

  #observe(phrase: SpokenPhrase, voicedAt: number): PhraseObserver {
    return {
      started: (at) => {
        if (!this.#unsettled.has(phrase)) return;
        const lagMs = Math.round(at - phrase.speechEndedAt);
        this.#lagMs = lagMs;
        this.#shared.metrics.latency('playout', at - voicedAt);
        this.#shared.metrics.latency('total', at - phrase.speechEndedAt);
        this.#unsettled.set(phrase, 'heard');
        phrase.status.speaking(lagMs);
        phrase.status.settled('done');
      },
      ended: () => {
        const stage = this.#unsettled.get(phrase);
        if (!this.#unsettled.delete(phrase)) return;
        if (stage === 'heard') phrase.status.ended();
        else phrase.status.settled('done');
      },
      dropped: (reason) => {
        this.#giveUp(phrase, reason === 'failed' ? 'failed' : 'skipped');
      },
    };
  }

  #giveUp(phrase: SpokenPhrase, why: 'skipped' | 'failed'): void {
    const stage = this.#unsettled.get(phrase);
    if (stage === undefined) return;
    this.#unsettled.delete(phrase);
    phrase.unspoken();
    if (stage === 'heard') phrase.status.ended();
    else phrase.status.settled(why === 'failed' ? 'failed' : 'done');
  }
}

export interface VoiceTarget {
  readonly language: string;
  /** As the engine names it. */
  readonly voice: string;
  readonly stream: RtpStream;
}
