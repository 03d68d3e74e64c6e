import { Limiter } from '../limiter.ts';
import type { Logger } from '../log.ts';
import type { ChatMessage } from '../protocol/chat.ts';
import type { RoomPolicy } from '../protocol/hosting.ts';
import type { LanguageTag } from '../protocol/ids.ts';
import type { Attendance } from './attendance.ts';
import type { Reader } from './captions.ts';
import { ChatLog, messageFor, readingOf } from './chat-log.ts';
import type { ChatEntry, KeptMessage, Rendering } from './chat-log.ts';
import type { Chronicle } from './chronicle.ts';
import type { Pair } from './language.ts';
import { permitted } from './language-limits.ts';
import type { Peer } from './peer.ts';
import type { SpeechMedia } from './ports.ts';

/** What one person may send. */
const MESSAGES = { points: 10, windowMs: 10_000 };

export interface ChatOptions {
  readonly attendance: Attendance;
  /** The media process that serves the room now. */
  readonly media: () => SpeechMedia;
  readonly policy: () => RoomPolicy;
  /** Milliseconds since 1970; see ChatLog. */
  readonly openedAt: number;
  /** What was written on the node that had the meeting before, oldest first. */
  readonly past?: readonly KeptMessage[] | undefined;
  readonly chronicle?: Chronicle | undefined;
  readonly log: Logger;
}

/**
 * What is written in a room. Everyone gets each message at once as it was written, and again when it
 * is there in their language; it is translated once for each language that somebody here reads.
 */
export class Chat {
  readonly #options: ChatOptions;
  readonly #log: ChatLog;
  readonly #limiter = new Limiter(MESSAGES);
  #catchingUp = false;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#log = new ChatLog(options.openedAt, options.past);
  }

  /** Rejects with a RequestError 'rateLimited'. */
  async send(peer: Peer, text: string): Promise<void> {
    await this.#limiter.take(peer.id);
    if (peer.closed) return;
    const { id: peerId, displayName, colour, consents, speak: source } = peer;
    const author = { peerId, displayName, colour };
    const entry = this.#log.add({ author, consents, source, text, sentAt: Date.now() });
    this.#options.chronicle?.wrote(entry);
    for (const { reader, line } of this.#readers) {
      line.tell('chat', messageFor(entry, reader, this.#pairs));
    }
    void this.#translate(entry);
  }

  /** All that is kept, as this person gets it; what is not in their language yet follows. */
  replay(peer: Peer): readonly ChatMessage[] {
    void this.#catchUp();
    const reader = readerOf(peer);
    return this.#log.all.map((entry) => messageFor(entry, reader, this.#pairs));
  }

  /** Someone reads in another language from now on. */
  reread(peer: Peer): void {
    for (const message of this.replay(peer)) peer.line.tell('chat', message);
  }

  /** One message after another, the newest first, until nobody here lacks anything. */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    const lacking = (entry: ChatEntry): boolean => this.#lacking(entry).length > 0;
    for (let next = this.#log.all.findLast(lacking); next; next = this.#log.all.findLast(lacking)) {
      await this.#translate(next);
    }
    this.#catchingUp = false;
  }

  /** Into every language that somebody here lacks it in. */
  async #translate(entry: ChatEntry): Promise<void> {
    const bySource = Map.groupBy(this.#lacking(entry), ({ source }) => source);
    await Promise.all(
      bySource.entries().map(async ([source, pairs]) => {
        const targets = pairs.map(({ target }) => target);
        this.#log.render(
          entry.sequence,
          targets.map((target) => [target, 'coming']),
        );
        this.#rendered(entry.sequence, await this.#render(entry.text, source, targets));
      }),
    );
  }

  async #render(
    text: string,
    source: LanguageTag,
    targets: readonly LanguageTag[],
  ): Promise<readonly (readonly [LanguageTag, Rendering])[]> {
    const { media, log } = this.#options;
    try {
      const texts = await media().translateText({ text, source, targets });
      return targets.map((target, index) => [target, { text: texts[index]?.trim() || null }]);
    } catch (error) {
      log.warn({ err: error }, 'a message could not be translated');
      return targets.map((target) => [target, { text: null }]);
    }
  }

  /** Tells those who read one of these languages. */
  #rendered(sequence: number, renderings: readonly (readonly [LanguageTag, Rendering])[]): void {
    const entry = this.#log.render(sequence, renderings);
    if (!entry) return;
    for (const { reader, line } of this.#readers) {
      const message = messageFor(entry, reader, this.#pairs);
      const { language } = message.translation ?? {};
      if (renderings.some(([target]) => target === language)) line.tell('chat', message);
    }
  }

  /** Languages that somebody here reads it in and that were not asked for yet. */
  #lacking(entry: ChatEntry): readonly Pair[] {
    const wanted = new Map<LanguageTag, Pair>();
    for (const { reader } of this.#readers) {
      const reading = readingOf(entry, reader, this.#pairs);
      if (reading.way !== 'translation' || entry.renderings.has(reading.pair.target)) continue;
      wanted.set(reading.pair.target, reading.pair);
    }
    return [...wanted.values()];
  }

  get #readers() {
    return this.#options.attendance.all.map((peer) => ({
      reader: readerOf(peer),
      line: peer.line,
    }));
  }

  /** What text is translated between here: what the engine can do and the hosts leave on. */
  get #pairs(): readonly Pair[] {
    const { attendance, media, policy } = this.#options;
    const { texts } = media().engine;
    // Whoever is here may write, with a microphone or without.
    const people = attendance.all.map((peer) => ({ ...peer.needs, publishes: true }));
    const ability = { pairs: texts, recognises: texts.map(({ source }) => source) };
    return permitted(ability, people, policy().languages).pairs;
  }
}

function readerOf(peer: Peer): Reader {
  return { ...peer.needs, peerId: peer.id };
}
