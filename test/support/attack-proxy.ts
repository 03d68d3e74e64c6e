import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A way to a server on loopback that can stop taking what the server sends. */
export interface StallingProxy extends AsyncDisposable {
  readonly url: string;
  /** Takes nothing more from the server; what the page sends still goes through. */
  stall(): void;
  /** Takes all again. */
  drain(): void;
  /** Resolves when the server has ended every connection. */
  readonly ended: Promise<void>;
}

export async function startStallingProxy(port: number): Promise<StallingProxy> {
  const ended = Promise.withResolvers<undefined>();
  const ways = new Set<readonly [page: Socket, server: Socket]>();
  const proxy = createServer((page) => {
    const server = connect(port, '127.0.0.1');
    ways.add([page, server]);
    page.pipe(server);
    server.pipe(page);
    for (const end of [page, server]) end.on('error', () => undefined);
    server.once('close', () => {
      ended.resolve(undefined);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stall: () => {
      for (const [page, server] of ways) {
        server.unpipe(page);
        server.pause();
      }
    },
    drain: () => {
      for (const [page, server] of ways) server.pipe(page);
    },
    ended: ended.promise,
    [Symbol.asyncDispose]: async () => {
      for (const way of ways) for (const end of way) end.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
