import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AttackPage } from '../support/attack-page.ts';
import type { Binary } from '../support/attack-page.ts';
import { startAttacked } from '../support/attack-server.ts';
import type { Attacked } from '../support/attack-server.ts';
import { opusCapabilities } from '../support/fake-sfu.ts';

/**
 * Below the library: frames that no Socket.IO client would send, and bytes that are no frames at
 * all. The server may hang up on whoever sends them; it logs no mistake, keeps nothing, and whoever
 * is in a meeting meanwhile notices nothing.
 */
let server: Attacked;
let witness: AttackPage;

const person = {
  ...{ displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false },
  rtpCapabilities: opusCapabilities,
};

beforeAll(async () => {
  server = await startAttacked();
  witness = await AttackPage.connect(server.url, await server.tokenFor(server.door.create()));
  expect(await witness.request('join', person)).toMatchObject({ ok: true });
});
afterAll(async () => {
  expect(await witness.request('call:stats', {})).toMatchObject({ ok: true });
  expect(server.mistakes).toEqual([]);
  await witness.close();
  await server[Symbol.asyncDispose]();
});

async function newcomer(): Promise<AttackPage> {
  return AttackPage.connect(server.url, await server.tokenFor(server.door.create()));
}

/** Whether a page still gets answers. */
async function isServed(page: AttackPage): Promise<boolean> {
  return (await page.request('getRouterRtpCapabilities', {}))?.ok === true;
}

const bytes = (length: number): Binary => new Uint8Array(length).fill(7);

test.each<[string, (string | Binary)[]]>([
  ['no JSON', ['421[', '421{"a":', '42}{']],
  ['an object where a list belongs', ['421{"0":"join","1":{}}']],
  ['an event without a name', ['421[]', '421[null,{}]', '421[{"a":1},{}]']],
  ['names that the library keeps', ['421["disconnect"]', '421["connect_error",{}]']],
  ['an attachment nobody announced', [bytes(10)]],
  ['more than ten attachments', ['4511-1["join"]']],
  ['a million attachments', ['451000000-1["join"]']],
  ['no number of attachments', ['45-1["join"]', '45x-1["join"]', '45-1-1["join"]']],
  ['attachments that are not there', ['451-1["join",{"_placeholder":true,"num":9}]', bytes(1)]],
  ['text while attachments are waited for', ['452-1["join",{}]', bytes(1), '421["leave",{}]']],
  ['a nested message over the limit', [`421["join",${'['.repeat(600_000)}${']'.repeat(600_000)}]`]],
  ['a frame over the limit', [`421["join","${'x'.repeat(3_000_000)}"]`]],
  ['binary over the limit', [bytes(3_000_000)]],
  ['a second connect', ['40{"token":"x"}', '40']],
  ['a connect error from the client', ['44{"message":"no"}']],
  ['unknown packet types', ['49', '4', '9', '', '8hello', 'b!!!', 'bAAAA']],
  ['pings and opens of the server’s', ['2probe', '0{"sid":"x"}', '6', '5']],
  ['acknowledgements nobody asked for', ['431[]', '43999999999999999999[{}]', '43-1[]']],
  ['acknowledgements with attachments', ['461-1[{"_placeholder":true,"num":0}]', bytes(4)]],
  ['other namespaces', ['40/admin,{}', '42/admin,["join",{}]', '40/__proto__,', '41/admin,']],
])('%s', async (_what, frames) => {
  const page = await newcomer();
  for (const frame of frames) page.raw(frame);
  const served = await isServed(page);
  expect(served || !page.open).toBe(true);
  expect(page.malformed).toEqual([]);
  await page.close();
  expect(await isServed(witness)).toBe(true);
});

test('what is somewhat too long is told so; what is four times too long ends the connection', async () => {
  const page = await newcomer();
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(await page.ask('join', nested(100_000))).toMatchObject({ error: { code: 'tooLarge' } });
  expect(await page.ask('join', nested(140_000))).toBeUndefined();
  expect(page.open).toBe(false);
});

test('a flood of acknowledgements, pongs and foreign namespaces is swallowed', async () => {
  const page = await newcomer();
  for (let i = 0; i < 10_000; i += 1) {
    page.raw(`43${i}[]`);
    page.raw('3');
    if (i % 100 === 0) page.raw('40/elsewhere,{}');
  }
  expect(await isServed(page)).toBe(true);
  await page.close();
});

test('before it shows a token a page is told nothing and cannot join', async () => {
  const page = await AttackPage.open(server.url);
  page.raw('421["join",{}]');
  page.raw('43[]');
  await expect.poll(() => page.open).toBe(false);
});

test.each<[string, string]>([
  ['nothing', ''],
  ['no object', '"token"'],
  ['a list', '["token"]'],
  ['null', '{"token":null}'],
  ['a number', '{"token":1}'],
  ['an object', '{"token":{"toString":"x"}}'],
  ['a length that is no number', '{"token":{"length":{"toString":1}}}'],
  ['a prototype', '{"__proto__":{"token":"x"}}'],
  ['two dots', '{"token":".."}'],
  ['a token without a signature', '{"token":"eyJhbGciOiJub25lIn0.e30."}'],
  ['what is no base64', '{"token":"\\u0000.\\u0000.\\u0000"}'],
  ['a header that is no object', '{"token":"W10.e30.AAAA"}'],
  ['another algorithm', '{"token":"eyJhbGciOiJSUzI1NiJ9.e30.AAAA"}'],
  [
    'an unencoded payload',
    '{"token":"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.e30.AA"}',
  ],
  ['five parts', '{"token":"a.b.c.d.e"}'],
])('a token that is %s is refused as badToken', async (_what, auth) => {
  const page = await AttackPage.open(server.url);
  await page.authenticate(auth);
  if (page.open) expect(page.refusal?.data).toEqual({ code: 'badToken' });
  expect(auth === '"token"' || auth === '["token"]' || page.open).toBe(true);
  await page.close();
});

test('random frames', async () => {
  const frame = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ maxLength: 40 }).map((text) => `4${text}`),
    fc.tuple(fc.nat(6), fc.string({ maxLength: 60 })).map(([type, text]) => `4${type}${text}`),
    fc
      .tuple(fc.nat(6), fc.nat(20), fc.json({ maxDepth: 3 }))
      .map(([type, id, json]) => `4${type}${id}${json}`),
    fc.tuple(fc.nat(12), fc.json({ maxDepth: 3 })).map(([count, json]) => `45${count}-1${json}`),
    fc.uint8Array({ maxLength: 60 }).map((data) => new Uint8Array(data)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 30 }), async (frames) => {
      const page = await newcomer();
      for (const each of frames) page.raw(each);
      await isServed(page);
      expect(page.malformed).toEqual([]);
      await page.close();
    }),
    { numRuns: 400, seed: 1_121 },
  );
  expect(await isServed(witness)).toBe(true);
  await expect.poll(() => server.gateway.connections).toBe(1);
  expect(server.rooms.peers).toBe(1);
});

/** A WebSocket upgraded by hand, so that frames can be broken (RFC 6455). */
test('bytes that are no WebSocket frames', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (garbage) => {
      const socket = connect(server.port, '127.0.0.1');
      const ended = once(socket, 'close');
      socket.on('error', () => undefined);
      socket.write(
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n' +
          'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
      await once(socket, 'data');
      socket.end(garbage);
      socket.resume();
      await ended;
    }),
    { numRuns: 200, seed: 1_121 },
  );
  await expect.poll(() => server.gateway.connections).toBe(1);
});
