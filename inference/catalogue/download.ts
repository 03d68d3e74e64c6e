import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CatalogueError } from './catalogue-error.ts';
import { codeOf, expectRoom, remove, sizeOf } from './disk.ts';
import type { Progress } from './progress.ts';
import { networkProblem, Transient, type Answer, type Web } from './web.ts';
import { bytesInWords } from './words.ts';

/** Tries in a row that bring nothing; a try that brings something is followed by as many again. */
const TRIES = 5;
const MAX_PAUSE_MS = 60_000;

export interface Download {
  readonly title: string;
  readonly url: string;
  /** File that what has come is kept in; complete once the download is. */
  readonly part: string;
  /** Size of the whole, where it is known beforehand: nothing else is taken. */
  readonly bytes: number | undefined;
  /** The contents are known, so that parts of two versions put together do not go unnoticed. */
  readonly pinned: boolean;
}

export interface DownloadTools {
  readonly web: Web;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly freeBytes: (folder: string) => Promise<number>;
  /** Resolves after so many milliseconds; rejects with the signal's reason. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What the bytes in a part file are of: kept beside it, so that a later pull can go on. */
const Origin = z.object({ version: z.string().optional(), total: z.int().min(0).optional() });
type Origin = z.infer<typeof Origin>;

/**
 * Brings a part file to its full size, going on from what is there. A line that breaks is tried
 * again; whatever ends this, what has come is kept. Says nothing about the contents.
 */
export async function download(wanted: Download, tools: DownloadTools): Promise<void> {
  const { progress, signal } = tools;
  await mkdir(dirname(wanted.part), { recursive: true });
  for (let failures = 0; ;) {
    const before = (await sizeOf(wanted.part)) ?? 0;
    try {
      await fetchRest(wanted, tools);
      return;
    } catch (error) {
      progress.end();
      signal.throwIfAborted();
      if (!(error instanceof Transient)) throw error;
      const after = (await sizeOf(wanted.part)) ?? 0;
      failures = after > before ? 1 : failures + 1;
      if (failures >= TRIES) throw givingUp(wanted, after, error);
      const pauseMs = Math.min(error.retryAfterMs ?? 1000 * 2 ** (failures - 1), MAX_PAUSE_MS);
      progress.say(`${error.message}; trying again in ${Math.round(pauseMs / 1000)} s`);
      await tools.pause(pauseMs, signal);
    }
  }
}

async function fetchRest(wanted: Download, tools: DownloadTools): Promise<void> {
  const { offset, origin } = await leftBefore(wanted);
  if (offset > 0 && offset === (wanted.bytes ?? origin.total)) return;
  const answer = await tools.web.fetch(wanted.url, {
    offset,
    version: origin.version,
    signal: tools.signal,
  });
  if (answer === 'restart') {
    await discard(wanted.part);
    throw new Transient(`${new URL(wanted.url).host} has another version now`);
  }
  const { start, total } = answer;
  if (wanted.bytes !== undefined && total !== undefined && total !== wanted.bytes) {
    throw new CatalogueError(
      'failed',
      `${wanted.title}: the server has ${total} bytes, and it should be ${wanted.bytes}.`,
      'That is another file. Look at what --mirror or the proxy serves, or try again later.',
    );
  }
  const free = await tools.freeBytes(dirname(wanted.part));
  expectRoom((total ?? wanted.bytes ?? start) - start, free, dirname(wanted.part));
  // First the old bytes go: a crash must not leave them beside the origin of the new ones.
  if (start === 0) await discard(wanted.part);
  await keepOrigin(wanted.part, { version: answer.version, total });
  tools.progress.begin(wanted.title, start, total ?? wanted.bytes);
  await write(wanted, answer, tools);
  tools.progress.end();
  const came = await sizeOf(wanted.part);
  const expected = total ?? wanted.bytes;
  if (expected !== undefined && came !== expected) {
    throw new Transient(`${new URL(wanted.url).host} ended the file early`);
  }
}

/** Appends what comes. When the line breaks, what had come is written all the same. */
async function write(wanted: Download, answer: Answer, tools: DownloadTools): Promise<void> {
  const limit = answer.total ?? wanted.bytes ?? Number.POSITIVE_INFINITY;
  const { host } = new URL(wanted.url);
  let done = answer.start;
  let broken: unknown;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of answer.body) {
        done += piece.length;
        if (done > limit) throw new Transient(`${host} sends more than it said`);
        yield piece;
        tools.progress.reach(done);
      }
    } catch (error) {
      broken = error;
    }
  }
  const file = await open(wanted.part, answer.start === 0 ? 'w' : 'r+');
  try {
    const out = file.createWriteStream({ start: answer.start, flush: true });
    await pipeline(pieces(), out, { signal: tools.signal });
  } catch (error) {
    tools.signal.throwIfAborted();
    throw await writingProblem(error, wanted);
  } finally {
    await file.close();
  }
  if (broken instanceof Transient) throw broken;
  if (broken !== undefined) throw networkProblem(broken, new URL(wanted.url));
}

/** What an earlier try has left, if it can be gone on from. */
async function leftBefore(wanted: Download): Promise<{ offset: number; origin: Origin }> {
  const offset = (await sizeOf(wanted.part)) ?? 0;
  const origin = await originOf(wanted.part);
  const tooLong = offset > (wanted.bytes ?? origin?.total ?? Number.POSITIVE_INFINITY);
  const sure = wanted.pinned || origin?.version !== undefined;
  if (offset > 0 && origin && sure && !tooLong) return { offset, origin };
  await discard(wanted.part);
  return { offset: 0, origin: {} };
}

async function originOf(part: string): Promise<Origin | undefined> {
  try {
    return Origin.parse(JSON.parse(await readFile(`${part}.origin`, 'utf8')));
  } catch {
    // None, or half of one: the part cannot be gone on from.
    return undefined;
  }
}

async function keepOrigin(part: string, origin: Origin): Promise<void> {
  const file = await open(`${part}.origin`, 'w');
  try {
    await file.writeFile(JSON.stringify(origin));
  } finally {
    await file.close();
  }
}

/** Takes away a part file and what is known of it. */
export async function discard(part: string): Promise<void> {
  await remove(part);
  await remove(`${part}.origin`);
}

async function writingProblem(error: unknown, wanted: Download): Promise<Error> {
  const kept = `${bytesInWords((await sizeOf(wanted.part)) ?? 0)} of it are kept.`;
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new CatalogueError(
        'failed',
        `${wanted.title}: the disk is full. ${kept}`,
        'Make room and pull again to go on from there, or `models -- remove` it to give that back.',
        { cause: error },
      );
    case 'EIO':
    case 'EROFS':
    case 'EFBIG':
      return new CatalogueError(
        'failed',
        `${wanted.title} cannot be written: ${error instanceof Error ? error.message : ''}. ${kept}`,
        'Look at the disk, or choose another place with --directory.',
        { cause: error },
      );
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}

function givingUp(wanted: Download, kept: number, cause: Transient): CatalogueError {
  return new CatalogueError(
    'failed',
    `${wanted.title}: ${cause.message}, ${TRIES} times in a row. ${bytesInWords(kept)} are kept.`,
    'Look at the network, --proxy and --mirror, and pull again to go on from there.',
    { cause },
  );
}
