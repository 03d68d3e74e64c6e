import type { Readable } from 'node:stream';
import type { RoomId } from '../protocol/ids.ts';
import type { Segment } from './schemas.ts';

/** Meetings, wherever they are. Both reject with a RequestError 'unavailable'. */
export interface Meetings {
  look(id: RoomId): Promise<MeetingFigures>;
  /** One that nobody knows is no error. */
  end(id: RoomId): Promise<void>;
}

export interface MeetingFigures {
  readonly people: number;
  /** Undefined: not known here. */
  readonly waiting?: number;
  /** Address of the node that has it; undefined: this one, or none. */
  readonly node?: string;
}

/** What is wanted of a recording. */
export interface TranscriptionBrief {
  readonly source: string;
  readonly targets: readonly string[];
}

/** What comes of a recording, in order; `end` is the last. */
export type RecordingEvent =
  | { readonly type: 'progress'; readonly heardMs: number }
  | ({ readonly type: 'segment' } & Segment)
  | { readonly type: 'end'; readonly durationMs: number };

export interface TextOrder {
  readonly text: string;
  readonly source: string;
  readonly targets: readonly string[];
}

export interface SpeechOrder {
  readonly text: string;
  readonly language: string;
  readonly voice: string;
  readonly format: string;
}

/** A voice as a file, while it is spoken. */
export interface SpokenFile {
  readonly mediaType: string;
  readonly sound: Readable;
}

/** Where files and texts are worked on. All reject with a RequestError, or the signal's reason. */
export interface Files {
  /** The recording is read as fast as it is worked on. */
  transcribe(
    brief: TranscriptionBrief,
    recording: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncIterable<RecordingEvent>;
  /** In the order of the targets. */
  translate(order: TextOrder, signal: AbortSignal): Promise<readonly string[]>;
  speak(order: SpeechOrder, signal: AbortSignal): Promise<SpokenFile>;
}
