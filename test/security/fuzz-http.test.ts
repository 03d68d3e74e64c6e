import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ErrorCode } from '../../server/protocol/errors.ts';
import { seedAndPath } from '../support/attack-report.ts';
import { startAttacked } from '../support/attack-server.ts';
import type { Attacked } from '../support/attack-server.ts';

/**
 * HTTP, well formed and not. What must hold: an answer of the API that is not a success is
 * `{code, message}` with a code of the protocol; `internal` is a mistake of ours; only what exists
 * succeeds; bytes that are no HTTP are refused or hung up on; whoever stalls keeps nobody else waiting.
 */
const SEED = 1_121;
const WireError = z.strictObject({ code: ErrorCode, message: z.string().max(200) });

let server: Attacked;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  server = await startAttacked();
});
afterAll(async () => {
  agent.destroy();
  expect(server.mistakes).toEqual([]);
  await server[Symbol.asyncDispose]();
});

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function send({ method, path, headers: given, body }: Asked): Promise<Answered> {
  const headers = { ...given, 'content-length': String(Buffer.from(body).length) };
  return new Promise((resolve, reject) => {
    const asked = request(
      { ...{ host: '127.0.0.1', port: server.port, agent, method, path, headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('end', () => {
          const type = response.headers['content-type'] ?? '';
          resolve({ status: response.statusCode ?? 0, type, body: text });
        });
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}

const ROOM = 'r'.repeat(22);
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
const segment = fc.oneof(
  fc.constantFrom('api', 'rooms', 'join', 'transcript', 'info', 'r', 'healthz', 'metrics', ROOM),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%00',
    '%E0%A4',
    '%',
    '*',
    '__proto__',
    'constructor',
    '%2f',
  ),
  fc.constantFrom('x'.repeat(101), 'x'.repeat(3_000), 'socket.io', '%F0%9F%A6%8A', ';a=b', 'a+c'),
  fc.string({ maxLength: 12 }).map(encodeURIComponent),
);
const path = fc.oneof(
  fc.constantFrom('/api/rooms', `/api/rooms/${ROOM}/join`, `/api/rooms/${ROOM}/transcript`),
  fc.constantFrom('/', '/api/info', '/readyz', '/socket.io/?EIO=4&transport=polling', '//', '/?'),
  fc.array(segment, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
);
const query = fc.constantFrom(
  '',
  '',
  '?format=json',
  '?format[]=x',
  '?__proto__[a]=1',
  '?a=%',
  '??',
);
const type = fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded');
const headers = fc.record(
  {
    'content-type': fc.oneof(type, fc.constantFrom('application/json;charset=x', 'a/b', '/', '')),
    'content-encoding': fc.constantFrom('gzip', 'br', 'nonsense'),
    'accept-version': fc.constantFrom('1', '../..'),
    accept: fc.constantFrom('image/*', ''),
    authorization: fc.constantFrom(
      'Bearer',
      `Bearer ${ROOM}`,
      'Basic Og==',
      ROOM,
      'x'.repeat(8_000),
    ),
    cookie: fc.constant('a=b; __proto__=c'),
    host: fc.constantFrom('evil.example', 'localhost:1', '['),
    origin: fc.constantFrom('https://evil.example', 'null', 'not a url'),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', 'x'),
    range: fc.constantFrom('bytes=0-1', 'bytes=9-1', 'bytes=a'),
    'if-modified-since': fc.constant('never'),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.constant(''),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('{', '"', 'null', '[]', '{"key":null}', `{"key":"${ROOM}"}`, `{"key":{"a":1}}`),
  fc.constantFrom('{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}', '1e999', '\u0000'),
  fc.constantFrom('['.repeat(8_000), `{"key":"${'x'.repeat(20_000)}"}`, '{"a":1,"a":2}'),
  fc.uint8Array({ maxLength: 64 }),
);
const asked = fc.record({
  method: fc.constantFrom(...methods),
  path: fc.tuple(path, query).map((parts) => parts.join('')),
  headers,
  body,
});

/** What may succeed at all. */
const successes = [
  /^POST \/api\/rooms$/,
  /^(GET|HEAD) \/(api\/info|healthz|readyz|metrics)$/,
  /^(GET|HEAD) \/r\/[^/]+$/,
  /^(GET|HEAD) \/+$/,
  /^(GET|HEAD) .*(index\.html)?$/,
];

function check(
  { method, path: target }: Asked,
  { status, type: given, body: text }: Answered,
): void {
  const [where = ''] = target.split('?');
  const line = `${method} ${where}: ${status} ${text.slice(0, 100)}`;
  if (status >= 500) throw new Error(line);
  if (where.startsWith('/socket.io/')) return;
  if (status < 400) {
    expect(
      successes.some((each) => each.test(`${method} ${where}`)),
      line,
    ).toBe(true);
    if (where.startsWith('/api/')) expect(where, line).toMatch(/^\/api\/(rooms|info)$/);
    return;
  }
  // Below the API an unknown address shows the page that says so.
  const page = status === 404 && given.startsWith('text/html') && !where.startsWith('/api/');
  if (page || method === 'HEAD' || status === 416) return;
  if (!text.startsWith('{')) throw new Error(line);
  expect(WireError.safeParse(JSON.parse(text)).success, line).toBe(true);
}

test('3,000 requests in every method, to every address, with every body', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(asked, { minLength: 30, maxLength: 30, size: 'max' }),
      async (all) => {
        await Promise.all(
          all.map(async (each) => {
            check(each, await send(each));
          }),
        );
      },
    ),
    { numRuns: 100, seed: SEED, endOnFailure: true, asyncReporter: seedAndPath },
  );
  expect(Reflect.get({}, 'a')).toBeUndefined();
  expect(await alive()).toBe(true);
});

test.each<[string, Asked, number, ErrorCode]>([
  ['a path that is no UTF-8', post('/api/rooms/%E0%A4/join', '{}'), 400, 'badRequest'],
  [
    'a room id beyond all limits',
    post(`/api/rooms/${'x'.repeat(5_000)}/join`, '{}'),
    400,
    'badRequest',
  ],
  ['JSON that is none', post('/api/rooms', '{'), 400, 'badRequest'],
  ['a prototype', post(`/api/rooms/${ROOM}/join`, '{"__proto__":1}'), 400, 'badRequest'],
  ['a body too long', post('/api/rooms', `"${'x'.repeat(17_000)}"`), 413, 'tooLarge'],
  ['a media type that is none', post('/api/rooms', 'x', 'a/b/c'), 400, 'badRequest'],
])('%s is told so', async (_what, ask, status, code) => {
  const answer = await send(ask);
  expect([answer.status, WireError.parse(JSON.parse(answer.body)).code]).toEqual([status, code]);
});

function post(target: string, text: string, mediaType = 'application/json'): Asked {
  return { method: 'POST', path: target, headers: { 'content-type': mediaType }, body: text };
}

async function alive(): Promise<boolean> {
  const answer = await send({ method: 'GET', path: '/healthz', headers: {}, body: '' });
  return answer.status === 200;
}

/** Sends bytes and resolves to all that came back when the server, or both, have hung up. */
async function tell(bytes: string | Uint8Array): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.end(bytes);
  await closed;
  return text;
}

const get = 'GET /healthz HTTP/1.1\r\nHost: a\r\n';
test.each<[string, string, RegExp]>([
  ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400/],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', /^HTTP\/1\.1 400/],
  ['two lengths', `${get}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, /^HTTP\/1\.1 400/],
  [
    'a length and chunks',
    `${get}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    /^HTTP\/1\.1 400/,
  ],
  ['a negative length', `${get}Content-Length: -1\r\n\r\n`, /^HTTP\/1\.1 400/],
  [
    'a broken chunk',
    'POST /api/rooms HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    /^HTTP\/1\.1 4/,
  ],
  ['headers without end', `${get}X: ${'x'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 4/],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400/],
  ['an unknown method', 'HACK / HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 400/],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', /^(HTTP\/1\.1 4|$)/],
  ['a newline in a header', `${get}X: a\nb: c\r\r\n\r\n`, /^HTTP\/1\.1 400/],
  ['an expectation', `${get}Expect: miracles\r\n\r\n`, /^HTTP\/1\.1 (417|200)/],
  [
    'an upgrade to nothing known',
    `${get}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    /^(HTTP\/1\.1 |$)/,
  ],
])('%s', async (_what, bytes, answer) => {
  const text = await tell(bytes);
  expect(text).toMatch(answer);
  // Node itself answers a request without a host, in no words.
  if (text.startsWith('HTTP/1.1 400 ') && text.includes('{')) {
    expect(WireError.parse(JSON.parse(text.slice(text.indexOf('{')))).code).toBe('badRequest');
  }
  expect(await alive()).toBe(true);
});

test('garbage behind good requests is refused in words, and ends the connection', async () => {
  const text = await tell(`${get}\r\n${get}\r\n\u0000\u0001garbage`);
  const codes = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code);
  expect(codes.filter((code) => code !== '200')).toEqual(['400']);
  expect(await alive()).toBe(true);
});

