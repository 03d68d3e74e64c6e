import type { FastifyPluginCallback } from 'fastify';

/** Whether someone who sends this `Authorization` may read the figures. */
export type MayRead = (authorization: string | undefined) => boolean;

export interface OperationsOptions {
  /** Why calls cannot be translated yet; empty when they can. */
  readonly notReady: () => readonly string[];
  /** Metrics of all processes in Prometheus text form; undefined: they are not told here. */
  readonly metrics?: (() => Promise<string>) | undefined;
  /** Who may read them; undefined: anyone. */
  readonly mayRead?: MayRead;
}

/** What operators and orchestrators ask. */
export function operations({
  notReady,
  metrics,
  mayRead = () => true,
}: OperationsOptions): FastifyPluginCallback {
  return (app, _options, done) => {
    app.get('/healthz', () => ({ status: 'ok' }));

    app.get('/readyz', (_request, reply) => {
      const reasons = notReady();
      reply.code(reasons.length === 0 ? 200 : 503).header('cache-control', 'no-store');
      return { ready: reasons.length === 0, reasons };
    });

    app.get('/metrics', async ({ headers }, reply) => {
      if (!metrics) return reply.code(404).send();
      if (!mayRead(headers.authorization)) {
        return reply.code(401).header('www-authenticate', 'Bearer').send();
      }
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics());
    });
    done();
  };
}
