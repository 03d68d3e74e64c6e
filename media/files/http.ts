import { Readable } from 'node:stream';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { InferenceError } from '../../inference/protocol/inference-error.ts';
import { FORMATS } from './encode.ts';
import type { Format } from './encode.ts';
import { FileError } from './file-error.ts';
import type { FileErrorCode } from './file-error.ts';
import type { FileEvent } from './messages.ts';
import type { FilesService } from './service.ts';

const BODY_LIMIT_BYTES = 1_048_576;

const STATUS: Readonly<Record<FileErrorCode, number>> = {
  unsupported: 400,
  badRequest: 400,
  tooLarge: 413,
  unavailable: 503,
  internal: 500,
};

const formats = Object.keys(FORMATS) as readonly Format[];
const Job = z.object({ job: z.string().min(1) });
const Brief = z.object({
  ...Job.shape,
  source: z.string(),
  targets: z.string().transform((list) => list.split(',').filter((tag) => tag !== '')),
});
const Text = z.object({ text: z.string(), source: z.string(), targets: z.array(z.string()) });
const Speech = z.object({
  ...{ text: z.string(), language: z.string(), voice: z.string() },
  format: z.enum(formats),
});

/**
 * The files process's own small edge, for the server process alone: a body of any length goes in as a
 * stream, and who hangs up ends the work. Not listening.
 */
export function createFilesApp(service: FilesService, log: Logger): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  // A recording comes as slowly as it is listened to.
  app.server.requestTimeout = 0;
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => {
    done(null, payload);
  });
  app.setErrorHandler((error, _request, reply) => {
    const { code, message } = told(error);
    if (code === 'internal') log.error({ err: error }, 'a file or text was given up');
    return reply.code(STATUS[code]).send({ code, message });
  });

  app.get('/health', () => ({ status: 'ok' }));
  app.get('/metrics', (_request, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return service.metrics.registry.metrics();
  });

  /** Recordings that are worked on, by the name the server gave them. */
  const jobs = new Map<string, AbortController>();
  app.post('/cancel', (request) => {
    jobs.get(Job.parse(request.body).job)?.abort(new Error('nobody wants it any more'));
    return {};
  });

  app.post('/transcribe', async (request, reply) => {
    const recording = request.body;
    if (!(recording instanceof Readable)) throw new FileError('badRequest', 'no recording');
    const { job, ...brief } = Brief.parse(request.query);
    const cancelled = new AbortController();
    jobs.set(job, cancelled);
    reply.raw.once('close', () => jobs.delete(job));
    const signal = AbortSignal.any([asker(request, reply), cancelled.signal]);
    const events = service.transcribe(recording, brief, signal);
    const first = await events.next();
    return reply.type('application/x-ndjson').send(Readable.from(lines(first, events, log)));
  });

  app.post('/translate', (request, reply) =>
    service.translate(Text.parse(request.body), asker(request, reply)),
  );

  app.post('/speak', async (request, reply) => {
    const wanted = Speech.parse(request.body);
    const sound = service.speak(wanted, asker(request, reply));
    const first = await sound.next();
    return reply.type(FORMATS[wanted.format].type).send(Readable.from(joined(first, sound)));
  });
  return app;
}

/** Aborted when whoever asked has gone before the answer was complete. */
function asker(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const leave = (): void => {
    if (!reply.raw.writableFinished) gone.abort(new Error('nobody waits for it any more'));
  };
  reply.raw.once('close', leave);
  request.raw.once('aborted', leave);
  return gone.signal;
}

async function* lines(
  first: IteratorResult<FileEvent, void>,
  rest: AsyncIterable<FileEvent>,
  log: Logger,
): AsyncGenerator<string> {
  try {
    for await (const event of joined(first, rest)) yield `${JSON.stringify(event)}\n`;
  } catch (error) {
    const { code, message } = told(error);
    if (code === 'internal') log.error({ err: error }, 'a recording was given up');
    yield `${JSON.stringify({ type: 'error', code, message })}\n`;
  }
}

async function* joined<T>(
  first: IteratorResult<T, void>,
  rest: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

function told(error: unknown): { readonly code: FileErrorCode; readonly message: string } {
  if (error instanceof FileError) return error;
  if (error instanceof z.ZodError) return { code: 'badRequest', message: z.prettifyError(error) };
  if (!(error instanceof InferenceError)) {
    return { code: 'internal', message: 'the server made a mistake' };
  }
  if (error.code === 'badRequest') return { code: 'badRequest', message: error.message };
  return { code: 'unavailable', message: 'the engine is full or does not answer' };
}
