import type { AwaitQueue } from 'awaitqueue';
import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { TranscriptFolder } from './folder.ts';
import type { KeyRing } from './key-ring.ts';
import { latest, TranscriptLine } from './line.ts';
import { LogWriter, readLog } from './log-file.ts';
import type { LogContent, LogKey } from './log-file.ts';
import { destroyedMark, makeMeetingKey, openMeetingKey } from './meeting-key.ts';

/** Lines of one meeting that may wait for the disk; further ones are dropped and counted. */
const MAX_WAITING = 256;

/**
 * 'none': no line was kept yet. 'kept': lines are kept. 'failed': the disk or the files refused and
 * no more lines are kept. 'destroyed': by the host; no more lines are kept.
 */
export type TranscriptState = 'none' | 'kept' | 'failed' | 'destroyed';

/** Totals since the start. */
export interface TranscriptCounts {
  /** Lines on the disk. */
  written: number;
  /** Lines lost: too many waited, malformed or too long, or their transcript failed. */
  dropped: number;
  /** Transcripts that failed. */
  failed: number;
}

/** What the transcripts of a server share. */
export interface TranscriptStore {
  readonly folder: TranscriptFolder;
  readonly ring: KeyRing;
  /** One thing at a time happens to the folder. */
  readonly queue: AwaitQueue;
  readonly counts: TranscriptCounts;
  readonly now: () => number;
}

export interface MeetingTranscriptOptions {
  readonly store: TranscriptStore;
  /** Names its files may have; new ones get the first. */
  readonly names: readonly [string, ...string[]];
  readonly onState: (state: TranscriptState) => void;
  readonly log: Logger;
}

/** The transcript of one meeting. Its files are made with its first line. */
export class MeetingTranscript {
  readonly #store: TranscriptStore;
  readonly #names: readonly [string, ...string[]];
  readonly #onState: (state: TranscriptState) => void;
  readonly #log: Logger;
  #waiting: TranscriptLine[] = [];
  #writer: LogWriter | undefined;
  #state: TranscriptState = 'none';
  #used = true;

  constructor({ store, names, onState, log }: MeetingTranscriptOptions) {
    this.#store = store;
    this.#names = names;
    this.#onState = onState;
    this.#log = log;
  }

  get state(): TranscriptState {
    return this.#state;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  write(line: TranscriptLine): void {
    this.#used = true;
    if (this.#state === 'destroyed') return;
    // What could not be read again would make the whole transcript unreadable.
    const { data: sound } = TranscriptLine.safeParse(line);
    if (!sound || this.#state === 'failed' || this.#waiting.length >= MAX_WAITING) {
      this.#store.counts.dropped += 1;
      return;
    }
    this.#waiting.push(sound);
    if (this.#waiting.length === 1) void this.#store.queue.push(() => this.#drain());
  }

  /** Rejects with a RequestError 'notFound', or 'unavailable' when it cannot be read. */
  async read(): Promise<readonly TranscriptLine[]> {
    this.#used = true;
    try {
      return await this.#store.queue.push(() => this.#read());
    } catch (cause) {
      if (cause instanceof RequestError) throw cause;
      this.#log.error({ err: cause }, 'a transcript cannot be read');
      throw new RequestError('unavailable', 'the transcript cannot be read', { cause });
    }
  }

  /** From this call on nothing is kept. Rejects with a RequestError 'unavailable'; try again then. */
  async destroy(): Promise<void> {
    this.#used = true;
    this.#waiting = [];
    this.#become('destroyed');
    try {
      await this.#store.queue.push(() => this.#destroy());
    } catch (cause) {
      this.#log.error({ err: cause }, 'a transcript cannot be destroyed');
      throw new RequestError('unavailable', 'the transcript cannot be destroyed', { cause });
    }
  }

  /** Its files are gone; a next line begins anew, with a new key. */
  forget(): void {
    this.#writer = undefined;
    if (this.#state === 'kept') this.#become('none');
  }

  /** Whether nothing was asked of it since the last call; it need not stay in memory then. */
  idle(): boolean {
    const idle = !this.#used && this.#waiting.length === 0;
    this.#used = false;
    return idle;
  }

  async #drain(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length === 0) return;
    const { counts } = this.#store;
    try {
      this.#writer ??= await this.#open();
      if (!this.#writer) return;
      const written = await this.#writer.append(lines);
      counts.written += written;
      counts.dropped += lines.length - written;
      if (this.#state === 'none') this.#become('kept');
    } catch (error) {
      counts.failed += 1;
      counts.dropped += lines.length + this.#waiting.length;
      this.#waiting = [];
      this.#writer = undefined;
      if (this.#state !== 'destroyed') this.#become('failed');
      this.#log.error(
        { err: error },
        'a transcript cannot be written; the meeting goes on without',
      );
    }
  }

  /** Undefined when the transcript was destroyed before. */
  async #open(): Promise<LogWriter | undefined> {
    const { folder, ring, now } = this.#store;
    const found = await this.#find();
    if (found === 'destroyed') {
      this.#waiting = [];
      this.#become('destroyed');
      return undefined;
    }
    if (found) return LogWriter.resume(found, await this.#content(found));
    const [name] = this.#names;
    const { stored, key } = makeMeetingKey(ring, name, now());
    // The log first: a log without a key is cleared away, a key without its log is an error.
    const writer = await LogWriter.create({ path: folder.logOf(name), key });
    await folder.writeKey(name, stored);
    return writer;
  }

  async #read(): Promise<readonly TranscriptLine[]> {
    const found = await this.#find();
    if (!found || found === 'destroyed') {
      throw new RequestError('notFound', 'there is no transcript of this meeting');
    }
    return latest((await this.#content(found)).lines);
  }

  async #content(log: LogKey): Promise<LogContent> {
    const content = await readLog(log);
    if (content.torn) this.#log.warn('the last line of a transcript was not written whole');
    return content;
  }

  async #find(): Promise<LogKey | 'destroyed' | undefined> {
    const { folder, ring } = this.#store;
    for (const name of this.#names) {
      const stored = await folder.readKey(name);
      if (stored?.state === 'destroyed') return 'destroyed';
      if (stored) return { path: folder.logOf(name), key: openMeetingKey(ring, name, stored) };
    }
    return undefined;
  }

  async #destroy(): Promise<void> {
    const { folder, now } = this.#store;
    this.#writer = undefined;
    for (const name of this.#names) await folder.destroy(name);
    // So that nothing is kept after a restart either. What is destroyed is so without it.
    await folder.writeKey(this.#names[0], destroyedMark(now())).catch((error: unknown) => {
      this.#log.warn({ err: error }, 'that a transcript was destroyed cannot be noted');
    });
  }

  #become(state: TranscriptState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onState(state);
  }
}
