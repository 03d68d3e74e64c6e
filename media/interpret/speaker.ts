import type { PcmFrame } from '../audio.ts';
import type { Paced } from '../egress/pacer.ts';
import type { LanguageText, SpeakerStats, Target, VoiceChoice } from '../messages.ts';
import type { AudioPacket } from '../rtp/packet.ts';
import type { PacketSink } from '../rtp/routes.ts';
import { UtteranceDetector } from '../vad/detector.ts';
import type { VadStream } from '../vad/model.ts';
import { Windower } from '../vad/windows.ts';
import { Audience } from './audience.ts';
import { LanguageDetection } from './detection.ts';
import { Hearing } from './hearing.ts';
import { Interpretation } from './interpretation.ts';
import type { OpenSpeaker, SpeakerShared } from './shared.ts';
import { speechEvents } from './speech-events.ts';
import { SpeechQueue } from './speech-queue.ts';
import { UtteranceTrace } from './utterance-trace.ts';

/**
 * One speaker, from packets to translated packets:
 *
 *   packets ▸ jitter buffer ▸ Opus ▸ 16 kHz (Hearing) ▸ windows        once per packet
 *   windows ▸ speech queue ▸ VAD ▸ utterance ▸ engine ▸ captions       the loop in this file
 *   final text ▸ engine ▸ 48 kHz ▸ playout queue ▸ Opus ▸ packets      per language (VoiceTrack)
 *
 * The loop goes at the pace of the recogniser; the queue before it is bounded and forgets the
 * oldest. It never waits for a voice. While nobody wants this speaker nothing is even decoded.
 */
export class Speaker implements PacketSink, Paced {
  readonly #shared: SpeakerShared;
  readonly #open: OpenSpeaker;
  readonly #hearing: Hearing;
  readonly #windower = new Windower();
  readonly #queue: SpeechQueue;
  readonly #vad: VadStream;
  readonly #detector: UtteranceDetector;
  readonly #audience: Audience;
  readonly #detection: LanguageDetection;
  readonly #closing = new AbortController();
  readonly #connections = new DisposableStack();
  readonly #interpreting: Promise<void>;
  #muted = false;
  /** Of what comes in now. */
  #language: string;
  /** Of what is being interpreted, which may still be in the language before. */
  #spoken: string;
  #utterances = 0;
  #current: Interpretation | undefined;
  /** What logs call the last utterance. */
  #trace: string | undefined;

  private constructor(shared: SpeakerShared, open: OpenSpeaker, hearing: Hearing) {
    this.#shared = shared;
    this.#open = open;
    this.#language = open.language;
    this.#spoken = open.language;
    this.#hearing = hearing;
    const waiting = shared.metrics.stage('speech-queue');
    this.#queue = new SpeechQueue(shared.options.speechQueueMs, waiting);
    this.#vad = shared.vad.open();
    this.#detector = new UtteranceDetector(shared.options);
    this.#audience = new Audience(shared, open);
    const { engine, metrics, report } = shared;
    const meter = metrics.stage('identify');
    this.#detection = new LanguageDetection({ speaker: open.speaker, engine, report, meter });
    this.#connections.use(this.#detection);
    this.#connections.use(shared.pacer.add(this));
    this.#connections.use(shared.socket.listen(open.stream, this));
    this.#interpreting = this.#interpret(this.#closing.signal);
  }

  static async create(shared: SpeakerShared, open: OpenSpeaker): Promise<Speaker> {
    return new Speaker(shared, open, await Hearing.create(shared.options, shared));
  }

