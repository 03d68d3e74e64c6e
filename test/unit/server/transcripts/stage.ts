import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TranscriptLine } from '../../../../server/transcripts/line.ts';
import { Transcripts } from '../../../../server/transcripts/transcripts.ts';
import { eventually } from '../../../support/eventually.ts';

export const HOUR_MS = 3_600_000;
export const RETENTION_MS = 24 * HOUR_MS;
export const ROOM = 'aaaaaaaaaaaaaaaaaaaaaa';
export const OTHER_ROOM = 'bbbbbbbbbbbbbbbbbbbbbb';

export const newKey = (): string => randomBytes(32).toString('base64');

export function line(sequence: number, given: Partial<TranscriptLine> = {}): TranscriptLine {
  return {
    sequence,
    startedAt: 1_700_000_000_000 + sequence * 1_000,
    speaker: 'Ann',
    source: 'en',
    original: `sentence ${sequence}`,
    translations: [{ language: 'es', text: `frase ${sequence}` }],
    ...given,
  };
}

/** A folder and a key file on the disk, a clock that stands still, and what is logged. */
export class TranscriptStage implements AsyncDisposable {
  readonly root: string;
  readonly logged: string[] = [];
  readonly states: string[] = [];
  now = 1_700_000_000_000;
  #open: Transcripts[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  static async create(): Promise<TranscriptStage> {
    const stage = new TranscriptStage(await mkdtemp(join(tmpdir(), 'parley-transcripts-')));
    await mkdir(stage.directory, { mode: 0o700 });
    await stage.keys(newKey());
    return stage;
  }

  get directory(): string {
    return join(this.root, 'kept');
  }

  get keyFile(): string {
    return join(this.root, 'key');
  }

  async keys(...keys: readonly string[]): Promise<void> {
    await writeFile(this.keyFile, `${keys.join('\n')}\n`, { mode: 0o600 });
  }

  /** A server's transcripts; may be called again, for a server that was started anew. */
  async start(): Promise<Transcripts> {
    const { directory, keyFile } = this;
    const transcripts = await Transcripts.create({
      options: { directory, keyFile, retentionMs: RETENTION_MS },
      now: () => this.now,
      log: pino({ level: 'info' }, { write: (entry: string) => this.logged.push(entry) }),
      onState: (_roomId, state) => this.states.push(state),
    });
    this.#open.push(transcripts);
    return transcripts;
  }

  async files(): Promise<readonly string[]> {
    return (await readdir(this.directory)).sort();
  }

  /** The only file of its kind. */
  async file(kind: 'key' | 'log'): Promise<string> {
    const [file, ...others] = (await this.files()).filter((name) => name.endsWith(`.${kind}`));
    if (!file || others.length > 0) throw new Error(`there is not one .${kind}`);
    return join(this.directory, file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const transcripts of this.#open) await transcripts.close();
    await rm(this.root, { recursive: true });
  }
}

/** Resolves when every line has met its fate. */
export async function settled({ counts }: Transcripts, lines: number): Promise<void> {
  await eventually(() => counts.written + counts.dropped === lines);
}
