/**
 * What the server process and the media process say to each other over their IPC channel. Both are
 * ours and start from the same checkout, so these are types, not schemas.
 *
 * The media process binds two loopback UDP sockets for all routers: one that hears and one, on a
 * thread of its own, that speaks. A stream is known by the port it comes from (the router's outbound
 * plain transport) and its SSRC.
 */

import type { ModelsAt } from '../inference/protocol/pool/models-at.ts';

/** One tapped microphone or tab, named by the server; never reused. */
export type SpeakerKey = string;

/** BCP-47 tag. */
type Language = string;

export interface RtpStream {
  /** Loopback port of the router's plain transport: the source of ingest, the goal of egress. */
  readonly port: number;
  readonly ssrc: number;
  readonly payloadType: number;
}

/** UDP ports of one media process. */
export interface MediaPorts {
  /** Takes what speakers say. */
  readonly rtpPort: number;
  /** Sends what is said in other languages. */
  readonly voicePort: number;
}

/** A language a speaker is wanted in. `voice` is absent while only captions are wanted. */
export interface Target {
  readonly language: Language;
  readonly voice?: RtpStream;
}

export type VoiceKind = 'male' | 'female';

/** Which of the engine's voices speaks for a person: kind and a number from 0. */
export interface VoiceChoice {
  readonly kind: VoiceKind;
  readonly variant: number;
}

/** A text somebody wrote, to be translated. */
export interface WrittenText {
  readonly text: string;
  readonly source: Language;
  readonly targets: readonly Language[];
}

/** A text in one language, to be spoken. */
export interface LanguageText {
  readonly language: Language;
  readonly text: string;
}

export type ServerToMedia =
  /** Where models are served over the Open Inference Protocol. Sent again when they move. */
  | ({ readonly type: 'engine' } & ModelsAt)
  | {
      readonly type: 'open-speaker';
      readonly speaker: SpeakerKey;
      readonly stream: RtpStream;
      readonly language: Language;
      readonly voice: VoiceChoice;
      /** What the speaker's room is called in logs. */
      readonly room?: string;
    }
  /** Everything the speaker is wanted in now; replaces the last list. Empty: stop listening. */
  | {
      readonly type: 'set-targets';
      readonly speaker: SpeakerKey;
      readonly targets: readonly Target[];
      /** Whether captions in the speaker's own language are wanted. */
      readonly transcript: boolean;
    }
  | { readonly type: 'set-language'; readonly speaker: SpeakerKey; readonly language: Language }
  /** Which languages to listen for, to tell which one is spoken; empty: none. */
  | {
      readonly type: 'set-detection';
      readonly speaker: SpeakerKey;
      readonly among: readonly Language[];
    }
  /** From the next phrase on. */
  | { readonly type: 'set-voice'; readonly speaker: SpeakerKey; readonly voice: VoiceChoice }
  /** Muted or released: what was said so far ends as an utterance at once. */
  | { readonly type: 'set-muted'; readonly speaker: SpeakerKey; readonly muted: boolean }
  /** Sound below `gateDb` (dBFS) is no speech of this speaker; `null`: nothing is too quiet. */
  | { readonly type: 'set-gate'; readonly speaker: SpeakerKey; readonly gateDb: number | null }
  /** The voices of this speaker say these after what waits; a language without a voice is left out. */
  | {
      readonly type: 'speak';
      readonly speaker: SpeakerKey;
      readonly texts: readonly LanguageText[];
    }
  | { readonly type: 'close-speaker'; readonly speaker: SpeakerKey }
  /** A written text into other languages; takes no turn, and may take seconds. */
  | ({ readonly type: 'translate-text' } & WrittenText)
  /** Asks for a sign of life; answered at once, before commands that came earlier. */
  | { readonly type: 'ping' }
  | { readonly type: 'get-metrics' }
  /** How the named speakers fare; those unknown are left out of the answer. */
  | { readonly type: 'get-stats'; readonly speakers: readonly SpeakerKey[] }
  | { readonly type: 'shutdown' };

/** What is carried out, and may fail: all but a ping. */
export type MediaCommand = Exclude<ServerToMedia, { type: 'ping' }>;

