import type { ChatMessage } from './chat.ts';
import type { HeardLanguage } from './detection.ts';
import type { ClosingReason, LobbyGuest, RoomPolicy } from './hosting.ts';
import type { ConsumerId, HearChoice, LanguageTag, PeerId, ProducerId, Role } from './ids.ts';
import type { Reaction } from './reactions.ts';
import type { RtpParameters } from './rtp.ts';
import type { PictureSource } from './sources.ts';

/** A participant as everyone in the room sees them. Mute is the server's truth. */
export interface PeerInfo {
  readonly peerId: PeerId;
  readonly displayName: string;
  readonly role: Role;
  readonly speak: LanguageTag;
  readonly hear: HearChoice;
  /** 'none' when the person joined as a listener. */
  readonly microphone: 'live' | 'muted' | 'none';
  /** 'reconnecting' while the connection is lost and the place is kept. */
  readonly connection: 'here' | 'reconnecting';
  /** 0, 1, 2 … in order of joining; decides the colour. */
  readonly colour: number;
  /** Set while they do not agree to being translated: everyone hears them as they are. */
  readonly untranslated?: true;
  /** Set while they send the sound of a tab or of their system. */
  readonly sharesSound?: true;
  /** Set while they send a picture of themselves, or of their screen. */
  readonly camera?: true;
  readonly screen?: true;
  /** What the SFU sees of their connection, both ways; absent while it is good. */
  readonly network?: 'weak' | 'poor';
  /** Set while their hand is raised; whoever raised theirs earlier has the lower number. */
  readonly hand?: number;
}

/** Why a track exists: the person as they sound, look, or show things, or their words in another language. */
export type TrackKind =
  | { readonly type: 'original' }
  | { readonly type: PictureSource }
  | { readonly type: 'translation'; readonly language: LanguageTag };

export interface NewConsumer {
  readonly consumerId: ConsumerId;
  readonly producerId: ProducerId;
  readonly peerId: PeerId;
  readonly track: TrackKind;
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: RtpParameters;
  readonly producerPaused: boolean;
}

/**
 * One caption line. `sequence` orders lines in a room; an utterance keeps its sequence from the
 * first tentative word to the end. `committed` only grows; `tentative` is replaced at will and is
 * empty once `final`. A final line without any text and without `gap` was a false start: remove it.
 */
export interface CaptionEvent {
  readonly sequence: number;
  /** Grows with every change of any line of the room; what `captionsAfter` counts. */
  readonly revision: number;
  readonly peerId: PeerId;
  /** Carried along so that a line can still be shown after its speaker has left. */
  readonly displayName: string;
  readonly colour: number;
  readonly source: LanguageTag;
  readonly language: LanguageTag;
  readonly committed: string;
  readonly tentative: string;
  /** The speaker's own words, present when `language` differs from `source`. */
  readonly original?: { readonly committed: string; readonly tentative: string };
  readonly final: boolean;
  /** True when the line was, or is being, spoken by the machine. */
  readonly spoken: boolean;
  /** Set when words are missing from this line, and why. */
  readonly gap?: 'skipped' | 'failed';
  /** Set when the speaker has said it differently: the words take the place of those before. */
  readonly corrected?: true;
  /** Wall clock of the start of speech, milliseconds since 1970. */
  readonly startedAt: number;
}

/** How a speaker's words fare on the way to one language. */
export interface TranslationState {
  readonly peerId: PeerId;
  readonly language: LanguageTag;
  /** 'voiceless': translated, but only to be read; 'failed': not even that. */
  readonly state: 'idle' | 'interpreting' | 'speaking' | 'voiceless' | 'unavailable' | 'failed';
  /** End of speech to the first translated sound of the last utterance, milliseconds. */
  readonly lagMs?: number;
  /** Unavailable because the host limits which languages are translated, or how many. */
  readonly limited?: true;
}

/** Someone who gets the words of the person told translated, and how far along they are. */
export interface AudienceMember extends Pick<TranslationState, 'language' | 'lagMs'> {
  /** The listener. */
  readonly peerId: PeerId;
  readonly state: Exclude<TranslationState['state'], 'unavailable'>;
}

/**
 * Whether the meeting is kept in writing, of those who agreed. 'failed': the disk refused, nothing
 * more is kept. 'deleted': by the host, and nothing more is kept.
 */
export type TranscriptState = 'off' | 'on' | 'failed' | 'deleted';

