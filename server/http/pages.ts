import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';

const YEAR_SECONDS = 31_536_000;

/**
 * The pages: one document for `/`, `/about`, `/solo` and `/r/<id>`, which the client routes itself, and the
 * files it loads. Names under assets/ carry a hash of their content, so they may be kept for ever.
 */
export function pages(directory: string): FastifyPluginAsync {
  return async (app) => {
    if (!existsSync(join(directory, 'index.html'))) {
      app.setNotFoundHandler(async (_request, reply) =>
        reply.code(503).type('text/html; charset=utf-8').send(notBuilt),
      );
      return;
    }
    const assets = join(directory, 'assets') + sep;
    await app.register(fastifyStatic, {
      root: directory,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const cached = path.startsWith(assets);
        reply.header(
          'cache-control',
          cached ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
        );
      },
    });
    for (const page of ['/r/:roomId', '/about', '/solo', '/solo/routing']) {
      app.get(page, async (_request, reply) => reply.sendFile('index.html'));
    }
    app.setNotFoundHandler(async (_request, reply) => reply.code(404).sendFile('index.html'));
  };
}

const notBuilt = `<!doctype html>
<html lang="en">
<title>Parley is not built yet</title>
<h1>The pages are not built yet</h1>
<p>Stop the server and run <code>npm start</code>, which builds them. To build them alone, run
<code>npm run build:client</code>, then start the server again.</p>
</html>
`;
