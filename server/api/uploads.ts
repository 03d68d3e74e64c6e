import { PassThrough, pipeline, Readable } from 'node:stream';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import type { ApiOptions } from './options.ts';

const LONGEST_NAME = 200;
/**
 * Taken of a recording before it is asked for. What was sent as a whole leaves the connection free to
 * tell that its sender has hung up; a socket that is not read from tells nothing.
 */
const AHEAD_BYTES = 1_048_576;

export type UploadOptions = Pick<ApiOptions, 'maxFileBytes' | 'maxFiles' | 'uploadIdleMs'>;

/** A recording on its way in. */
export interface Upload {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What was wrong with the sending of it, if anything was. */
  readonly fault: () => RequestError | undefined;
}

/**
 * The recordings in requests: several in a form (multipart/form-data), or one as the body itself.
 * Nothing is kept: what is not asked for waits at its sender.
 */
export class Uploads {
  readonly #options: UploadOptions;
  readonly #sockets = new WeakSet<Socket>();

  constructor(options: UploadOptions) {
    this.#options = options;
  }

  /** Whether a connection brings a recording, which may take longer than a request otherwise may. */
  expects(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }

  /** In order; one has to be read before the next comes. Rejects with a RequestError. */
  async *of(request: FastifyRequest): AsyncGenerator<Upload, void, undefined> {
    const { socket } = request.raw;
    this.#sockets.add(socket);
    try {
      if (request.isMultipart()) yield* this.#parts(request);
      else if (request.body instanceof Readable) yield this.#upload('', request.body);
    } finally {
      this.#sockets.delete(socket);
      // What nobody reads any more must not keep the connection waiting.
      request.raw.unpipe().resume();
    }
  }

  async *#parts(request: FastifyRequest): AsyncGenerator<Upload, void, undefined> {
    const { maxFiles, maxFileBytes } = this.#options;
    const limits = { files: maxFiles, fileSize: maxFileBytes + 1, fields: 1, parts: maxFiles + 1 };
    for await (const part of formOf(request.parts({ limits }))) {
      if (part.type === 'field') {
        throw new RequestError(
          'badRequest',
          'a form holds recordings alone; the rest is in the address',
        );
      }
      yield this.#upload(part.filename, part.file);
      part.file.unpipe().resume();
    }
  }

  #upload(name: string, stream: Readable): Upload {
    let fault: RequestError | undefined;
    const fail = (error: RequestError): RequestError => (fault = error);
    return {
      name: name
        .replace(/\p{Cc}/gu, '')
        .slice(0, LONGEST_NAME)
        .toWellFormed(),
      bytes: this.#guarded(stream, fail),
      fault: () => fault,
    };
  }

  async *#guarded(
    stream: Readable,
    fail: (error: RequestError) => RequestError,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { maxFileBytes } = this.#options;
    const ahead = new PassThrough({ highWaterMark: AHEAD_BYTES });
    // What breaks off is told by the iterator.
    pipeline(stream, ahead, () => undefined);
    const chunks = ahead.iterator({ destroyOnReturn: false });
    let bytes = 0;
    for (;;) {
      const next = await this.#soon(chunks.next(), fail);
      if (next.done) return;
      const chunk: unknown = next.value;
      if (!Buffer.isBuffer(chunk)) throw fail(new RequestError('badRequest', 'no bytes'));
      bytes += chunk.length;
      if (bytes > maxFileBytes) {
        throw fail(new RequestError('tooLarge', `a recording has ${maxFileBytes} bytes at most`));
      }
      yield chunk;
    }
  }

  /** Only the sender's time counts: it runs while something is asked for. */
  async #soon<T>(next: Promise<T>, fail: (error: RequestError) => RequestError): Promise<T> {
    const arrived = new AbortController();
    const { signal } = arrived;
    const late = setTimeout(this.#options.uploadIdleMs, undefined, { signal }).then(() => {
      throw fail(new RequestError('badRequest', 'nothing more of the recording came'));
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([next, late]);
    } catch (cause) {
      if (cause instanceof RequestError) throw cause;
      throw fail(new RequestError('badRequest', 'the recording did not come whole', { cause }));
    } finally {
      arrived.abort();
    }
  }
}

/** What the parser of forms cannot read is the sender's mistake. */
async function* formOf<T>(parts: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* parts;
  } catch (cause) {
    if (cause instanceof Error && 'statusCode' in cause) throw cause;
    throw new RequestError('badRequest', 'the form cannot be read', { cause });
  }
}
