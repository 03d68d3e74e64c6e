import type { ChatMessage, ChatTranslation } from '../protocol/chat.ts';
import type { LanguageTag } from '../protocol/ids.ts';
import type { LineSpeaker, Reader } from './captions.ts';
import { hearsAsIs } from './demand.ts';
import { findPair, wantsTranslation } from './language.ts';
import type { Pair } from './language.ts';

/** How far a message is on its way into one language; null: it could not be made. */
export type Rendering = { readonly text: string | null } | 'coming';

/** One message as it was written, and what has become of it in other languages. */
export interface ChatEntry {
  readonly sequence: number;
  readonly revision: number;
  readonly author: LineSpeaker;
  /** Whether a machine may read it. */
  readonly consents: boolean;
  readonly source: LanguageTag;
  readonly text: string;
  readonly sentAt: number;
  /** By the engine's own tag; absent: not asked for yet. */
  readonly renderings: ReadonlyMap<LanguageTag, Rendering>;
}

export type Written = Omit<ChatEntry, 'sequence' | 'revision' | 'renderings'>;

/** A message as it outlives the node it was written on; its translations are made again. */
export type KeptMessage = Omit<ChatEntry, 'revision' | 'renderings'>;

/** Messages kept, and characters of them, as they are all told to whoever joins. */
export const MAX_MESSAGES = 100;
export const MAX_CHARACTERS = 60_000;

/** The last messages of a room, in order; the oldest go first. */
export class ChatLog {
  readonly #entries = new Map<number, ChatEntry>();
  #sequence: number;
  #revision: number;

  /**
   * Numbers begin at `openedAt` (ms since 1970), so that they grow through a restart of the server.
   * `past`: what was written on another one, oldest first.
   */
  constructor(openedAt: number, past: readonly KeptMessage[] = []) {
    this.#sequence = openedAt;
    this.#revision = openedAt;
    for (const message of past) this.#keep({ ...message, revision: 0, renderings: new Map() });
    this.#trim();
  }

  /** Oldest first. */
  get all(): readonly ChatEntry[] {
    return [...this.#entries.values()];
  }

  add(written: Written): ChatEntry {
    const sequence = this.#sequence++;
    const entry = this.#keep({ ...written, sequence, revision: 0, renderings: new Map() });
    this.#trim();
    return entry;
  }

  /** What has become of a message; undefined when it is no longer kept. */
  render(
    sequence: number,
    renderings: readonly (readonly [LanguageTag, Rendering])[],
  ): ChatEntry | undefined {
    const entry = this.#entries.get(sequence);
    return (
      entry && this.#keep({ ...entry, renderings: new Map([...entry.renderings, ...renderings]) })
    );
  }

  #trim(): void {
    let characters = this.all.reduce((sum, { text }) => sum + text.length, 0);
    for (const [number, { text }] of this.#entries) {
      if (this.#entries.size <= MAX_MESSAGES && characters <= MAX_CHARACTERS) break;
      characters -= text.length;
      this.#entries.delete(number);
    }
  }

  #keep(entry: ChatEntry): ChatEntry {
    this.#revision += 1;
    const kept = { ...entry, revision: this.#revision };
    this.#entries.set(entry.sequence, kept);
    return kept;
  }
}

/** How a reader gets a message: as it is, by a translation of this pair, or not in their language. */
export type Reading =
  | { readonly way: 'original' }
  | { readonly way: 'translation'; readonly pair: Pair }
  | { readonly way: 'impossible' | 'declined'; readonly language: LanguageTag };

/** `pairs`: which languages written text is translated between, here and now. */
export function readingOf(entry: ChatEntry, reader: Reader, pairs: readonly Pair[]): Reading {
  const { author, source } = entry;
  const { hear } = reader;
  const own = author.peerId === reader.peerId;
  if (own || hearsAsIs(author, reader) || !wantsTranslation(source, hear)) {
    return { way: 'original' };
  }
  if (!entry.consents) return { way: 'declined', language: hear };
  const pair = findPair({ pairs }, source, hear);
  return pair ? { way: 'translation', pair } : { way: 'impossible', language: hear };
}

/** A message as this reader gets it. */
export function messageFor(entry: ChatEntry, reader: Reader, pairs: readonly Pair[]): ChatMessage {
  const { sequence, revision, author, source, text, sentAt } = entry;
  const translation = translationFor(entry, readingOf(entry, reader, pairs));
  const message = { sequence, revision, ...author, source, text, sentAt };
  return translation ? { ...message, translation } : message;
}

function translationFor(entry: ChatEntry, reading: Reading): ChatTranslation | undefined {
  switch (reading.way) {
    case 'original':
      return undefined;
    case 'impossible':
    case 'declined':
      return { language: reading.language, missing: reading.way };
    case 'translation': {
      const { target: language } = reading.pair;
      const rendering = entry.renderings.get(language) ?? 'coming';
      if (rendering === 'coming') return { language, missing: 'coming' };
      const { text } = rendering;
      return text === null ? { language, missing: 'failed' } : { language, text };
    }
  }
}
