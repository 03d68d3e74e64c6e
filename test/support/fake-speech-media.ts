import type {
  Caption,
  MediaPorts,
  MediaStats,
  SpeakerKey,
  SpeakerStats,
  Target,
  VoiceChoice,
  WrittenText,
} from '../../media/messages.ts';
import { RequestError } from '../../server/errors.ts';
import type { EngineInfo } from '../../server/protocol/events.ts';
import type {
  SpeakerCommand,
  SpeakerListener,
  SpeechMedia,
  TranslationProgress,
} from '../../server/rooms/ports.ts';

export interface FakeSpeaker {
  readonly key: SpeakerKey;
  readonly ssrc: number;
  language: string;
  muted: boolean;
  among: readonly string[];
  gateDb: number | null;
  voice: VoiceChoice;
  targets: readonly Target[];
}

/** A media process that hears nothing and does as it is told; the test speaks for it. */
export class FakeSpeechMedia implements SpeechMedia {
  ports: MediaPorts | undefined = { rtpPort: 5_000, voicePort: 5_001 };
  engine: EngineInfo;
  /** Speakers it takes at once. */
  maxStreams = Infinity;
  readonly speakers = new Map<SpeakerKey, FakeSpeaker>();
  readonly commands: SpeakerCommand[] = [];
  readonly #listeners = new Map<SpeakerKey, SpeakerListener>();
  #utterance = 0;

  constructor(engine: EngineInfo) {
    this.engine = engine;
  }

  /** Whoever is the only speaker. */
  get speaker(): FakeSpeaker {
    const [speaker, ...others] = this.speakers.values();
    if (!speaker || others.length > 0) throw new Error(`${this.speakers.size} speakers`);
    return speaker;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async command(command: SpeakerCommand): Promise<void> {
    await Promise.resolve();
    if (this.ports === undefined) throw new RequestError('unavailable', 'down');
    this.commands.push(command);
    switch (command.type) {
      case 'open-speaker': {
        const { speaker: key, stream, language, voice } = command;
        if (this.speakers.size >= this.maxStreams) throw new RequestError('internal', 'full');
        this.speakers.set(key, {
          ...{ key, ssrc: stream.ssrc, language, muted: false, gateDb: null, among: [] },
          ...{ voice, targets: [] },
        });
        break;
      }
      case 'set-targets':
        this.#find(command.speaker).targets = command.targets;
        break;
      case 'set-language':
        this.#find(command.speaker).language = command.language;
        break;
      case 'set-voice':
        this.#find(command.speaker).voice = command.voice;
        break;
      case 'set-detection':
        this.#find(command.speaker).among = command.among;
        break;
      case 'set-muted':
        this.#find(command.speaker).muted = command.muted;
        break;
      case 'set-gate':
        this.#find(command.speaker).gateDb = command.gateDb;
        break;
      case 'speak':
        this.#find(command.speaker);
        break;
      case 'close-speaker':
        this.speakers.delete(command.speaker);
    }
  }

  /** Translations are "<text> (<language>)", as those of what is said. */
  async translateText({ text, targets }: WrittenText): Promise<readonly string[]> {
    await Promise.resolve();
    if (this.ports === undefined) throw new RequestError('unavailable', 'down');
    return targets.map((language) => `${text} (${language})`);
  }

  listen(speaker: SpeakerKey, listener: SpeakerListener): () => void {
    this.#listeners.set(speaker, listener);
    return () => this.#listeners.delete(speaker);
  }

  async stats(keys: readonly SpeakerKey[]): Promise<MediaStats> {
    await Promise.resolve();
    if (this.ports === undefined) throw new RequestError('unavailable', 'down');
    const stage = { stage: 'rtp', in: 3, out: 2, dropped: { late: 1 }, slowestMs: 0.5 };
    const speakers = keys.flatMap((key) => this.speakers.get(key) ?? []).map(statsOf);
    return { stages: [stage], speakers };
  }

  /** The process dies, and another comes up on other ports when `start` is called. */
  die(): void {
    this.ports = undefined;
    this.speakers.clear();
  }

  start(ports: MediaPorts): void {
    this.ports = ports;
  }

  /** A caption comes for a speaker; a new utterance unless one is named. */
  say(speaker: FakeSpeaker, caption: Partial<Caption> & { text: string }): Caption {
    const { text, ...rest } = caption;
    const whole: Caption = {
      type: 'caption',
      speaker: speaker.key,
      utterance: this.#utterance++,
      source: speaker.language,
      transcript: { committed: text, tentative: '' },
      translations: speaker.targets.map(({ language, voice }) => ({
        language,
        committed: `${text} (${language})`,
        tentative: '',
        spoken: voice !== undefined,
      })),
      final: true,
      startedAt: 1_000,
      ...rest,
    };
    this.#listeners.get(speaker.key)?.onCaption(whole);
    return whole;
  }

  progress(speaker: FakeSpeaker, progress: Omit<TranslationProgress, 'type' | 'speaker'>): void {
    this.#listeners
      .get(speaker.key)
      ?.onProgress({ type: 'translation-state', speaker: speaker.key, ...progress });
  }

  /** What they speak seems to be one of these, the most probable first. */
  hearLanguage(speaker: FakeSpeaker, ...heard: readonly [string, number][]): void {
    const languages = heard.map(([language, probability]) => ({ language, probability }));
    this.#listeners.get(speaker.key)?.onLanguage({ languages });
  }

  #find(key: SpeakerKey): FakeSpeaker {
    const speaker = this.speakers.get(key);
    if (!speaker) throw new RequestError('internal', `no speaker ${key}`);
    return speaker;
  }
}

function statsOf({ key, ssrc, targets }: FakeSpeaker): SpeakerStats {
  return {
    ...{ speaker: key, packets: ssrc, lost: 3, recovered: 2, concealedMs: 20, waitingMs: 0 },
    languages: targets.map(({ language }) => ({ language, lagMs: 900, waitingMs: 0, tempo: 1 })),
  };
}
