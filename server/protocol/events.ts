import type { ConsumerId, HearChoice, LanguageTag, PeerId, ProducerId } from './ids.ts';
import type { RtpParameters } from './rtp.ts';

/** A participant as everyone in the room sees them. Mute is the server's truth. */
export interface PeerInfo {
  readonly peerId: PeerId;
  readonly displayName: string;
  readonly speak: LanguageTag;
  readonly hear: HearChoice;
  /** 'none' when the person joined as a listener. */
  readonly microphone: 'live' | 'muted' | 'none';
  /** 0, 1, 2 … in order of joining; decides the colour. */
  readonly colour: number;
}

/** Why a track exists: the person themselves, or their words spoken in another language. */
export type TrackKind =
  { readonly type: 'original' } | { readonly type: 'translation'; readonly language: LanguageTag };

export interface NewConsumer {
  readonly consumerId: ConsumerId;
  readonly producerId: ProducerId;
  readonly peerId: PeerId;
  readonly track: TrackKind;
  readonly kind: 'audio';
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
  /** Wall clock of the start of speech, milliseconds since 1970. */
  readonly startedAt: number;
}

/** How a speaker's words fare on the way to one language. */
export interface TranslationState {
  readonly peerId: PeerId;
  readonly language: LanguageTag;
  readonly state: 'idle' | 'interpreting' | 'speaking' | 'unavailable' | 'failed';
  /** End of speech to the first translated sound of the last utterance, milliseconds. */
  readonly lagMs?: number;
}

/** What the engine behind this server can do. A pair not listed cannot be translated. */
export interface EngineInfo {
  readonly state: 'starting' | 'ready' | 'failed';
  /** 'offline' for the embedded engine, otherwise the engine's own name. */
  readonly name: string;
  readonly pairs: readonly { readonly source: LanguageTag; readonly target: LanguageTag }[];
  /** Languages whose speech is recognised (captions in the language spoken). */
  readonly recognises: readonly LanguageTag[];
}

/** Server to client. `newConsumer` is acknowledged when the browser is ready to receive. */
export interface ServerToClientEvents {
  /** Someone else has joined. */
  newPeer: (peer: PeerInfo) => void;
  /** Someone's languages or microphone changed; sent to that person too. */
  peerUpdated: (peer: PeerInfo) => void;
  peerClosed: (event: { readonly peerId: PeerId }) => void;
  newConsumer: (consumer: NewConsumer, ack: () => void) => void;
  consumerClosed: (event: { readonly consumerId: ConsumerId }) => void;
  consumerPaused: (event: { readonly consumerId: ConsumerId }) => void;
  consumerResumed: (event: { readonly consumerId: ConsumerId }) => void;
  /** Levels of those who speak now, 0 to 1; an empty list is silence. */
  activeSpeakers: (
    speakers: readonly { readonly peerId: PeerId; readonly level: number }[],
  ) => void;
  caption: (caption: CaptionEvent) => void;
  'translation:state': (state: TranslationState) => void;
  'translation:engine': (engine: EngineInfo) => void;
  /** The media behind this call is gone and must be built anew (a worker died). */
  mediaReset: () => void;
  /** The server ends the call; the reason is shown. */
  closing: (event: { readonly reason: 'serverStopping' }) => void;
}
