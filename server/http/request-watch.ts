import type { FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { inRequest } from '../log.ts';
import type { Logger } from '../log.ts';

/** A request that was answered, without a word of what it was about. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its address, such as /api/rooms/:roomId/join; never the address itself. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export type OnAnswered = (request: AnsweredRequest) => void;

/** Has all that is logged for a request bear its id, tells whoever asked it, and times the answer. */
export function watchRequests(
  app: FastifyInstance,
  { log, onAnswered }: { readonly log: Logger; readonly onAnswered?: OnAnswered | undefined },
): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    inRequest(request.id, done);
  });
  app.addHook('onResponse', ({ id, method, routeOptions }, reply, done) => {
    const answered = {
      method,
      route: routeOptions.url ?? 'none',
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
    };
    onAnswered?.(answered);
    log.debug({ request: id, ...answered }, 'answered');
    done();
  });
}

/** Counts and times requests in `registry`. */
export function requestMetrics(registry: Registry): OnAnswered {
  const seconds = new Histogram({
    name: 'parley_server_http_request_duration_seconds',
    help: 'Time from an HTTP request to its answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 60],
    registers: [registry],
  });
  return ({ method, route, status, durationMs }) => {
    seconds.observe({ method, route, status }, durationMs / 1000);
  };
}
