import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { defaults } from '../../../../config/defaults.ts';
import { Deliveries } from '../../../../server/webhooks/deliveries.ts';
import type { DeliveryOptions } from '../../../../server/webhooks/deliveries.ts';
import { keyOf, readSigner, Signer } from '../../../../server/webhooks/signature.ts';
import { eventually } from '../../../support/eventually.ts';
import { silent } from '../../../support/room-stage.ts';

const key = Buffer.alloc(32, 7);

interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Someone else's server, who answers with these in turn and then with 204. */
class Receiver {
  readonly taken: Taken[] = [];
  readonly answers: (number | 'hang up' | 'silence')[] = [];
  readonly server: Server;
  url = '';

  constructor() {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        this.taken.push({ headers: request.headers, body });
        const answer = this.answers.shift() ?? 204;
        if (answer === 'hang up') request.socket.destroy();
        else if (answer !== 'silence') response.writeHead(answer, { location: '/elsewhere' }).end();
      });
    });
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.url = `http://127.0.0.1:${address.port}/hook`;
  }
}

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

async function stage(options: Partial<DeliveryOptions> = {}) {
  const receiver = new Receiver();
  await receiver.listen();
  cleanUp.push(() => {
    receiver.server.closeAllConnections();
    receiver.server.close();
  });
  const deliveries = new Deliveries({
    options: {
      ...defaults.server.webhooks,
      ...{ urls: [receiver.url], firstRetryMs: 2, longestRetryMs: 8, timeoutMs: 300 },
      ...options,
    },
    signer: new Signer(key),
    log: silent,
  });
  cleanUp.push(() => deliveries.close());
  return { receiver, deliveries };
}

/** As a receiver does it, from the specification alone. */
function isGenuine({ headers, body }: Taken): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', key).update(signed).digest('base64');
  const recent = Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000) < 60;
  return recent && headers['webhook-signature'] === `v1,${expected}`;
}

describe('an event', () => {
  test('comes once, signed, as JSON', async () => {
    const { receiver, deliveries } = await stage();
    deliveries.send('{"type":"room.opened"}', Date.now());
    await eventually(() => deliveries.counts.delivered === 1);
    expect(receiver.taken).toHaveLength(1);
    expect(receiver.taken.every(isGenuine)).toBe(true);
    expect(receiver.taken[0]?.headers['content-type']).toBe('application/json');
    expect(deliveries.pending).toBe(0);
  });

  test('is tried again until it is taken, under one id and with a signature of its own each time', async () => {
    const { receiver, deliveries } = await stage();
    receiver.answers.push(500, 'hang up', 'silence', 404, 302);
    deliveries.send('{}', Date.now());
    await eventually(() => deliveries.counts.delivered === 1);
    expect(deliveries.counts.retried).toBe(5);
    expect(receiver.taken).toHaveLength(6);
    expect(receiver.taken.every(isGenuine)).toBe(true);
    expect(new Set(receiver.taken.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('does not follow a receiver who sends it elsewhere', async () => {
    const { receiver, deliveries } = await stage();
    receiver.answers.push(307);
    deliveries.send('{}', Date.now());
    await eventually(() => deliveries.counts.delivered === 1);
    expect(deliveries.counts.retried).toBe(1);
  });

  test('is given up for good when its receiver is gone', async () => {
    const { receiver, deliveries } = await stage();
    receiver.answers.push(410);
    deliveries.send('{}', Date.now());
    await eventually(() => deliveries.counts.givenUp === 1);
    expect(receiver.taken).toHaveLength(1);
  });

  test('is given up when it is too old', async () => {
    const { receiver, deliveries } = await stage({ giveUpMs: 50 });
    receiver.answers.push(...Array<number>(100).fill(500));
    deliveries.send('{}', Date.now());
    await eventually(() => deliveries.counts.givenUp === 1);
    expect(receiver.taken.length).toBeGreaterThan(1);
  });

  test('comes to every address, though one of them does not answer', async () => {
    const other = new Receiver();
    await other.listen();
    cleanUp.push(() => {
      other.server.close();
    });
    const { deliveries } = await stage({ urls: [other.url, 'http://127.0.0.1:1/'] });
    deliveries.send('{}', Date.now());
    await eventually(() => deliveries.counts.delivered === 1 && deliveries.counts.retried > 1);
    expect(other.taken).toHaveLength(1);
  });
});

test('so many wait at once; the rest are dropped and counted', async () => {
  const { deliveries } = await stage({ maxPending: 3, urls: ['http://127.0.0.1:1/'] });
  for (let i = 0; i < 10; i += 1) deliveries.send('{}', Date.now());
  expect([deliveries.pending, deliveries.counts.dropped]).toEqual([3, 7]);
});

test('closing gives what is under way a moment, and takes no more', async () => {
  const { receiver, deliveries } = await stage();
  deliveries.send('{}', Date.now());
  await deliveries.close(2_000);
  deliveries.send('{}', Date.now());
  expect([receiver.taken.length, deliveries.counts.delivered]).toEqual([1, 1]);
  expect(deliveries.counts.dropped).toBe(1);
});

describe('the signature', () => {
  test('is that of the specification’s example', () => {
    const example = keyOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    if (example === undefined) throw new Error('no key');
    const signed = new Signer(example).sign(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
    );
    expect(signed).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test.each(['', 'secret', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(100)}`])(
    'cannot be made with "%s"',
    async (secret) => {
      const folder = await mkdtemp(join(tmpdir(), 'parley-webhooks-'));
      cleanUp.push(() => rm(folder, { recursive: true }));
      await writeFile(join(folder, 'secret'), secret);
      await expect(readSigner(join(folder, 'secret'))).rejects.toThrow(/openssl rand/);
    },
  );

  test('needs a file that is there', async () => {
    await expect(readSigner('/nowhere/secret')).rejects.toThrow(/cannot be read/);
  });
});
