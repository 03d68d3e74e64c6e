import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0930').audio, silence(6_000, 16_000)));
  parley = resources.use(await startParley({ PARLEY_ROOMS_MAX_PEERS: '2' }));
  browser = resources.use(await launchBrowser(voice));
});

afterAll(() => resources.disposeAsync());

/** Fails the test when the page logs an error, a CSP violation among them. */
function watchForErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

test('from the home page to a call alone, hearing oneself in another language', async () => {
  const page = await openPage(browser, parley.url);
  const errors = watchForErrors(page);
  await page.goto(parley.url);
  await page.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ann');
  await page.getByRole('button', { name: 'New meeting', exact: true }).click();

  await page.waitForURL(/\/r\/[A-Za-z0-9_-]{22,}/);
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Your name', exact: true }).inputValue())
    .toBe('Ann');
  const hear = page.getByRole('combobox', { name: 'I hear', exact: true });
  expect(await hear.locator('option').first().getAttribute('value')).toBe('original');
  await page.getByRole('combobox', { name: 'I speak', exact: true }).selectOption('en');
  await hear.selectOption('es');
  const meter = page.getByRole('meter', { name: 'Input level', exact: true });
  await expect
    .poll(async () => Number(await meter.getAttribute('aria-valuenow')), { timeout: 15_000 })
    .toBeGreaterThan(0);
  for (const name of ['Microphone', 'Speaker']) {
    expect(await page.getByRole('combobox', { name, exact: true }).count()).toBe(1);
  }
  await page.getByText(/by machine \(the built-in engine\)/).waitFor();
  await page.getByRole('button', { name: 'Join meeting', exact: true }).click();

  const banner = page.getByRole('note').filter({ hasText: 'This server translates English to' });
  await banner.getByText('npm run models -- pull standard').waitFor();
  await page.getByRole('switch', { name: 'Hear my own translation', exact: true }).click();
  await page.locator('audio[data-track=translation][data-lang=es]').waitFor({ state: 'attached' });
  await page
    .locator('[role=log] [data-speaker="Ann"][data-final="true"][lang="es"]')
    .first()
    .waitFor({ timeout: 60_000 });
  await expect
    .poll(() => page.getByRole('status', { name: 'Connection', exact: true }).innerText())
    .toContain('Connected');
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.context().close();
  expect(errors).toEqual([]);
});

test('the copied link, pasted on the home page, leads into the same meeting', async () => {
  const room = `${parley.url}/r/${await parley.createRoom()}`;
  const host = await joinByLink(browser, room, { name: 'Ann', speak: 'en', hear: 'en' });
  const guest = await openPage(browser, parley.url);
  await guest.goto(parley.url);
  await guest.getByRole('textbox', { name: 'Your name', exact: true }).fill('Luz');
  await guest.getByRole('textbox', { name: 'Meeting link or code', exact: true }).fill(room);
  await guest.getByRole('button', { name: 'Join', exact: true }).click();
  await guest.getByRole('button', { name: 'Join meeting', exact: true }).click();
  await host.getByRole('list', { name: 'Participants', exact: true }).getByText('Luz').waitFor();

  const third = await openPage(browser, parley.url);
  await third.goto(`${room}?name=Eve&speak=en&hear=en&join=1`);
  await third.getByText(/meeting is full/i).waitFor();
  await Promise.all([host, guest, third].map((page) => page.context().close()));
});

test('a link that leads nowhere says so', async () => {
  const page = await openPage(browser, parley.url);
  await page.goto(`${parley.url}/r/AAAAAAAAAAAAAAAAAAAAAA`);
  await page
    .getByText(/no such meeting|meeting (was )?not found|does not exist/i)
    .first()
    .waitFor();
  await page.context().close();
});

test('someone without a microphone is told what to do and joins as a listener', async () => {
  const room = `${parley.url}/r/${await parley.createRoom()}`;
  const host = await joinByLink(browser, room, { name: 'Ann', speak: 'en', hear: 'en' });
  const context = await browser.newContext();
  const listener = await context.newPage();
  await listener.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  });
  await listener.goto(`${room}?name=Luz&speak=es&hear=es`);
  await listener
    .getByText(/microphone is blocked|allow the microphone/i)
    .first()
    .waitFor();
  await listener.getByRole('button', { name: 'Join meeting', exact: true }).click();
  await listener.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  const card = host
    .getByRole('list', { name: 'Participants', exact: true })
    .getByRole('listitem')
    .filter({ hasText: 'Luz' });
  await expect.poll(() => card.innerText()).toMatch(/listening only/i);
  await listener.locator('audio[data-track=original]').first().waitFor({ state: 'attached' });
  await Promise.all([host.context().close(), context.close()]);
});
