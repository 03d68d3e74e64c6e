import { execFile } from 'node:child_process';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { RequestError, StartError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Access } from './access.ts';
import { ApiTokens } from './api-tokens.ts';
import { describeRoutes } from './document.ts';
import { meetingRoutes } from './meetings.ts';
import type { MeetingRoutesOptions } from './meetings.ts';
import type { ApiOptions } from './options.ts';
import type { Files } from './ports.ts';
import { routes } from './routes.ts';
import type { RoutesOptions } from './routes.ts';
import { Uploads } from './uploads.ts';

const RETRY_AFTER_SECONDS = 10;

/** Bodies that are a recording. */
const SOUND = /^(audio|video)\/[\w.+-]+|^application\/(octet-stream|ogg)/;

export interface ProgramsApiOptions
  extends
    Pick<RoutesOptions, 'engine' | 'version' | 'notReady'>,
    Omit<MeetingRoutesOptions, 'access'> {
  readonly files: Files;
  readonly options: ApiOptions;
  readonly log: Logger;
}

/** The API for other programs, to be hung into the HTTP app. */
export interface ProgramsApi {
  readonly plugin: FastifyPluginAsync;
  /** Whether this connection brings a recording and is not to be hurried. */
  readonly expects: (socket: Socket) => boolean;
}

/** Rejects with a StartError when there is no good token file, or no FFmpeg. */
export async function createProgramsApi(given: ProgramsApiOptions): Promise<ProgramsApi> {
  const { options, log } = given;
  await requireFfmpeg(options.ffmpeg);
  const tokens = await ApiTokens.create(options.tokensFile, log);
  const access = new Access(tokens, options);
  const uploads = new Uploads(options);
  const plugin = async (app: FastifyInstance): Promise<void> => {
    app.setValidatorCompiler(validatorCompiler);
    app.setSerializerCompiler(serializerCompiler);
    app.setErrorHandler((error, _request, reply) => {
      const told = hasZodFastifySchemaValidationErrors(error)
        ? new RequestError('badRequest', described(error.validation), { cause: error })
        : error;
      const later =
        told instanceof RequestError &&
        (told.code === 'rateLimited' || told.code === 'unavailable');
      if (later) reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw told;
    });
    app.addHook('onSend', (_request, reply, _payload, next) => {
      reply.header('cache-control', 'no-store');
      next();
    });
    await describeRoutes(app, given.version);
    await app.register(multipart, { throwFileSizeLimit: false });
    app.addContentTypeParser(SOUND, (_request, payload, done) => {
      done(null, payload);
    });
    await app.register(routes({ ...given, access, uploads }), { prefix: '/api' });
    await app.register(meetingRoutes({ ...given, access }), { prefix: '/api' });
  };
  return { plugin, expects: (socket) => uploads.expects(socket) };
}

async function requireFfmpeg(program: string): Promise<void> {
  await promisify(execFile)(program, ['-version']).catch((cause: unknown) => {
    throw new StartError(
      `The API reads files of sound with FFmpeg, and ${program} cannot be run. Install it ` +
        '(apt install ffmpeg), or name it in PARLEY_API_FFMPEG.',
      { cause },
    );
  });
}

/** One line that says which part of the request is wrong, and why. */
function described(
  problems: readonly { readonly instancePath: string; readonly message?: string | undefined }[],
): string {
  const [first] = problems;
  if (first === undefined) return 'the request is not understood';
  const where = first.instancePath.replace(/^\//, '').replaceAll('/', '.');
  return `${where === '' ? 'the request' : where}: ${first.message ?? 'wrong'}`;
}
