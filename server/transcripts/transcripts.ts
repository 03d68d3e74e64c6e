import { AwaitQueue } from 'awaitqueue';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { StartError } from '../errors.ts';
import { roomTag } from '../log.ts';
import type { Logger } from '../log.ts';
import type { TranscriptOptions } from '../options.ts';
import { TranscriptFolder } from './folder.ts';
import { readKeyFile } from './key-file.ts';
import { transcriptNames } from './key-ring.ts';
import type { TranscriptLine } from './line.ts';
import { MeetingTranscript } from './meeting-transcript.ts';
import type { TranscriptCounts, TranscriptState, TranscriptStore } from './meeting-transcript.ts';

const HOUR_MS = 3_600_000;

export interface TranscriptsOptions {
  readonly options: TranscriptOptions;
  readonly log: Logger;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** The transcript of a running meeting began, failed or was destroyed. */
  readonly onState?: (roomId: string, state: TranscriptState) => void;
}

/** The transcripts of all meetings, encrypted in one folder. See docs/transcripts.md. */
export class Transcripts {
  readonly #store: TranscriptStore;
  readonly #retentionMs: number;
  readonly #log: Logger;
  readonly #onState: (roomId: string, state: TranscriptState) => void;
  /** Meetings that are written, or were asked for within the last hours. */
  readonly #meetings = new Map<string, MeetingTranscript>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(store: TranscriptStore, { options, log, onState }: TranscriptsOptions) {
    this.#store = store;
    this.#retentionMs = options.retentionMs;
    this.#log = log;
    this.#onState = onState ?? (() => undefined);
  }

  /**
   * Opens the folder and destroys what is older than the retention. Rejects with a StartError when
   * the folder or the key file is missing or open to others.
   */
  static async create(given: TranscriptsOptions): Promise<Transcripts> {
    const { options, log, now } = given;
    const folder = await TranscriptFolder.open(options.directory);
    const ring = await readKeyFile(options.keyFile);
    await checkApart(options);
    const counts = { written: 0, dropped: 0, failed: 0 };
    const store = { folder, ring, queue: new AwaitQueue(), counts, now };
    const transcripts = new Transcripts(store, given);
    await transcripts.sweep();
    await transcripts.#tellUnreadable(log);
    transcripts.#timer = setInterval(
      () => void transcripts.sweep(),
      Math.min(HOUR_MS, options.retentionMs),
    );
    transcripts.#timer.unref();
    return transcripts;
  }

  /** Totals since the start, for metrics. */
  get counts(): Readonly<TranscriptCounts> {
    return this.#store.counts;
  }

  /** Of a running meeting. */
  state(roomId: string): TranscriptState {
    return this.#meetings.get(roomId)?.state ?? 'none';
  }

  /** Takes a finished line, or one again under its sequence, of someone who agreed to be kept. */
  write(roomId: string, line: TranscriptLine): void {
    if (this.#closed) this.#store.counts.dropped += 1;
    else this.#meeting(roomId).write(line);
  }

  /**
   * The meeting so far, each line as it was written last. Rejects with a RequestError 'notFound', or
   * 'unavailable' when a file is damaged or its key is not known.
   */
  async export(roomId: string): Promise<readonly TranscriptLine[]> {
    return this.#meeting(roomId).read();
  }

  /**
   * Destroys the meeting's key, then its lines; of this meeting no more are kept. Nothing to destroy
   * is no error. Rejects with a RequestError 'unavailable' when the disk refuses.
   */
  async destroy(roomId: string): Promise<void> {
    await this.#meeting(roomId).destroy();
  }

  /**
   * Destroys what was begun longer ago than the retention; runs at the start and every hour. A
   * meeting that still runs goes on in a new transcript.
   */
  async sweep(): Promise<void> {
    try {
      for (const name of await this.#store.folder.names()) {
        await this.#store.queue.push(() => this.#expire(name));
      }
    } catch (error) {
      this.#log.error({ err: error }, 'transcripts past their time cannot be destroyed');
    }
    for (const [roomId, meeting] of this.#meetings) {
      if (meeting.idle()) this.#meetings.delete(roomId);
    }
  }

  /** Resolves when all that was taken is on the disk. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#store.queue.push(() => Promise.resolve());
  }

  async #expire(name: string): Promise<void> {
    const { folder, now } = this.#store;
    try {
      if (now() - (await folder.since(name)) <= this.#retentionMs) return;
      this.#meetings
        .values()
        .find((meeting) => meeting.has(name))
        ?.forget();
      await folder.destroy(name);
    } catch (error) {
      this.#log.error({ err: error }, 'a transcript past its time cannot be destroyed');
    }
  }

  #meeting(roomId: string): MeetingTranscript {
    const known = this.#meetings.get(roomId);
    if (known) return known;
    const meeting = new MeetingTranscript({
      store: this.#store,
      names: transcriptNames(this.#store.ring, roomId),
      onState: (state) => {
        this.#onState(roomId, state);
      },
      log: this.#log.child({ room: roomTag(roomId) }),
    });
    this.#meetings.set(roomId, meeting);
    return meeting;
  }

  /** Whoever took a key out of the key file too early is told, while they may still have it. */
  async #tellUnreadable(log: Logger): Promise<void> {
    const { folder, ring } = this.#store;
    const known = new Set(ring.map(({ id }) => id));
    let unreadable = 0;
    for (const name of await folder.names()) {
      const key = await folder.readKey(name).catch(() => 'damaged' as const);
      if (key === 'damaged' || (key?.state === 'kept' && !known.has(key.keyId))) unreadable += 1;
    }
    if (unreadable > 0) {
      log.warn({ transcripts: unreadable }, 'transcripts need keys that are not in the key file');
    }
  }
}

/** A copy of the folder must not hold the key to it. */
async function checkApart({ directory, keyFile }: TranscriptOptions): Promise<void> {
  const [folder, key] = [await realpath(directory), await realpath(keyFile)];
  if (!key.startsWith(folder + sep)) return;
  throw new StartError(
    `The key file ${keyFile} lies among the transcripts it protects, and would be copied with them. ` +
      'Move it elsewhere and tell PARLEY_TRANSCRIPTS_KEY_FILE.',
  );
}
