import { Readable } from 'node:stream';
import { json as jsonOf } from 'node:stream/consumers';
import { nanoid } from 'nanoid';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { ErrorCode } from '../protocol/errors.ts';
import type {
  Files,
  RecordingEvent,
  SpeechOrder,
  SpokenFile,
  TextOrder,
  TranscriptionBrief,
} from './ports.ts';
import { Segment } from './schemas.ts';

/** An event is a segment at most: 40 s of speech in ten languages. */
const LONGEST_LINE = 262_144;
const CANCEL_TIMEOUT_MS = 5_000;

const Told = z.object({ code: ErrorCode, message: z.string() });
const Event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), heardMs: z.int() }),
  z.object({ type: z.literal('segment'), ...Segment.shape }),
  z.object({ type: z.literal('end'), durationMs: z.int() }),
  z.object({ type: z.literal('error'), ...Told.shape }),
]);
const Translated = z.object({ translations: z.array(z.string()) });

/** Asks the files process, wherever it is at the moment. */
export class FilesClient implements Files {
  readonly #url: () => string | undefined;
  // A recording may take hours, and its process is watched by other means.
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

  /** `url`: undefined while the process is down. */
  constructor(url: () => string | undefined) {
    this.#url = url;
  }

  async *transcribe(
    { source, targets }: TranscriptionBrief,
    recording: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<RecordingEvent, void, undefined> {
    const job = nanoid();
    const query = new URLSearchParams({ job, source, targets: targets.join() });
    let ended = false;
    try {
      yield* this.#events(`/transcribe?${query}`, recording, signal);
      ended = true;
    } finally {
      if (!ended) this.#cancel(job);
    }
  }

  /** By a connection of its own: one whose other end is busy tells nothing. */
  #cancel(job: string): void {
    const late = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
    this.#ask('/cancel', json({ job }), late)
      .then((answer) => answer.resume())
      .catch(() => undefined);
  }

  async *#events(
    path: string,
    recording: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<RecordingEvent, void, undefined> {
    const body = Readable.from(recording, { objectMode: false });
    const mediaType = 'application/octet-stream';
    const answer = await this.#ask(path, { body, mediaType }, signal);
    let ended = false;
    for await (const line of linesOf(answer, signal)) {
      const event = Event.parse(JSON.parse(line));
      if (event.type === 'error') throw new RequestError(event.code, event.message);
      ended = event.type === 'end';
      yield event;
    }
    if (!ended) throw down();
  }

  async translate(order: TextOrder, signal: AbortSignal): Promise<readonly string[]> {
    const answer = await this.#ask('/translate', json(order), signal);
    return Translated.parse(await jsonOf(answer)).translations;
  }

  async speak(order: SpeechOrder, signal: AbortSignal): Promise<SpokenFile> {
    let mediaType = '';
    const sound = await this.#ask('/speak', json(order), signal, (type) => {
      mediaType = type;
    });
    return { mediaType, sound };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(
    path: string,
    { body, mediaType }: { readonly body: Readable | string; readonly mediaType: string },
    signal: AbortSignal,
    onType: (mediaType: string) => void = () => undefined,
  ): Promise<Readable> {
    const url = this.#url();
    if (url === undefined) throw down();
    let answer: Dispatcher.ResponseData;
    try {
      const headers = { 'content-type': mediaType };
      const asked = { method: 'POST', body, headers, signal, dispatcher: this.#agent } as const;
      answer = await request(url + path, asked);
    } catch (cause) {
      signal.throwIfAborted();
      throw down(cause);
    }
    const type = answer.headers['content-type'];
    onType(typeof type === 'string' ? type : '');
    if (answer.statusCode === 200) return answer.body;
    const told = Told.safeParse(await answer.body.json().catch(() => undefined));
    if (!told.success) throw down();
    throw new RequestError(told.data.code, told.data.message);
  }
}

function json(value: object): { readonly body: string; readonly mediaType: string } {
  return { body: JSON.stringify(value), mediaType: 'application/json' };
}

function down(cause?: unknown): RequestError {
  const message = 'what works on files does not answer; try again in a while';
  return new RequestError('unavailable', message, { cause });
}

/** A stream that breaks off means that the process is gone, unless nobody wants it any more. */
async function* linesOf(
  stream: AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let open = '';
  try {
    for await (const chunk of stream) {
      open += decoder.decode(chunk, { stream: true });
      const lines = open.split('\n');
      open = lines.pop() ?? '';
      if (open.length > LONGEST_LINE) throw new Error('a line without end');
      yield* lines;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw down(cause);
  }
}
