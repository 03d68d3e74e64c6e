import type { Server } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import fastify from 'fastify';
import type { ConnectionError, FastifyInstance, FastifyReply } from 'fastify';
import { RequestError } from '../errors.ts';
import { requestId } from '../log.ts';
import type { Logger } from '../log.ts';
import type { ErrorCode, WireError } from '../protocol/errors.ts';
import type { ProgramsApi } from '../api/api.ts';
import { api } from './api.ts';
import type { ApiOptions } from './api.ts';
import { trustsNobody } from './client-address.ts';
import type { Trusts } from './client-address.ts';
import { operations } from './operations.ts';
import type { OperationsOptions } from './operations.ts';
import { pages } from './pages.ts';
import { watchRequests } from './request-watch.ts';
import type { OnAnswered } from './request-watch.ts';

const BODY_LIMIT_BYTES = 16_384;

const notUnderstood: WireError = {
  code: 'badRequest',
  message: 'the request is not understood',
};

export interface HttpAppOptions extends ApiOptions, OperationsOptions {
  /** Folder of the built pages. */
  readonly clientDirectory: string;
  /** Serve HTTPS with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Proxies that are believed; none unless given. */
  readonly trusts?: Trusts;
  /** Told of each request that was answered. */
  readonly onAnswered?: OnAnswered;
  /** The API for other programs, where there is one. */
  readonly programs?: ProgramsApi | undefined;
  readonly log: Logger;
}

/** The HTTP side: pages, the small API before a call, and what operators look at. Not listening. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { tls, trusts = trustsNobody, log } = options;
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    genReqId: requestId,
    trustProxy: trusts,
    frameworkErrors: (_error, { headers }, reply) => {
      // A person who follows a broken link gets the page that says so.
      if (headers.accept?.includes('text/html') === true) void reply.redirect('/unknown', 303);
      else sendError(reply, notUnderstood);
    },
    clientErrorHandler: (error, socket) => {
      // It has its own limits: see server/api/uploads.ts.
      const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && options.programs?.expects(socket);
      if (!slow) refuse(error, socket);
    },
    serverFactory: (handler): Server =>
      tls ? createHttpsServer({ ...tls }, handler) : createHttpServer(handler),
  });
  watchRequests(app, options);
  await app.register(helmet, options.mayAsk ? securityOfNode : security);
  app.addHook('onSend', (_request, reply, _payload, next) => {
    reply.header('permissions-policy', PERMISSIONS);
    next();
  });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof RequestError) return sendError(reply, error.toWire());
    const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
    if (status === 413)
      return sendError(reply, { code: 'tooLarge', message: 'the body is too long' });
    if (typeof status === 'number' && status < 500) return sendError(reply, notUnderstood);
    log.error({ err: error }, 'an HTTP request failed');
    return sendError(reply, { code: 'internal', message: 'the server made a mistake' });
  });
  if (options.programs) await app.register(options.programs.plugin);
  await app.register(api(options), { prefix: '/api' });
  await app.register(operations(options));
  await app.register(pages(options.clientDirectory));
  return app;
}

/** What is not even HTTP is told so and hung up on. */
function refuse({ code }: ConnectionError, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(notUnderstood);
  const head = [
    'HTTP/1.1 400 Bad Request',
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => {
    socket.destroy();
  });
}

/** Everything comes from this server; nothing is inline; nobody may put the pages in a frame. */
const security = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'", 'ws:', 'wss:'],
      mediaSrc: ["'self'", 'blob:'],
      workerSrc: ["'self'", 'blob:'],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      objectSrc: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' as const },
  // Pinning HTTPS would lock people out who trust a development certificate once.
  strictTransportSecurity: false,
};

/** A page whose node is gone asks others where its meeting is; sockets may go anywhere as it is. */
const securityOfNode = {
  ...security,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      ...security.contentSecurityPolicy.directives,
      connectSrc: [...security.contentSecurityPolicy.directives.connectSrc, 'http:', 'https:'],
    },
  },
};

const PERMISSIONS =
  'microphone=(self), camera=(self), display-capture=(self), autoplay=(self), ' +
  'speaker-selection=(self), geolocation=(), payment=(), usb=()';

const statuses: Readonly<Record<ErrorCode, number>> = {
  badRequest: 400,
  nameTooLong: 400,
  badLanguage: 400,
  unsupported: 400,
  badToken: 401,
  notJoined: 403,
  forbidden: 403,
  removed: 403,
  waiting: 403,
  roomLocked: 403,
  roomNotFound: 404,
  notFound: 404,
  roomFull: 409,
  roomEnded: 410,
  lobbyFull: 503,
  tooLarge: 413,
  rateLimited: 429,
  internal: 500,
  serverFull: 503,
  mediaFull: 503,
  stopping: 503,
  moved: 421,
  unavailable: 503,
};

export function sendError(reply: FastifyReply, error: WireError): FastifyReply {
  return reply.code(statuses[error.code]).send(error);
}
