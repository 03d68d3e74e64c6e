import type { FastifyPluginCallback } from 'fastify';

export interface OperationsOptions {
  /** Why calls cannot be translated yet; empty when they can. */
  readonly notReady: () => readonly string[];
  /** Metrics of all processes in Prometheus text form. */
  readonly metrics: () => Promise<string>;
}

/** What operators and orchestrators ask. */
export function operations({ notReady, metrics }: OperationsOptions): FastifyPluginCallback {
  return (app, _options, done) => {
    app.get('/healthz', () => ({ status: 'ok' }));

    app.get('/readyz', (_request, reply) => {
      const reasons = notReady();
      reply.code(reasons.length === 0 ? 200 : 503).header('cache-control', 'no-store');
      return { ready: reasons.length === 0, reasons };
    });

    app.get('/metrics', async (_request, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8');
      return metrics();
    });
    done();
  };
}