export interface EnginePair {
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  /** The language that a translation of speech goes through, in two steps. */
  readonly via?: LanguageTag;
}

/** What the engine behind this server can do. A pair not listed cannot be translated. */
export interface EngineInfo {
  readonly state: 'starting' | 'ready' | 'failed';
  /** 'offline' for the embedded engine, otherwise the engine's own name. */
  readonly name: string;
  readonly pairs: readonly EnginePair[];
  /** Languages whose speech is recognised (captions in the language spoken). */
  readonly recognises: readonly LanguageTag[];
  /** Translations of written text. */
  readonly texts: readonly EnginePair[];
  /** Languages that are told apart when they are spoken. */
  readonly identifies: readonly LanguageTag[];
}

/**
 * Comes with every event. The generation grows when the media of a room is built anew: an event of
 * a lower one than was heard of before is about media that is gone, and is ignored.
 */
export interface Stamp {
  readonly generation: number;
}

/** What an event of this name carries, besides its stamp. */
export type EventData<E extends EventName> = Parameters<ServerToClientEvents[E]>[0];
export type EventName = keyof ServerToClientEvents;

/** Server to client. `newConsumer` is acknowledged when the browser is ready to receive. */
export interface ServerToClientEvents {
  /** Someone else has joined. */
  newPeer: (peer: PeerInfo, stamp: Stamp) => void;
  /** Someone's languages or microphone changed; sent to that person too. */
  peerUpdated: (peer: PeerInfo, stamp: Stamp) => void;
  peerClosed: (event: { readonly peerId: PeerId }, stamp: Stamp) => void;
  newConsumer: (consumer: NewConsumer, stamp: Stamp, ack: () => void) => void;
  consumerClosed: (event: { readonly consumerId: ConsumerId }, stamp: Stamp) => void;
  consumerPaused: (event: { readonly consumerId: ConsumerId }, stamp: Stamp) => void;
  consumerResumed: (event: { readonly consumerId: ConsumerId }, stamp: Stamp) => void;
  /** Levels of those who speak now, 0 to 1; an empty list is silence. */
  activeSpeakers: (
    speakers: readonly { readonly peerId: PeerId; readonly level: number }[],
    stamp: Stamp,
  ) => void;
  caption: (caption: CaptionEvent, stamp: Stamp) => void;
  /** A message, or news of one: it is there in the reader's language, or cannot be. */
  chat: (message: ChatMessage, stamp: Stamp) => void;
  reaction: (event: { readonly peerId: PeerId; readonly kind: Reaction }, stamp: Stamp) => void;
  'translation:state': (state: TranslationState, stamp: Stamp) => void;
  /** To a speaker: everyone who gets their words translated. Takes the place of the last list. */
  'translation:audience': (
    event: { readonly listeners: readonly AudienceMember[] },
    stamp: Stamp,
  ) => void;
  /** To someone whose language is detected: what they seem to speak, when that changes something. */
  'translation:heard': (heard: HeardLanguage, stamp: Stamp) => void;
  'translation:engine': (engine: EngineInfo, stamp: Stamp) => void;
  /** The media behind this call is gone and must be built anew (a worker died). */
  mediaReset: (event: Record<string, never>, stamp: Stamp) => void;
  'transcript:state': (event: { readonly state: TranscriptState }, stamp: Stamp) => void;
  /** The server waits for its meetings to end, at the latest then (ms since 1970). */
  draining: (event: { readonly endsAt: number }, stamp: Stamp) => void;
  /** A host has decided something for everyone. */
  'room:policy': (policy: RoomPolicy, stamp: Stamp) => void;
  /** To hosts: everyone who waits to be let in, longest first. */
  'lobby:waiting': (event: { readonly waiting: readonly LobbyGuest[] }, stamp: Stamp) => void;
  /** To someone who waits: join again, you are let in. */
  'lobby:admitted': (event: Record<string, never>, stamp: Stamp) => void;
  /** A host has turned this person's microphone off; they may turn it on again. */
  mutedByHost: (event: Record<string, never>, stamp: Stamp) => void;
  /** Someone else shares their screen now; this person's is no longer sent. */
  screenReplaced: (event: { readonly by: PeerId }, stamp: Stamp) => void;
  /** The server ends the call or the wait for it; the reason is shown. */
  closing: (event: { readonly reason: ClosingReason }, stamp: Stamp) => void;
}
