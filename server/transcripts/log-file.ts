import { constants } from 'node:fs';
import { open, truncate, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { TranscriptLine } from './line.ts';
import { seal, unseal } from './sealing.ts';

/** Longest line, in bytes of JSON: many times what is said in one utterance. */
const MAX_LINE_BYTES = 65_536;
/** Longest record that such a line makes, sealed and in base64. */
const MAX_RECORD_BYTES = 2 * MAX_LINE_BYTES;
/** Most records of one log; reading it takes them all into memory. */
const MAX_RECORDS = 100_000;
/** Read at a time; opening what is in it takes some milliseconds. */
const CHUNK_BYTES = 65_536;
const NEWLINE = 0x0a;
const { O_APPEND, O_WRONLY } = constants;

export interface LogKey {
  readonly path: string;
  readonly key: Uint8Array;
}

export interface LogContent {
  /** As written, with those that were written again later. */
  readonly lines: readonly TranscriptLine[];
  /** Length of the records that are whole. */
  readonly bytes: number;
  /** Whether half a record follows them: the machine or the disk stopped in the middle of it. */
  readonly torn: boolean;
}

/**
 * A log is text, one record a line: a transcript line as JSON, sealed, in base64. Each record is
 * bound to the file's name and to its own number from 0. So a record that was changed, moved, left
 * out, or taken from another meeting does not open. Records cut off at the end leave no trace.
 *
 * Rejects, naming the file, unless every whole record opens.
 */
export async function readLog({ path, key }: LogKey): Promise<LogContent> {
  await using handle = await open(path, 'r');
  const lines: TranscriptLine[] = [];
  let bytes = 0;
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) break;
    const data = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      lines.push(openRecord(data.toString('latin1', start, end), { path, key }, lines.length));
      start = end + 1;
    }
    bytes += start;
    rest = data.subarray(start);
    if (rest.length > MAX_RECORD_BYTES) throw damaged(path, lines.length);
  }
  return { lines, bytes, torn: rest.length > 0 };
}

/** Appends to a log. Nobody else may do so meanwhile. */
export class LogWriter {
  readonly #log: LogKey;
  #records: number;
  /** Added to sequences, so that a meeting whose count began anew replaces no former line. */
  readonly #sequenceBase: number;

  private constructor(log: LogKey, records: number, sequenceBase: number) {
    this.#log = log;
    this.#records = records;
    this.#sequenceBase = sequenceBase;
  }

  /** An empty log in place of whatever lies there. */
  static async create(log: LogKey): Promise<LogWriter> {
    await writeFile(log.path, '', { mode: 0o600 });
    return new LogWriter(log, 0, 0);
  }

  /** Goes on with a log once all of it has been read; half a record at its end is cut off. */
  static async resume(log: LogKey, { lines, bytes, torn }: LogContent): Promise<LogWriter> {
    if (torn) await truncate(log.path, bytes);
    const sequenceBase = lines.reduce((next, { sequence }) => Math.max(next, sequence + 1), 0);
    return new LogWriter(log, lines.length, sequenceBase);
  }

  /**
   * Resolves, when they are on the disk, to how many lines were written; one too long is left out.
   * After a rejection the end of the log is unknown and this writer of no more use.
   */
  async append(lines: readonly TranscriptLine[]): Promise<number> {
    const texts = lines
      .map((line) => JSON.stringify({ ...line, sequence: line.sequence + this.#sequenceBase }))
      .filter((text) => Buffer.byteLength(text) <= MAX_LINE_BYTES);
    if (this.#records + texts.length > MAX_RECORDS) {
      throw new Error(`${basename(this.#log.path)} has as many lines as a transcript may have`);
    }
    const records = texts.map((text, index) => sealRecord(text, this.#log, this.#records + index));
    // Never made anew here: a log that somebody took away is an error.
    await using handle = await open(this.#log.path, O_WRONLY | O_APPEND);
    await handle.appendFile(records.join(''));
    await handle.datasync();
    this.#records += records.length;
    return records.length;
  }
}

function sealRecord(text: string, { path, key }: LogKey, number: number): string {
  return `${seal(key, Buffer.from(text), context(path, number)).toString('base64')}\n`;
}

function openRecord(record: string, { path, key }: LogKey, number: number): TranscriptLine {
  const sealed = Buffer.from(record, 'base64');
  // Node reads over what is not base64; here every bit counts.
  if (sealed.toString('base64') !== record) throw damaged(path, number);
  try {
    const text = unseal(key, sealed, context(path, number)).toString();
    return TranscriptLine.parse(JSON.parse(text));
  } catch {
    // Without the cause: it might quote what was said, and this error goes to the logs.
    throw damaged(path, number);
  }
}

function damaged(path: string, number: number): Error {
  return new Error(`record ${number} of ${basename(path)} has been changed or is damaged`);
}

function context(path: string, number: number): string {
  return ['parley transcript line 1', basename(path), number].join('\n');
}
