import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestMetrics, watchRequests } from '../../../server/http/request-watch.ts';
import { createLogger, currentRequest, inRequest, requestId } from '../../../server/log.ts';
import type { Logger } from '../../../server/log.ts';

let lines: Record<string, unknown>[];
let log: Logger;

beforeEach(() => {
  lines = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  log = createLogger('server', 'debug', { write });
});

describe('what is logged while a request is answered', () => {
  it('bears its id, whatever it awaits', async () => {
    log.info('before');
    await inRequest('r1', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      log.child({ room: 'a1b2c3d4' }).warn('within');
    });
    log.info('after');
    expect(lines.map(({ msg, request, room }) => [msg, request, room])).toEqual([
      ['before', undefined, undefined],
      ['within', 'r1', 'a1b2c3d4'],
      ['after', undefined, undefined],
    ]);
  });

  it('is not mixed up with other requests at the same time', async () => {
    const seen = await Promise.all(
      ['r1', 'r2', 'r3'].map((id) =>
        inRequest(id, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return currentRequest();
        }),
      ),
    );
    expect(seen).toEqual(['r1', 'r2', 'r3']);
  });
});

describe('the id of a request', () => {
  const given = (id: string | string[]) => requestId({ headers: { 'x-request-id': id } });

  it.each(['abc', '0af7651916cd43dd8448eb211c80319c', 'a_b.c:d-1'])('is taken over: %s', (id) => {
    expect(given(id)).toBe(id);
  });

  it.each(['', 'a b', 'a\nb', '"x"', 'é', 'a'.repeat(65), ['a', 'b']])(
    'is made anew where it is not fit to be written down: %j',
    (id) => {
      expect(given(id)).toMatch(/^[\w-]{12}$/);
    },
  );
});

describe('an HTTP request', () => {
  let app: FastifyInstance;
  let registry: Registry;

  beforeEach(() => {
    registry = new Registry();
    app = fastify({ genReqId: requestId });
    watchRequests(app, { log, onAnswered: requestMetrics(registry) });
    app.get('/rooms/:roomId', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      log.warn('something');
      return {};
    });
  });

  afterEach(() => app.close());

  it('has one id in every line about it, and in its answer', async () => {
    const headers = { 'x-request-id': 'from-the-proxy' };
    const answer = await app.inject({ url: '/rooms/secret-room-id', headers });
    expect(answer.headers['x-request-id']).toBe('from-the-proxy');
    expect(lines.map(({ msg, request }) => [msg, request])).toEqual([
      ['something', 'from-the-proxy'],
      ['answered', 'from-the-proxy'],
    ]);
  });

  it('is told of by its route, never by its address', async () => {
    await app.inject('/rooms/secret-room-id');
    await app.inject('/nowhere/secret-room-id?key=secret');
    const metrics = await registry.metrics();
    expect(metrics).toContain('count{method="GET",route="/rooms/:roomId",status="200"} 1');
    expect(metrics).toContain('count{method="GET",route="none",status="404"} 1');
    expect(metrics + JSON.stringify(lines)).not.toContain('secret');
  });
});
