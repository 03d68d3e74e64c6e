import { createHash, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';
import { readSecret } from '../access/secret.ts';
import { StartError } from '../errors.ts';
import type { MetricsOptions } from '../options.ts';
import { listen } from './listen.ts';
import type { Listening } from './listen.ts';
import { operations } from './operations.ts';
import type { MayRead, OperationsOptions } from './operations.ts';

/**
 * Who may read the figures: anyone, or those who show the bearer token in the file that the options
 * name. Rejects with a StartError when there is no good token in it.
 */
export async function readersOf({ tokenFile }: MetricsOptions): Promise<MayRead> {
  if (tokenFile === '') return () => true;
  const token = await readSecret(tokenFile, 'PARLEY_METRICS_TOKEN_FILE');
  const expected = digest(`Bearer ${token}`);
  return (authorization = '') => timingSafeEqual(digest(authorization), expected);
}

/**
 * Figures and health on a port of their own, over plain HTTP, so that the public one need not show
 * them. Rejects with a StartError when the port cannot be had.
 */
export async function listenForOperators(
  { host, port }: MetricsOptions,
  asked: OperationsOptions,
): Promise<Listening> {
  const app = fastify({ forceCloseConnections: true });
  await app.register(operations(asked));
  return listen(app, { host, port }).catch((cause: unknown) => {
    const where = `${host}, port ${port}`;
    throw new StartError(
      `The figures cannot be told on ${where}. Choose another PARLEY_METRICS_HOST or PARLEY_METRICS_PORT.`,
      { cause },
    );
  });
}

/** Of one length, so that comparing takes one time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
