import type { CaptionLine } from '../rooms/captions.ts';
import type { KeptMessage } from '../rooms/chat-log.ts';
import type { Chronicle } from '../rooms/chronicle.ts';
import type { Decisions } from '../rooms/moderation.ts';
import type { Readers } from '../rooms/readership.ts';
import type { Change } from './room-store.ts';

/** Lines that may wait for Redis; the oldest go first. */
const MAX_WAITING = 500;

export interface SharedChronicleOptions {
  /** Rejects while there is no Redis; 'refused' when the meeting is another node's. */
  readonly write: (change: Change) => Promise<'written' | 'refused'>;
  /** This node's right to write has been refused. */
  readonly onRefused: () => void;
  /** So many lines were given up because too many waited. */
  readonly onDropped: (lines: number) => void;
}

/**
 * Writes what a meeting must not lose to Redis: one write at a time, each with all that has come up
 * meanwhile. What could not be written waits for `flush`.
 */
export class SharedChronicle implements Chronicle {
  readonly #options: SharedChronicleOptions;
  /** As they are now, so that they can be written again. */
  readonly #fields = new Map<string, string>();
  readonly #changed = new Set<string>();
  #lines: string[] = [];
  #clear = false;
  #writing: Promise<void> | undefined;

  constructor(options: SharedChronicleOptions) {
    this.#options = options;
  }

  lines(lines: readonly CaptionLine[]): void {
    this.#add(lines.map((line) => JSON.stringify(line)));
  }

  wrote({ sequence, author, consents, source, text, sentAt }: KeptMessage): void {
    const chat = { sequence, author, consents, source, text, sentAt };
    this.#add([JSON.stringify({ chat })]);
  }

  #add(entries: readonly string[]): void {
    this.#lines.push(...entries);
    const excess = this.#lines.length - MAX_WAITING;
    if (excess > 0) {
      this.#lines.splice(0, excess);
      this.#options.onDropped(excess);
    }
    this.flush();
  }

  decided(decisions: Decisions): void {
    this.set('decisions', JSON.stringify(decisions));
  }

  readers(readers: Readers, people: number): void {
    this.set('people', String(people));
    this.set('readers', JSON.stringify(readers));
  }

  ended(): void {
    this.#lines = [];
    this.#clear = true;
    this.set('people', '0');
    this.set('readers', '[]');
  }

  set(field: string, value: string): void {
    this.#fields.set(field, value);
    this.#changed.add(field);
    this.flush();
  }

  /** Redis has lost what was written. */
  again(): void {
    for (const field of this.#fields.keys()) this.#changed.add(field);
    this.flush();
  }

  /** Writes what waits, unless that is being done. */
  flush(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when all that can be written has been. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    // What is told in one go is written in one.
    await Promise.resolve();
    while (this.#changed.size > 0 || this.#lines.length > 0 || this.#clear) {
      const names = [...this.#changed];
      const lines = this.#lines;
      const clear = this.#clear;
      this.#changed.clear();
      this.#lines = [];
      this.#clear = false;
      const fields = Object.fromEntries(names.map((name) => [name, this.#fields.get(name) ?? '']));
      const outcome = await this.#options
        .write({ fields, lines, clear })
        .catch((): 'failed' => 'failed');
      if (outcome === 'written') continue;
      for (const name of names) this.#changed.add(name);
      this.#lines = [...lines, ...this.#lines].slice(-MAX_WAITING);
      this.#clear ||= clear;
      if (outcome === 'refused') this.#options.onRefused();
      return;
    }
  }
}
