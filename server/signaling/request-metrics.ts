import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** Told of each request over the socket; `outcome` is `ok` or an error code. */
export type OnAnswered = (request: string, outcome: string) => void;

/** Counts requests over the socket in `registry`. */
export function requestMetrics(registry: Registry): OnAnswered {
  const answered = new Counter({
    name: 'parley_server_signaling_requests_total',
    help: 'Requests over the socket, by outcome: ok or the error code.',
    labelNames: ['request', 'outcome'],
    registers: [registry],
  });
  // What alerts wait for: an increase is seen only of what was there before.
  for (const outcome of ['internal', 'serverFull', 'mediaFull'])
    answered.inc({ request: 'join', outcome }, 0);
  return (request, outcome) => {
    answered.inc({ request, outcome });
  };
}
