import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { beforeEach, expect, test } from 'vitest';
import { admitOtherNodes } from '../../../../server/http/other-nodes.ts';

let app: FastifyInstance;

beforeEach(() => {
  app = fastify();
  admitOtherNodes(app, (origin) => origin === 'https://two.example');
  app.post('/rooms/:roomId/join', () => ({ token: 't' }));
});

const knock = (origin?: string) =>
  app.inject({ method: 'POST', url: '/rooms/r/join', headers: origin ? { origin } : {} });

test('a page of another node may read the answer', async () => {
  const { headers } = await knock('https://two.example');
  expect(headers['access-control-allow-origin']).toBe('https://two.example');
  expect(headers.vary).toBe('Origin');
});

test.each(['https://evil.example', 'https://two.example.evil.example', 'null', undefined])(
  'a page of %s may not',
  async (origin) => {
    const { headers, statusCode } = await knock(origin);
    expect(statusCode).toBe(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  },
);

test('a browser that asks first is told what may be asked', async () => {
  const { statusCode, headers } = await app.inject({
    method: 'OPTIONS',
    url: '/rooms/r/join',
    headers: { origin: 'https://two.example', 'access-control-request-method': 'POST' },
  });
  expect(statusCode).toBe(204);
  expect(headers['access-control-allow-headers']).toContain('content-type');
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
});
