import type {
  Caption,
  HeardLanguages,
  MediaPorts,
  MediaStats,
  MediaToServer,
  ServerToMedia,
  SpeakerKey,
  WrittenText,
} from '../../media/messages.ts';
import type { EngineInfo, EventData, EventName, NewConsumer, Stamp } from '../protocol/events.ts';

type Of<Message extends { type: string }, Type> = Extract<Message, { readonly type: Type }>;

/** Commands about one speaker. */
export type SpeakerCommand = Of<
  ServerToMedia,
  | 'open-speaker'
  | 'set-targets'
  | 'set-language'
  | 'set-detection'
  | 'set-voice'
  | 'set-muted'
  | 'set-gate'
  | 'speak'
  | 'close-speaker'
>;

/** How a speaker's words fare on the way to one language, as the media process tells it. */
export type TranslationProgress = Of<MediaToServer, 'translation-state'>;

/** What comes back about one speaker. */
export interface SpeakerListener {
  onCaption(caption: Caption): void;
  onProgress(progress: TranslationProgress): void;
  onLanguage(heard: HeardLanguages): void;
}

/** A media process as rooms need it. */
export interface SpeechMedia {
  /** Where it takes and sends packets, one object from start to end; undefined while it is down. */
  readonly ports: MediaPorts | undefined;
  /** The engine as this process finds it. */
  readonly engine: EngineInfo;
  /** Resolves once the command has taken effect; rejects with a RequestError 'unavailable'. */
  command(command: SpeakerCommand): Promise<void>;
  /** In the order of the targets; rejects with a RequestError 'unavailable'. */
  translateText(text: WrittenText): Promise<readonly string[]>;
  /** How these speakers and its stages fare; rejects with a RequestError 'unavailable'. */
  stats(speakers: readonly SpeakerKey[]): Promise<MediaStats>;
  /** Subscribes to one speaker until the function it returns is called. */
  listen(speaker: SpeakerKey, listener: SpeakerListener): () => void;
}

/** An event that is not acknowledged. */
export type PlainEvent = Exclude<EventName, 'newConsumer'>;

/** One socket of a participant's page. Sending to a page that is gone does nothing. */
export interface Outbox {
  emit<E extends PlainEvent>(event: E, data: EventData<E>, stamp: Stamp): void;
  /** Resolves when the browser is ready to receive; rejects when it does not answer. */
  offer(consumer: NewConsumer, stamp: Stamp): Promise<void>;
  /** Hangs up: the page has come by another socket. */
  close(): void;
}
