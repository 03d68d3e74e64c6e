import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoomCreated } from '../../server/protocol/api.ts';
import { requests } from '../../server/protocol/requests.ts';
import { isRequestName } from '../../server/signaling/parse-request.ts';
import { AttackPage } from '../support/attack-page.ts';
import type { Answer } from '../support/attack-page.ts';
import { argumentsOf, attackMessage } from '../support/attack-messages.ts';
import type { AttackMessage } from '../support/attack-messages.ts';
import { seedAndPath } from '../support/attack-report.ts';
import { OWN } from '../support/attack-requests.ts';
import { startAttacked } from '../support/attack-server.ts';
import type { Attacked } from '../support/attack-server.ts';
import { opusCapabilities } from '../support/fake-sfu.ts';

/**
 * Valid requests, derived from the schemas, twisted in every way JSON and binary attachments allow,
 * from six sockets in two meetings that come and go as the requests say. What must hold:
 *
 * 1. Every request that asks for an answer gets one: `{ok: true, data}`, or `{ok: false, error}`
 *    with a code of the protocol; never `internal`, and nothing is logged as a mistake.
 * 2. Nothing is granted that its schema does not take.
 * 3. No connection is lost, no memory kept, no prototype changed.
 * 4. The same server serves a good page at the end, and is empty when all have gone.
 */
const MESSAGES = 200_000;
const PER_BATCH = 250;
/** The server hangs up on whoever is in no meeting after 30 s, so pages make way for others. */
const BATCHES_PER_PAGE = 40;
const SEED = 1_121;
const MEBIBYTE = 2 ** 20;
/** Of memory after the first fifth, for the events the library keeps for those who come back. */
const MOST_KEPT = 64 * MEBIBYTE;

let server: Attacked;
let rooms: readonly RoomCreated[];
let pages: readonly AttackPage[];
const own = new WeakMap<AttackPage, Record<keyof typeof OWN, string>>();

beforeAll(async () => {
  server = await startAttacked();
  rooms = [server.door.create(), server.door.create()];
  pages = await newPages();
});
afterAll(() => server[Symbol.asyncDispose]());

function newPages(): Promise<readonly AttackPage[]> {
  return Promise.all(
    [...rooms, ...rooms, ...rooms].map(async (room) => {
      const page = await AttackPage.connect(server.url, await server.tokenFor(room));
      own.set(page, { ...OWN });
      return page;
    }),
  );
}

setFlagsFromString('--expose-gc');

function heapUsed(): number {
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
}

interface Sent {
  readonly message: AttackMessage;
  readonly text: string;
  readonly answer: Promise<Answer | undefined>;
}

function send(message: AttackMessage): Sent | undefined {
  const page = pages[message.socket];
  if (!page) throw new Error('no such page');
  const { text: template, attachments } = argumentsOf(message);
  const ids = own.get(page) ?? OWN;
  const text = template
    .replaceAll(OWN.transportId, ids.transportId)
    .replaceAll(OWN.producerId, ids.producerId)
    .replaceAll(OWN.consumerId, ids.consumerId);
  const data = Array.from({ length: attachments }, () => new Uint8Array(64));
  if (message.silent && attachments === 0) {
    page.raw(`42[${JSON.stringify(message.name)}${text && `,${text}`}]`);
    return undefined;
  }
  const answer = page.ask(message.name, text, data).then((got) => {
    remember(page, message.name, got);
    return got;
  });
  return { message, text, answer };
}

/** A page goes on with the ids it was given. */
function remember(page: AttackPage, name: string, answer: Answer | undefined): void {
  const ids = own.get(page);
  if (!ids || answer?.ok !== true) return;
  const { id, producerId } = answer.data;
  if (name === 'createWebRtcTransport' && typeof id === 'string') ids.transportId = id;
  if (name === 'produce' && typeof producerId === 'string') ids.producerId = producerId;
}

const tally = new Map<string, number>();

const malformed = () => pages.flatMap((page) => page.malformed);

async function check({ message, text, answer }: Sent): Promise<void> {
  const got = await answer;
  const what = `${message.name} ${text.slice(0, 300)}`;
  if (!got) throw new Error(`no answer to ${what}; malformed: ${malformed().join()}`);
  const code = got.ok ? 'granted' : got.error.code;
  tally.set(code, (tally.get(code) ?? 0) + 1);
  if (code === 'internal') throw new Error(`internal: ${what}`);
  if (got.ok && !isValid(message, text)) throw new Error(`granted: ${what}`);
}

function isValid({ name }: AttackMessage, text: string): boolean {
  const args: unknown = JSON.parse(`[${text}]`);
  if (!Array.isArray(args) || args.length !== 1 || !isRequestName(name)) return false;
  return requests[name].safeParse(args[0]).success;
}

test(`${MESSAGES} messages: each is answered with an error code or was valid after all`, async () => {
  const pristine = Reflect.ownKeys(Object.prototype);
  let heapBefore = 0;
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(attackMessage, { minLength: PER_BATCH, maxLength: PER_BATCH, size: 'max' }),
      async (messages) => {
        const batch = messages.map((message) => send(message));
        for (const each of batch) if (each) await check(each);
        sent += messages.length;
        if (heapBefore === 0 && sent > MESSAGES / 5) heapBefore = heapUsed();
        expect(pages.filter(({ open }) => !open)).toEqual([]);
        expect(malformed()).toEqual([]);
        if ((sent / PER_BATCH) % BATCHES_PER_PAGE > 0) return;
        await Promise.all(pages.map((page) => page.close()));
        pages = await newPages();
      },
    ),
    {
      ...{ numRuns: MESSAGES / PER_BATCH, seed: SEED, endOnFailure: true },
      asyncReporter: seedAndPath,
    },
  );
  expect(sent).toBeGreaterThanOrEqual(MESSAGES);
  expect(server.mistakes).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(pristine);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
  // Every way to be refused was met, and enough was granted to be in the midst of calls.
  const met = [...tally].filter(([, times]) => times > 100).map(([code]) => code);
  expect(met).toEqual(
    expect.arrayContaining(['granted', 'badRequest', 'notJoined', 'notFound', 'tooLarge']),
  );
  expect(heapUsed() - heapBefore).toBeLessThan(MOST_KEPT);
});

test('a good page is served as if nothing had been', async () => {
  const room = server.door.create();
  const page = await AttackPage.connect(server.url, await server.tokenFor(room));
  const person = { displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false };
  const joined = await page.request('join', { ...person, rtpCapabilities: opusCapabilities });
  expect(joined).toMatchObject({ ok: true, data: { peers: [{ displayName: 'Ann' }] } });
  await page.close();
});

test('when all have gone nothing is left', async () => {
  for (const page of pages) await page.close();
  await expect.poll(() => server.rooms.peers).toBe(0);
  await expect.poll(() => server.sfu.openObjects).toBe(0);
  expect(server.media.speakers.size).toBe(0);
});
