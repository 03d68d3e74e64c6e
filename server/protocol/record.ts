import type { LanguageTag, PeerId } from './ids.ts';

/** One finished line as it was said and, where it was translated, in one other language. */
export interface RecordLine {
  /** As in captions: orders the lines of a room. */
  readonly sequence: number;
  readonly peerId: PeerId;
  readonly displayName: string;
  readonly colour: number;
  readonly source: LanguageTag;
  /** As it was said. */
  readonly original: string;
  /** Absent where the line has no translation into the language asked for. */
  readonly translation?: {
    readonly language: LanguageTag;
    readonly text: string;
    /** True when the machine spoke it. */
    readonly spoken: boolean;
  };
  /** Set when words are missing, and why. */
  readonly gap?: 'skipped' | 'failed';
  /** Set when its speaker has said it differently; these are the words that hold. */
  readonly corrected?: true;
  /** Wall clock of the start of speech, milliseconds since 1970. */
  readonly startedAt: number;
  /** The same of its end; absent when it was broken off. */
  readonly endedAt?: number;
}

/** A part of the record, oldest line first. */
export interface RecordPage {
  readonly lines: readonly RecordLine[];
  /** More lines follow: ask again, after the last one's `sequence`. */
  readonly more: boolean;
}