/** A command that is answered: by `done` with its id once it has taken effect, or `failed`. */
export interface Command {
  readonly id: number;
  /** What the request that set it off is called in logs. */
  readonly request?: string;
  readonly command: ServerToMedia;
}

export interface EnginePair {
  readonly source: Language;
  readonly target: Language;
  /** The language that a translation of speech goes through. */
  readonly via?: Language;
}

/** What the engine says of itself; 'starting' and 'failed' carry no languages. */
export type EngineState =
  | { readonly state: 'starting' | 'failed'; readonly name: string }
  | {
      readonly state: 'ready';
      readonly name: string;
      readonly pairs: readonly EnginePair[];
      readonly recognises: readonly Language[];
      /** Translations of written text. */
      readonly texts: readonly EnginePair[];
      /** Languages that are told apart when they are spoken. */
      readonly identifies: readonly Language[];
    };

/** Text that arrives in pieces: `committed` only grows, `tentative` may change. */
export interface IncrementalText {
  readonly committed: string;
  readonly tentative: string;
}

export interface Caption {
  readonly type: 'caption';
  readonly speaker: SpeakerKey;
  /** Counts up per speaker. */
  readonly utterance: number;
  readonly source: Language;
  readonly transcript: IncrementalText;
  /** One for each target language wanted when the utterance began. */
  readonly translations: readonly (IncrementalText & {
    readonly language: Language;
    readonly spoken: boolean;
  })[];
  readonly final: boolean;
  readonly gap?: 'skipped' | 'failed';
  /** Wall clock of the start of speech, milliseconds since 1970. */
  readonly startedAt: number;
  /** The same of the end of speech, once the line is final; absent when it was broken off. */
  readonly endedAt?: number;
}

/** Which language somebody seems to speak, out of those listened for. */
export interface HeardLanguages {
  /** The most probable first; 1 together. */
  readonly languages: readonly { readonly language: Language; readonly probability: number }[];
}

/** What a stage of the path has done since the process began, over all streams. */
export interface StageStats {
  readonly stage: string;
  readonly in: number;
  readonly out: number;
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Longest work on one item within the last ten to twenty seconds. */
  readonly slowestMs: number;
}

/** One speaker's way through the process, counted since the speaker was opened. */
export interface SpeakerStats {
  readonly speaker: SpeakerKey;
  readonly packets: number;
  /** Never came, or came too late. */
  readonly lost: number;
  /** Of the lost, rebuilt from the error correction in the next packet. */
  readonly recovered: number;
  /** Made up where packets were lost. */
  readonly concealedMs: number;
  /** Decoded speech that waits for the recogniser. */
  readonly waitingMs: number;
  readonly languages: readonly LanguageStats[];
}

export interface LanguageStats {
  readonly language: Language;
  /** Of the last phrase: end of speech to its first translated packet. */
  readonly lagMs?: number;
  /** Translated voice that waits to be played. */
  readonly waitingMs: number;
  /** How much faster than spoken the voice is played now; 1 is as spoken. */
  readonly tempo: number;
}

export interface MediaStats {
  readonly stages: readonly StageStats[];
  readonly speakers: readonly SpeakerStats[];
}

/**
 * What `done` carries: the text for `get-metrics`, the figures for `get-stats`, the texts in the order
 * of their targets for `translate-text`.
 */
export interface CommandAnswer {
  readonly metrics?: string;
  readonly stats?: MediaStats;
  readonly translations?: readonly string[];
}

export type MediaToServer =
  /** First message: where packets go to and where translated ones come from, on 127.0.0.1. */
  | ({ readonly type: 'ready' } & MediaPorts)
  | ({ readonly type: 'done'; readonly id: number } & CommandAnswer)
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | ({ readonly type: 'engine-state' } & EngineState)
  | Caption
  | ({ readonly type: 'language-heard'; readonly speaker: SpeakerKey } & HeardLanguages)
  | {
      readonly type: 'translation-state';
      readonly speaker: SpeakerKey;
      readonly language: Language;
      readonly state: 'idle' | 'interpreting' | 'speaking' | 'voiceless' | 'failed';
      /** Of the last utterance: end of speech to its first translated packet. */
      readonly lagMs?: number;
    };
