import { get } from 'node:http';
import { networkInterfaces } from 'node:os';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { StartError } from '../../../../server/errors.ts';
import { listen } from '../../../../server/http/listen.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

function app() {
  const instance = fastify();
  instance.get('/', () => 'here');
  return instance;
}

function status(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

test('localhost is reached at each loopback address this machine has', async () => {
  const server = await listen(app(), { host: 'localhost', port: 0 });
  expect(await status(`http://127.0.0.1:${server.port}/`)).toBe(200);
  if (hasIpv6) expect(await status(`http://[::1]:${server.port}/`)).toBe(200);
  await server.close();
  await expect(status(`http://127.0.0.1:${server.port}/`)).rejects.toThrow(/ECONNREFUSED/);
});

test('a port in use is told in one sentence that says what to do', async () => {
  const server = await listen(app(), { host: 'localhost', port: 0 });
  const second = listen(app(), { host: 'localhost', port: server.port });
  await expect(second).rejects.toThrow(StartError);
  await expect(second).rejects.toThrow(/already in use.*PARLEY_PORT/);
  await server.close();
});

test('an address that is not this machine’s is told', async () => {
  const refused = listen(app(), { host: '192.0.2.77', port: 0 });
  await expect(refused).rejects.toThrow(/no address 192\.0\.2\.77.*PARLEY_HOST/);
});
