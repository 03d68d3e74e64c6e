import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { RecordingsAnswer, TranslateAnswer } from '../../server/api/schemas.ts';
import { addToken } from '../support/api-stage.ts';
import { eventually } from '../support/eventually.ts';
import { startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { durationMs } from '../support/recordings.ts';
import { sentence } from '../support/speech.ts';
import { Visitor } from '../support/visitor.ts';
import { wordErrorRate } from '../support/word-errors.ts';

/** The API of a server as it is started, with the engine that is always there. */

const Event = z.object({ type: z.string(), data: z.object({ meetingId: z.string() }) });
const Made = z.object({ id: z.string(), hostKey: z.string(), guestKey: z.string() });

let folder: string;
let token: string;
let parley: Parley;
const told: z.infer<typeof Event>[] = [];
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    told.push(Event.parse(JSON.parse(body)));
    response.writeHead(204).end();
  });
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-api-'));
  const tokens = join(folder, 'tokens.json');
  token = await addToken(tokens, ['translate', 'transcribe', 'speak', 'rooms']);
  await writeFile(join(folder, 'secret'), `whsec_${Buffer.alloc(32, 1).toString('base64')}\n`);
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  parley = await startParley({
    PARLEY_API_TOKENS_FILE: tokens,
    PARLEY_WEBHOOKS_URLS: `http://127.0.0.1:${address.port}/`,
    PARLEY_WEBHOOKS_SECRET_FILE: join(folder, 'secret'),
  });
});

afterAll(async () => {
  await parley[Symbol.asyncDispose]();
  receiver.close();
  await rm(folder, { recursive: true });
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return fetch(parley.url + path, { ...init, headers });
}

const json = (body: object): RequestInit => ({
  ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
  body: JSON.stringify(body),
});

test('texts are translated', async () => {
  const order = { text: ['Good morning', 'The house is big'], source: 'en', targets: ['es', 'ca'] };
  const { texts } = TranslateAnswer.parse(await (await ask('/api/translate', json(order))).json());
  expect(texts.map(({ translations }) => translations.map((each) => each.text))).toEqual([
    ['Buenos días', 'Bon dia'],
    ['La casa es grande', 'La casa és gran'],
  ]);
});

test('a person’s recording is written down and translated', async () => {
  const { path, words } = sentence('0870');
  const body = new Uint8Array(readFileSync(path));
  const init = { method: 'POST', headers: { 'content-type': 'audio/wav' }, body };
  const answer = await ask('/api/transcribe-translate?source=en&targets=es', init);
  const [file] = RecordingsAnswer.parse(await answer.json()).files;
  const heard = file?.segments.map((segment) => segment.text).join(' ') ?? '';
  expect(wordErrorRate(words, heard)).toBeLessThan(0.4);
  expect(file?.segments[0]?.translations[0]?.text).toMatch(/\p{L}/u);
  const vtt = await ask('/api/transcribe?source=en&format=vtt', init);
  expect(await vtt.text()).toMatch(/^WEBVTT\n\n1\n00:00:0\d\.\d{3} --> 00:00:0\d\.\d{3}\n\w/);
});

test('a text is spoken', async () => {
  const order = { text: 'Buenos días a todos.', language: 'es', format: 'ogg' };
  const answer = await ask('/api/speak', json(order));
  expect(answer.headers.get('content-type')).toBe('audio/ogg');
  expect(durationMs(new Uint8Array(await answer.arrayBuffer()))).toBeGreaterThan(700);
});

test('a meeting is made, its people are told of, and it is ended', async () => {
  const { id, hostKey, guestKey } = Made.parse(
    await (await ask('/api/meetings', { method: 'POST' })).json(),
  );
  using visitor = await Visitor.join(parley.url, `${id}#k=${guestKey}`, 'en', 'es');
  expect(visitor.peerId).not.toBe('');
  await eventually(() => told.length === 2);
  const headers = { 'parley-host-key': hostKey };
  const seen = await ask(`/api/meetings/${id}`, { headers });
  expect(await seen.json()).toEqual({ id, people: 1, waiting: 0 });
  expect((await ask(`/api/meetings/${id}`, { method: 'DELETE', headers })).status).toBe(204);
  await eventually(() => told.length === 4);
  expect(told.map(({ type }) => type).sort()).toEqual(
    ['room.opened', 'participant.joined', 'participant.left', 'room.ended'].sort(),
  );
  expect(told.every(({ data }) => data.meetingId === id)).toBe(true);
});

test.each(['light', 'dark'] as const)('the page about it works, %s', async (colorScheme) => {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${parley.url}/docs`);
    await page
      .getByRole('button', { name: /Authorize/ })
      .first()
      .click();
    await page.getByRole('textbox', { name: 'auth-bearer-value' }).fill(token);
    await page.getByRole('button', { name: 'Apply credentials' }).click();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    const translate = page.locator('#operations-Texts-post_api_translate');
    await translate
      .getByRole('button', { name: /api\/translate/ })
      .first()
      .click();
    await translate.getByRole('button', { name: 'Try it out' }).click();
    await translate.getByRole('button', { name: 'Execute' }).click();
    await translate.getByText('Buenos días').first().waitFor();
    expect(complaints).toEqual([]);
    const ground = await page.evaluate(
      () => getComputedStyle(document.documentElement).backgroundColor,
    );
    const dark = await page.evaluate(() =>
      document.documentElement.classList.contains('dark-mode'),
    );
    expect([dark, ground]).toEqual([colorScheme === 'dark', expect.any(String)]);
  } finally {
    await browser.close();
  }
});