test('random bytes, alone and behind a good beginning', async () => {
  const beginnings = fc.constantFrom(
    '',
    get,
    `${get}\r\n`,
    'POST /api/rooms HTTP/1.1\r\nHost: a\r\n',
  );
  await fc.assert(
    fc.asyncProperty(beginnings, fc.uint8Array({ maxLength: 300 }), async (start, garbage) => {
      const text = await tell(Buffer.concat([Buffer.from(start), garbage]));
      expect(text).toMatch(/^(HTTP\/1\.1 [24]|$)/);
    }),
    { numRuns: 500, seed: SEED },
  );
  expect(await alive()).toBe(true);
});

test('200 who stall in mid-request keep nobody waiting, and not for ever', async () => {
  const halves = [get, 'POST /api/rooms HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{'];
  const stalled = Array.from({ length: 200 }, (_, i) => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(halves[i % halves.length] ?? get);
    return socket;
  });
  await Promise.all(stalled.map((socket) => once(socket, 'connect')));
  for (let i = 0; i < 20; i += 1) expect(await alive()).toBe(true);
  const { headersTimeout, requestTimeout } = server.app.server;
  expect(headersTimeout).toBeGreaterThan(0);
  expect(headersTimeout).toBeLessThanOrEqual(60_000);
  expect(requestTimeout).toBeGreaterThan(0);
  expect(requestTimeout).toBeLessThanOrEqual(300_000);
  for (const socket of stalled) socket.destroy();
});
