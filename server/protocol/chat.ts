import type { LanguageTag, PeerId } from './ids.ts';

/**
 * Why a message is not there in the reader's language: it is on its way, it could not be made, there
 * is no translation between the two languages, or whoever wrote it does not agree to a machine.
 */
export type Untranslated = 'coming' | 'failed' | 'impossible' | 'declined';

/** A message in the language of one reader. */
export type ChatTranslation =
  | { readonly language: LanguageTag; readonly text: string }
  | { readonly language: LanguageTag; readonly missing: Untranslated };

/** One chat message as one reader gets it, again whenever it changes. */
export interface ChatMessage {
  /** Orders the messages of a room, and names this one. */
  readonly sequence: number;
  /** Grows with every change of any message of the room. */
  readonly revision: number;
  readonly peerId: PeerId;
  /** Carried along so that a message can still be shown after its author has left. */
  readonly displayName: string;
  readonly colour: number;
  /** What the author speaks, and is taken to write. */
  readonly source: LanguageTag;
  /** As it was written; plain text. */
  readonly text: string;
  /** Absent for readers who need none: it was written in their language, or they want originals. */
  readonly translation?: ChatTranslation;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}
