import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { EngineInfo } from '../protocol/events.ts';
import type { Access } from './access.ts';
import { failures } from './failures.ts';
import { requireEngine, requireLanguages } from './languages.ts';
import type { ApiOptions } from './options.ts';
import type { Files } from './ports.ts';
import { answer, formatOf, work } from './recordings.ts';
import type { RecordingsOrder } from './recordings.ts';
import {
  ApiEvent,
  Health,
  RecordingsAnswer,
  speakBody,
  TranscribeQuery,
  TranscribeTranslateQuery,
  TranslateAnswer,
  TranslateBody,
} from './schemas.ts';
import { AUDIO, FORM, RECORDING } from './recording-body.ts';
import type { Uploads } from './uploads.ts';
import { z } from 'zod';

export interface RoutesOptions {
  readonly access: Access;
  readonly files: Files;
  readonly uploads: Uploads;
  readonly engine: () => EngineInfo;
  readonly version: string;
  /** Why calls cannot be translated; empty when they can. */
  readonly notReady: () => readonly string[];
  readonly options: Pick<ApiOptions, 'maxBodyBytes' | 'maxSpeechCharacters'>;
}

/** Texts, recordings and voices. */
export function routes(parts: RoutesOptions): FastifyPluginCallbackZod {
  const { access, files, uploads, engine, version, notReady, options } = parts;

  const transcription = (
    request: FastifyRequest,
    reply: FastifyReply,
    order: RecordingsOrder,
  ): Promise<unknown> => {
    const signal = asker(reply);
    const events = work(uploads.of(request), order, { files, signal });
    return answer(reply, events, order);
  };

  return (app, _options, done) => {
    app.get(
      '/health',
      {
        schema: {
          ...{ summary: 'Whether this server can translate now', tags: ['Server'] },
          response: { 200: Health },
        },
      },
      () => {
        const { state, name } = engine();
        const reasons = [...notReady()];
        const status = reasons.length === 0 ? ('ok' as const) : ('starting' as const);
        return { status, version, engine: { state, name }, reasons };
      },
    );

    app.post(
      '/translate',
      {
        onRequest: access.guard('translate'),
        bodyLimit: options.maxBodyBytes,
        schema: {
          ...{ summary: 'Translate texts', tags: ['Texts'], security: [{ token: [] }] },
          ...{ body: TranslateBody, response: { 200: TranslateAnswer, ...failures } },
        },
      },
      async ({ body: { text, source, targets } }, reply) => {
        requireEngine(engine());
        requireLanguages({ pairs: engine().texts }, source, targets);
        const signal = asker(reply);
        const texts = [];
        for (const each of [text].flat()) {
          const translated = await files.translate({ text: each, source, targets }, signal);
          texts.push({
            translations: targets.map((language, at) => ({ language, text: translated[at] ?? '' })),
          });
        }
        return { texts };
      },
    );

    app.post(
      '/transcribe',
      {
        onRequest: access.guard('transcribe'),
        config: { body: RECORDING },
        schema: {
          ...{ summary: 'Write down what is said', tags: ['Recordings'], consumes: [FORM, AUDIO] },
          ...{ security: [{ token: [] }], querystring: TranscribeQuery },
          response: streamed(recordingAnswers),
        },
      },
      async (request, reply) => {
        const { source, format } = request.query;
        requireEngine(engine());
        requireLanguages(engine(), source, []);
        return transcription(request, reply, {
          ...{ source, targets: [], show: undefined },
          format: formatOf(format, request.headers.accept),
        });
      },
    );

    app.post(
      '/transcribe-translate',
      {
        onRequest: access.guard('transcribe'),
        config: { body: RECORDING },
        schema: {
          ...{ summary: 'Write down what is said, and translate it', tags: ['Recordings'] },
          ...{ consumes: [FORM, AUDIO], security: [{ token: [] }] },
          querystring: TranscribeTranslateQuery,
          response: streamed(recordingAnswers),
        },
      },
      async (request, reply) => {
        const { source, targets, show = targets[0], format } = request.query;
        requireEngine(engine());
        requireLanguages(engine(), source, targets);
        return transcription(request, reply, {
          ...{ source, targets, show: show === source ? undefined : show },
          format: formatOf(format, request.headers.accept),
        });
      },
    );

    app.post(
      '/speak',
      {
        onRequest: access.guard('speak'),
        bodyLimit: options.maxBodyBytes,
        schema: {
          ...{ summary: 'Speak a text', tags: ['Voices'], security: [{ token: [] }] },
          body: speakBody(options.maxSpeechCharacters),
          response: streamed(spokenAnswers),
        },
      },
      async ({ body }, reply) => {
        requireEngine(engine());
        const { mediaType, sound } = await files.speak(body, asker(reply));
        return reply.type(mediaType).send(sound);
      },
    );
    done();
  };
}

/** What is not told as one object is not held against a schema. */
const streamed = (answers: object): Readonly<Record<number, unknown>> => ({
  200: answers,
  ...failures,
});

const recordingAnswers = {
  description: 'In the form asked for.',
  content: {
    'application/json': { schema: RecordingsAnswer },
    'application/x-ndjson': { schema: ApiEvent },
    'application/x-subrip': { schema: z.string() },
    'text/vtt': { schema: z.string() },
  },
};

const sound = z.string().meta({ contentEncoding: 'binary' });
const spokenAnswers = {
  description: 'The voice, as it is spoken; a WAV comes as a whole.',
  content: Object.fromEntries(
    ['wav', 'mpeg', 'ogg', 'webm', 'flac'].map((kind) => [`audio/${kind}`, { schema: sound }]),
  ),
};

/** Aborted when whoever asked has hung up. */
function asker(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('whoever asked has hung up'));
  });
  return gone.signal;
}
