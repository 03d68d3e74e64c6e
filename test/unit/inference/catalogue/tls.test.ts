import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createProxy, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { developmentCertificate } from '../../../../certs/development.ts';
import { Stage } from './stage.ts';

const MAIN = join(import.meta.dirname, '../../../../inference/catalogue/main.ts');

/** A publisher behind TLS, with a certificate of its own in `<directory>/development-cert.pem`. */
async function publisher(directory: string, answer: (url: string) => { location?: string }) {
  const server = createServer(
    await developmentCertificate(directory, ['127.0.0.1']),
    (request, response) => {
      const { location } = answer(request.url ?? '');
      if (location) response.writeHead(302, { location }).end();
      else response.end('a voice');
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => closed(server),
  });
}

/** A proxy as RFC 9110, 9.3.6 has it: CONNECT, and then whatever comes. */
async function tunnel() {
  const asked: string[] = [];
  const server = createProxy();
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
    const [host, port] = (request.url ?? '').split(':');
    const there = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(client).pipe(there);
    });
    there.on('error', () => client.destroy());
    client.on('error', () => there.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(server, { asked, port, [Symbol.asyncDispose]: () => closed(server) });
}

async function closed(server: { closeAllConnections(): void; close(): unknown }): Promise<void> {
  server.closeAllConnections();
  server.close();
  await Promise.resolve();
}

/** Pulls a voice from a mirror with the real command; resolves to its exit code and what it said. */
async function pull(stage: Stage, mirror: string, env: Record<string, string>) {
  const args = ['pull', 'silero-cis', '--mirror', mirror];
  const child = spawn(process.execPath, [MAIN, ...args, '--directory', stage.directory], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  return { said: await text(child.stderr), code: await ended };
}

const trusted = (stage: Stage) => ({
  NODE_EXTRA_CA_CERTS: join(stage.directory, 'development-cert.pem'),
});

test('a proxy from the environment tunnels TLS, and its password is not shown', async () => {
  await using stage = await Stage.create();
  await using server = await publisher(stage.directory, () => ({}));
  await using proxy = await tunnel();
  const env = { ...trusted(stage), HTTPS_PROXY: `http://ann:secret@127.0.0.1:${proxy.port}` };

  const { code, said } = await pull(stage, server.url, env);

  expect(said).toContain('silero-cis is here');
  expect(code).toBe(0);
  const login = Buffer.from('ann:secret').toString('base64');
  expect(proxy.asked).toEqual([`${server.url.slice('https://'.length)} Basic ${login}`]);
  expect(said).not.toContain('secret');
});

test('a certificate that nobody vouches for ends it at once, with what can be done', async () => {
  await using stage = await Stage.create();
  await using server = await publisher(stage.directory, () => ({}));

  const { code, said } = await pull(stage, server.url, {});

  expect(code).toBe(1);
  expect(said).toContain('The certificate is not one that this machine trusts');
  expect(said).not.toContain('trying again');
});

test('nobody is sent on from TLS to plain text', async () => {
  await using stage = await Stage.create();
  const location = `${stage.server.url}/silero-cis/v5_cis_base_nostress.pt`;
  stage.server.files.set('/silero-cis/v5_cis_base_nostress.pt', Buffer.from('a voice'));
  await using server = await publisher(stage.directory, () => ({ location }));

  const { code, said } = await pull(stage, server.url, trusted(stage));

  expect(code).toBe(1);
  expect(said).toContain('which is not a safe address');
  expect(stage.server.requests).toEqual([]);
});
