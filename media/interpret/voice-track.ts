import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type { VoiceRequest, VoiceResult } from '../../inference/protocol/task-models.ts';
import type { Tracer } from '../../inference/protocol/tracing/span.ts';
import { phrases } from '../../inference/text/phrases.ts';
import type { Clock } from '../clock.ts';
import type { VoiceOutlet, VoiceOutlets } from '../egress/ports.ts';
import type { LanguageStats, RtpStream } from '../messages.ts';
import type { Metrics } from '../metrics.ts';
import type { MediaOptions } from '../options.ts';
import type { StageMeter } from '../stage.ts';
import { Delivery, type SpokenText } from './delivery.ts';
import { withPauseAfter } from './pause-after.ts';
import type { RecoveringEngine } from './ports.ts';
import type { VoiceTrace } from './utterance-trace.ts';

export type VoiceTrackOptions = Pick<MediaOptions, 'voiceTimeoutMs' | 'voiceQueuePhrases'>;

/** What all voice tracks of the process share. */
export interface VoiceShared {
  readonly clock: Clock;
  readonly engine: RecoveringEngine;
  readonly voices: VoiceOutlets;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/**
 * Speaks one speaker's translations in one language, in order and one after the other, without
 * ever holding up recognition. Each is synthesised phrase by phrase, so that the first is heard while
 * the others are being made. Translations wait in a bounded list; overflow drops the oldest.
 */
export class VoiceTrack implements Disposable {
  readonly stream: RtpStream;
  readonly #language: string;
  #voice: string;
  readonly #shared: VoiceShared;
  readonly #options: VoiceTrackOptions;
  readonly #outlet: VoiceOutlet;
  readonly #closing = new AbortController();
  readonly #waiting: Delivery[] = [];
  readonly #meter: StageMeter;
  /** Translations whose listeners still expect something. */
  readonly #unsettled = new Set<Delivery>();
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

  /** From the next phrase on; `voice` as the engine names it. */
  setVoice(voice: string): void {
    this.#voice = voice;
  }

  say(spoken: SpokenText): void {
    const delivery = new Delivery(spoken, {
      heard: (at, voicedAt) => {
        spoken.trace.heard(at, voicedAt);
        if (spoken.again) return;
        const lagMs = at - spoken.speechEndedAt;
        this.#lagMs = Math.round(lagMs);
        this.#shared.metrics.latency('playout', at - voicedAt);
        this.#shared.metrics.voiceLatency(lagMs);
      },
      over: () => {
        spoken.trace.over();
        this.#unsettled.delete(delivery);
      },
    });
    this.#unsettled.add(delivery);
    this.#waiting.push(delivery);
    this.#meter.in();
    if (this.#waiting.length > this.#options.voiceQueuePhrases) {
      this.#meter.drop('oldest-phrase');
      this.#waiting.shift()?.complete('skipped');
    }
    if (!this.#running) void this.#run();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    this.#waiting.splice(0).forEach(() => {
      this.#meter.drop('unwanted');
    });
    this.#outlet[Symbol.dispose]();
    for (const delivery of this.#unsettled) delivery.abandon();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#meter.out(1);
      await this.#speak(next);
    }
    this.#running = false;
  }

  /**
   * Lag counts from the end of speech to the begin of the translation: what of it is said before a
   * phrase does not count.
   */
  async #speak(delivery: Delivery): Promise<void> {
    const { text, recognisedAt, speechEndedAt, again, trace } = delivery.spoken;
    const { clock, metrics } = this.#shared;
    let saidMs = 0;
    try {
      const parts = phrases(text, this.#language);
      for (const [index, phrase] of parts.entries()) {
        const voice = await this.#synthesise(phrase, trace);
        const { sampleRate } = voice;
        const isLast = index === parts.length - 1;
        const audio = isLast ? voice.audio : withPauseAfter(phrase, voice);
        const voicedAt = clock.now();
        if (index === 0 && !again) metrics.latency('voice', voicedAt - recognisedAt);
        const voiced = { audio, sampleRate, speechEndedAt: speechEndedAt + saidMs };
        this.#outlet.speak(voiced, delivery.phrase(voicedAt));
        saidMs += (audio.length * 1000) / sampleRate;
      }
      trace.voiced();
      delivery.complete();
    } catch {
      trace.voiced('failed');
      // Disposed: everything is settled already. Otherwise the failure is shown to listeners.
      delivery.complete('failed');
    }
  }

  /** Once more if the engine says it is worth it. */
  async #synthesise(text: string, trace: VoiceTrace): Promise<VoiceResult> {
    const request = { text, language: this.#language, voice: this.#voice };
    try {
      return await trace.synthesise(() => this.#request(request));
    } catch (error) {
      if (!(error instanceof InferenceError) || !error.retryable) throw error;
      await this.#shared.engine.recovered(this.#closing.signal);
      return trace.synthesise(() => this.#request(request));
    }
  }

  #request(request: VoiceRequest): Promise<VoiceResult> {
    const timeout = AbortSignal.timeout(this.#options.voiceTimeoutMs);
    return this.#shared.engine.voice(request, AbortSignal.any([this.#closing.signal, timeout]));
  }
}

export interface VoiceTarget {
  readonly language: string;
  /** As the engine names it. */
  readonly voice: string;
  readonly stream: RtpStream;
}