  /** Audio that waits, before the recogniser and translated. */
  get waitingMs(): { readonly speech: number; readonly playout: number } {
    return { speech: this.#queue.waitingMs, playout: this.#audience.waitingMs };
  }

  /** Whether an utterance is being heard or interpreted. */
  get speaking(): boolean {
    return this.#current !== undefined;
  }

  /** Translated streams. */
  get voices(): number {
    return this.#audience.voices;
  }

  /** Counted since the speaker was opened. */
  get stats(): SpeakerStats {
    return {
      speaker: this.#open.speaker,
      ...this.#hearing.stats,
      waitingMs: this.#queue.waitingMs,
      languages: this.#audience.stats,
    };
  }

  async setTargets(targets: readonly Target[], transcript: boolean): Promise<void> {
    await this.#audience.change(targets, transcript);
    this.#listenOrNot();
  }

  setLanguage(language: string): void {
    if (language === this.#language) return;
    this.#language = language;
    this.#cut();
  }

  setVoice(voice: VoiceChoice): void {
    this.#audience.setVoice(voice);
  }

  /** Has the voices there are say these after what they are saying. */
  say(texts: readonly LanguageText[]): void {
    this.#audience.say(texts);
  }

  /** Which languages to tell from each other as they are spoken; empty: none. */
  setDetection(among: readonly string[]): void {
    this.#detection.listenFor(among);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#listenOrNot();
  }

  /** What is quieter (dBFS) is no speech from now on; `null`: nothing is too quiet. */
  setGate(gateDb: number | null): void {
    this.#detector.setGate(gateDb);
  }

  /** Top-down: packets, the loop, voices, and last what they used. */
  async close(): Promise<void> {
    this.#connections.dispose();
    this.#closing.abort();
    await this.#interpreting;
    this.#audience[Symbol.dispose]();
    this.#hearing[Symbol.dispose]();
  }

  get listening(): boolean {
    return this.#hearing.listening;
  }

  receive(packet: AudioPacket): void {
    this.#hear(this.#hearing.receive(packet));
    if (!this.idle) this.#shared.pacer.wake();
  }

  /** Time matters only while a packet is missing or somebody may be speaking. */
  get idle(): boolean {
    return !this.#hearing.waiting && !this.#detector.active;
  }

  tick(_tick: number, now: number): void {
    this.#hear(this.#hearing.advance(now));
    if (this.#hearing.stalls(now)) this.#cut();
  }

  #hear(frames: readonly PcmFrame[]): void {
    for (const frame of frames) {
      for (const window of this.#windower.push(frame)) this.#queue.push(window);
    }
  }

  /** Ends the utterance under way; what follows is heard afresh, in the language of now. */
  #cut(): void {
    this.#windower.reset();
    this.#queue.cut(this.#language);
  }

  /** Whoever falls silent here has said what was said: it ends as an utterance at once. */
  #listenOrNot(): void {
    if (this.#audience.present && !this.#muted) {
      this.#hearing.start();
    } else if (this.#hearing.listening) {
      this.#hear(this.#hearing.stop());
      this.#cut();
    }
  }

  /** An error in one utterance must not silence the speaker for the rest of the call. */
  async #interpret(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        const belongsTo = { trace: this.#trace, room: this.#open.room };
        this.#shared.log.error({ err: error, ...belongsTo }, 'an utterance was lost');
        this.#detector.flush();
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let skipped = false;
    try {
      for await (const event of speechEvents(this.#queue.read(signal), this.#vad, this.#detector)) {
        switch (event.type) {
          case 'start':
            this.#current = this.#begin(event.startedAt);
            this.#detection.began();
            break;
          case 'audio':
            this.#detection.heard(event.samples);
            await this.#current?.hear(event.samples);
            break;
          case 'pause':
            await this.#current?.catchUp();
            break;
          case 'end':
            this.#detection.ended();
            if (skipped) this.#current?.skipped();
            await this.#current?.finish(event.speechEndedAt);
            this.#current = undefined;
            skipped = false;
            break;
          case 'skipped':
            skipped = true;
            break;
          case 'language':
            this.#spoken = event.language;
            break;
        }
      }
    } finally {
      this.#current?.abandon();
      this.#current = undefined;
    }
  }

  #begin(startedAt: number): Interpretation {
    const { clock } = this.#shared;
    const line = {
      speaker: this.#open.speaker,
      utterance: this.#utterances++,
      source: this.#spoken,
      startedAt: Math.round(clock.wall() - (clock.now() - startedAt)),
    };
    const trace = UtteranceTrace.begin(this.#shared, { startedAt, source: this.#spoken });
    this.#trace = trace.id;
    const begun = { line, startedAt, trace, room: this.#open.room };
    return new Interpretation(this.#shared, this.#audience, begun, this.#closing.signal);
  }
}
