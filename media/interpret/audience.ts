import type { LanguageStats, LanguageText, Target, VoiceChoice } from '../messages.ts';
import type { Texts } from './captions.ts';
import type { OpenSpeaker, SpeakerShared } from './shared.ts';
import { TranslationStatus } from './translation-status.ts';
import type { Recognised } from './utterance.ts';
import { VoiceTrace } from './utterance-trace.ts';
import { VoiceTrack } from './voice-track.ts';

/** Those for whom a speaker is interpreted: the languages wanted, and a voice for each heard. */
export class Audience implements Disposable {
  readonly #shared: SpeakerShared;
  readonly #open: OpenSpeaker;
  readonly #voices = new Map<string, VoiceTrack>();
  readonly #statuses = new Map<string, TranslationStatus>();
  /** As the engine names it. */
  #voice: string;
  #targets: readonly Target[] = [];
  #transcript = false;

  constructor(shared: SpeakerShared, open: OpenSpeaker) {
    this.#shared = shared;
    this.#open = open;
    this.#voice = named(open.voice);
  }

  /** Whether anyone wants anything of this speaker. */
  get present(): boolean {
    return this.#transcript || this.#targets.length > 0;
  }

  get languages(): readonly string[] {
    return this.#targets.map(({ language }) => language);
  }

  /** Translated audio that waits in the fullest queue. */
  get waitingMs(): number {
    return Math.max(0, ...this.stats.map(({ waitingMs }) => waitingMs));
  }

  /** Languages with a voice. */
  get voices(): number {
    return this.#voices.size;
  }

  /** How each language with a voice fares. */
  get stats(): readonly LanguageStats[] {
    return Array.from(this.#voices, ([language, voice]) => ({ language, ...voice.stats }));
  }

  /** Voices no longer wanted fall silent at once; a voice whose stream stays is left alone. */
  async change(targets: readonly Target[], transcript: boolean): Promise<void> {
    this.#targets = targets;
    this.#transcript = transcript;
    for (const [language, track] of this.#voices) {
      const stream = targets.find((target) => target.language === language)?.voice;
      if (stream?.ssrc === track.stream.ssrc && stream.port === track.stream.port) continue;
      track[Symbol.dispose]();
      this.#voices.delete(language);
    }
    for (const { language, voice: stream } of targets) {
      if (stream === undefined || this.#voices.has(language)) continue;
      const target = { language, stream, voice: this.#voice };
      const track = await VoiceTrack.create(target, this.#shared, this.#shared.options);
      this.#voices.set(language, track);
    }
  }

  setVoice(voice: VoiceChoice): void {
    this.#voice = named(voice);
    for (const track of this.#voices.values()) track.setVoice(this.#voice);
  }

  /** Has the voices there are say these after what waits, as if they had just been said. */
  say(texts: readonly LanguageText[]): void {
    const now = this.#shared.clock.now();
    for (const { language, text } of texts) {
      const voice = this.#voices.get(language);
      if (voice === undefined) continue;
      const status = this.status(language);
      status.began();
      const unspoken = (): void => undefined;
      const times = { speechEndedAt: now, recognisedAt: now };
      const trace = VoiceTrace.alone(this.#shared, language);
      voice.say({ text, ...times, status, unspoken, trace, again: true });
    }
  }

  voice(language: string): VoiceTrack | undefined {
    return this.#voices.get(language);
  }

  status(language: string): TranslationStatus {
    const known = this.#statuses.get(language);
    if (known !== undefined) return known;
    const status = new TranslationStatus(this.#open.speaker, language, this.#shared.report);
    this.#statuses.set(language, status);
    return status;
  }

  /** Marks which translations are heard as well. */
  withVoices({ transcript, translations }: Recognised): Texts {
    return {
      transcript,
      translations: translations.map(({ lost, ...text }) => ({
        ...text,
        spoken: !lost && this.#voices.has(text.language),
      })),
    };
  }

  [Symbol.dispose](): void {
    for (const track of this.#voices.values()) track[Symbol.dispose]();
    this.#voices.clear();
  }
}

function named({ kind, variant }: VoiceChoice): string {
  return `${kind}-${variant}`;
}
