import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { RequestError } from '../errors.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { Files, TranscriptionBrief } from './ports.ts';
import type { ApiEvent, RECORDING_FORMATS, Recording } from './schemas.ts';
import { cuesOf, toSrt, toVtt } from './subtitles.ts';
import type { Upload } from './uploads.ts';

export type RecordingFormat = (typeof RECORDING_FORMATS)[number];

/** What is wrong with one recording says nothing about the next. */
const OWN_FAULTS: ReadonlySet<ErrorCode> = new Set(['unsupported', 'tooLarge']);

export interface RecordingsOrder extends TranscriptionBrief {
  readonly format: RecordingFormat;
  /** The language of subtitles; undefined: as it was said. */
  readonly show: string | undefined;
}

/** All that happens while recordings are worked on, one after another. Rejects with a RequestError. */
export async function* work(
  uploads: AsyncIterable<Upload>,
  brief: TranscriptionBrief,
  { files, signal }: { readonly files: Files; readonly signal: AbortSignal },
): AsyncGenerator<ApiEvent, void, undefined> {
  let file = 0;
  for await (const { name, bytes, fault } of uploads) {
    yield { type: 'file', file, name };
    try {
      for await (const event of files.transcribe(brief, bytes, signal)) yield { ...event, file };
    } catch (error) {
      const why = fault() ?? error;
      const own = fault() === undefined && why instanceof RequestError && OWN_FAULTS.has(why.code);
      if (!own) throw why;
      yield { type: 'failed', file, error: why.toWire() };
    }
    file += 1;
  }
  if (file === 0) throw new RequestError('badRequest', 'there is no recording in the request');
  yield { type: 'done', files: file };
}

/** Answers in the form asked for. Rejects with a RequestError as long as nothing was sent. */
export async function answer(
  reply: FastifyReply,
  events: AsyncGenerator<ApiEvent, void, undefined>,
  { format, show }: RecordingsOrder,
): Promise<unknown> {
  switch (format) {
    case 'ndjson':
      return reply
        .type('application/x-ndjson')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(lines(events)));
    case 'json':
      return { files: await all(events) };
    case 'srt':
      return reply
        .type('application/x-subrip; charset=utf-8')
        .send(toSrt(cuesOf((await only(events)).segments, show)));
    case 'vtt':
      return reply
        .type('text/vtt; charset=utf-8')
        .send(toVtt(cuesOf((await only(events)).segments, show)));
  }
}

/** The form a request asks for: in its address, or else by its header `Accept`. */
export function formatOf(format: RecordingFormat | undefined, accept = ''): RecordingFormat {
  if (format !== undefined) return format;
  if (accept.includes('text/vtt')) return 'vtt';
  if (accept.includes('application/x-subrip')) return 'srt';
  return accept.includes('application/x-ndjson') ? 'ndjson' : 'json';
}

/** The first event decides between an answer and an error; later ones are told among the lines. */
async function* lines(events: AsyncIterable<ApiEvent>): AsyncGenerator<string> {
  try {
    for await (const event of events) yield `${JSON.stringify(event)}\n`;
  } catch (error) {
    const known =
      error instanceof RequestError
        ? error
        : new RequestError('internal', 'the server made a mistake');
    yield `${JSON.stringify({ type: 'error', error: known.toWire() } satisfies ApiEvent)}\n`;
  }
}

/** One that cannot be read is the request's failure when it is the only one. */
async function all(events: AsyncIterable<ApiEvent>): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  for await (const event of events) {
    const at = recordings.length - 1;
    const current = recordings[at];
    if (event.type === 'file') recordings.push({ name: event.name, segments: [] });
    if (current === undefined) continue;
    if (event.type === 'segment') {
      const { type: _, file: __, ...segment } = event;
      current.segments.push(segment);
    }
    if (event.type === 'end') recordings[at] = { ...current, durationMs: event.durationMs };
    if (event.type === 'failed') recordings[at] = { ...current, segments: [], error: event.error };
  }
  const [first] = recordings;
  if (recordings.length === 1 && first?.error) {
    throw new RequestError(first.error.code, first.error.message);
  }
  return recordings;
}

async function only(events: AsyncGenerator<ApiEvent, void, undefined>): Promise<Recording> {
  const [recording, ...more] = await all(single(events));
  if (recording !== undefined && more.length === 0) return recording;
  throw new RequestError('badRequest', 'subtitles are of one recording; send them one by one');
}

/** Ends the work at the beginning of a second recording. */
async function* single(
  events: AsyncGenerator<ApiEvent, void, undefined>,
): AsyncGenerator<ApiEvent, void, undefined> {
  for await (const event of events) {
    yield event;
    if (event.type === 'file' && event.file > 0) return;
  }
}
