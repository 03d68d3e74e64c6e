import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { StartError } from '../errors.ts';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts to listen. `localhost` means both loopback addresses, since browsers try either first; the
 * IPv6 one hands its requests to the same server, and is left out where the machine has none.
 * Rejects with a StartError when the address cannot be used.
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const first = host === 'localhost' ? '127.0.0.1' : host;
  await app.listen({ host: first, port }).catch((cause: unknown) => {
    throw cannotListen(cause, host, port);
  });
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const mirror = host === 'localhost' ? await mirrorOn('::1', bound, app.server) : undefined;
  return {
    port: bound,
    close: async () => {
      mirror?.closeAllConnections();
      mirror?.close();
      await app.close();
    },
  };
}

async function mirrorOn(host: string, port: number, to: Server): Promise<Server | undefined> {
  const mirror = createServer((request, response) => {
    to.emit('request', request, response);
  });
  mirror.on('upgrade', (...args) => {
    to.emit('upgrade', ...args);
  });
  mirror.on('clientError', (...args) => {
    to.emit('clientError', ...args);
  });
  const listening = Promise.withResolvers<Server | undefined>();
  mirror.once('listening', () => {
    listening.resolve(mirror);
  });
  mirror.once('error', (error) => {
    if (codeOf(error) === 'EADDRINUSE') listening.reject(cannotListen(error, host, port));
    else listening.resolve(undefined);
  });
  mirror.listen(port, host);
  return listening.promise;
}

function cannotListen(cause: unknown, host: string, port: number): StartError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE:
      `Port ${port} is already in use, perhaps by another Parley. ` +
      'Stop that program, or choose another port: PARLEY_PORT=8081 npm start',
    EACCES: `Port ${port} may not be used without more rights. Choose one above 1023 with PARLEY_PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set PARLEY_HOST to one it has.`,
    ENOTFOUND: `There is no address named ${host}. Set PARLEY_HOST to one this machine has.`,
  };
  const reason = reasons[codeOf(cause)] ?? `Cannot listen on ${host}, port ${port}.`;
  return new StartError(reason, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
