import { constants } from 'node:fs';
import { access, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../errors.ts';
import { MeetingKey } from './meeting-key.ts';
import { owner } from './owner.ts';

const VARIABLE = 'PARLEY_TRANSCRIPTS_DIRECTORY';
const MAKE_ONE = 'Make one with: mkdir -m 700 FOLDER';
const { R_OK, W_OK, X_OK } = constants;
/** Write, for everybody. */
const OPEN_TO_ALL = 0o002;
/** Files of ours; whatever else lies in the folder is left alone. */
const OURS = /^([0-9a-f]{32})\.(key|log|new)$/;

/** The folder of the transcripts: `<name>.key` and `<name>.log` for each. One server uses it. */
export class TranscriptFolder {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Rejects with a StartError unless it is a folder of this user's in which files can be made.
   * Clears away what a crash has left: logs without a key, and keys half written.
   */
  static async open(directory: string): Promise<TranscriptFolder> {
    await check(directory);
    const folder = new TranscriptFolder(directory);
    await folder.#tidy();
    return folder;
  }

  logOf(name: string): string {
    return join(this.#directory, `${name}.log`);
  }

  /** Names of all transcripts, of destroyed ones too. */
  async names(): Promise<readonly string[]> {
    return (await this.#files()).filter(({ kind }) => kind === 'key').map(({ name }) => name);
  }

  /** Undefined when there is none. Rejects when it cannot be read or understood. */
  async readKey(name: string): Promise<MeetingKey | undefined> {
    const text = await readFile(this.#path(name, 'key'), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    try {
      return MeetingKey.parse(JSON.parse(text));
    } catch (cause) {
      throw new Error(`${name}.key is damaged`, { cause });
    }
  }

  /** Writes the key file whole or not at all, also when the power fails. */
  async writeKey(name: string, key: MeetingKey): Promise<void> {
    const draft = this.#path(name, 'new');
    {
      await using handle = await open(draft, 'w', 0o600);
      await handle.writeFile(`${JSON.stringify(key)}\n`);
      await handle.sync();
    }
    await rename(draft, this.#path(name, 'key'));
    await this.#sync();
  }

  /** When the transcript was begun, milliseconds since 1970; of an unreadable one, the file's time. */
  async since(name: string): Promise<number> {
    const key = await this.readKey(name).catch(() => undefined);
    return key?.since ?? (await stat(this.#path(name, 'key'))).mtimeMs;
  }

  /**
   * The key goes first and for good; without it the log is noise. Overwriting it would be for show:
   * file systems and drives write elsewhere.
   */
  async destroy(name: string): Promise<void> {
    await rm(this.#path(name, 'key'), { force: true });
    await this.#sync();
    await rm(this.#path(name, 'log'), { force: true });
  }

  async #tidy(): Promise<void> {
    for (const { name, kind } of await this.#files()) {
      if (kind === 'new') await rm(this.#path(name, kind), { force: true });
      if (kind !== 'log') continue;
      const key = await this.readKey(name).catch(() => 'damaged' as const);
      if (key === 'damaged' || key?.state === 'kept') continue;
      await rm(this.#path(name, kind), { force: true });
    }
  }

  async #files() {
    const entries = (await readdir(this.#directory)).map((entry) => OURS.exec(entry));
    return entries.flatMap((match) => {
      const [, name, kind] = match ?? [];
      return name && (kind === 'key' || kind === 'log' || kind === 'new') ? [{ name, kind }] : [];
    });
  }

  #path(name: string, kind: 'key' | 'log' | 'new'): string {
    return join(this.#directory, `${name}.${kind}`);
  }

  /** Makes names that came or went last through a power failure. */
  async #sync(): Promise<void> {
    await using handle = await open(this.#directory, 'r');
    await handle.sync();
  }
}

async function check(directory: string): Promise<void> {
  if (directory === '') {
    throw new StartError(`Transcripts need a folder: name it in ${VARIABLE}. ${MAKE_ONE}`);
  }
  const about = await stat(directory).catch((cause: unknown) => {
    throw new StartError(
      `The folder ${directory}, which ${VARIABLE} names, cannot be used. ${MAKE_ONE}`,
      { cause },
    );
  });
  if (!about.isDirectory()) {
    throw new StartError(`${directory} (${VARIABLE}) is not a folder. ${MAKE_ONE}`);
  }
  if (owner(about) === 'another' || (about.mode & OPEN_TO_ALL) !== 0) {
    throw new StartError(
      `Others may remove transcripts from ${directory} (${VARIABLE}). ` +
        `Make it this user's alone: chmod 700 ${directory}; chown "$(id -u)" ${directory}`,
    );
  }
  await access(directory, R_OK | W_OK | X_OK).catch((cause: unknown) => {
    throw new StartError(`No files can be made in ${directory} (${VARIABLE}).`, { cause });
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
