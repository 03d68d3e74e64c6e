import type { FastifyInstance } from 'fastify';

/** How long a browser may remember what it may ask (Fetch standard, 3.2.5). */
const REMEMBERED_S = 600;

/**
 * Lets pages that come from other nodes ask at this one's door, where a meeting is, and for its
 * transcript: the node they came from may be gone (CORS). No cookie is involved; what is asked for
 * needs the key of the meeting.
 */
export function admitOtherNodes(app: FastifyInstance, mayAsk: (origin: string) => boolean): void {
  app.addHook('onRequest', ({ headers: { origin } }, reply, next) => {
    reply.header('vary', 'Origin');
    if (origin !== undefined && mayAsk(origin)) {
      reply.header('access-control-allow-origin', origin);
      reply.header('cross-origin-resource-policy', 'cross-origin');
    }
    next();
  });
  app.options('/rooms/*', (_request, reply) =>
    reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST, DELETE')
      .header('access-control-allow-headers', 'content-type, authorization')
      .header('access-control-max-age', REMEMBERED_S)
      .send(),
  );
}
