import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterByLink, joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { freePort, startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

const resources = new AsyncDisposableStack();
let folder: string;
let settings: Record<string, string>;
let parley: Parley;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0930').audio, silence(3_000, 16_000)));
  const keyFile = joinPath(folder, 'transcripts.key');
  await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  const directory = await mkdtemp(joinPath(folder, 'transcripts-'));
  await chmod(directory, 0o700);
  settings = {
    PARLEY_PORT: String(await freePort()),
    PARLEY_STORE_TRANSCRIPTS: '1',
    PARLEY_TRANSCRIPTS_DIRECTORY: directory,
    PARLEY_TRANSCRIPTS_KEY_FILE: keyFile,
  };
  parley = await startParley(settings);
  resources.defer(async () => {
    await parley.stop();
  });
  browser = resources.use(await launchBrowser(voice));
});

afterAll(() => resources.disposeAsync());

const card = (page: Page, name: string): Locator =>
  page
    .getByRole('list', { name: 'Participants', exact: true })
    .getByRole('listitem')
    .filter({ hasText: name });

const finals = (page: Page): Locator => page.locator('[role=log] [data-final="true"]');

/** Waits until more has been said than now, and the sound of the translation has been heard. */
async function translatedAgain(page: Page): Promise<void> {
  const before = await finals(page).count();
  await expect.poll(() => finals(page).count(), { timeout: 60_000 }).toBeGreaterThan(before);
  await page.locator('audio[data-track=translation]').first().waitFor({ state: 'attached' });
}

async function call(): Promise<{ ann: Page; luz: Page; room: string }> {
  const room = `${parley.url}/r/${await parley.createRoom()}`;
  const ann = await joinByLink(browser, room, { name: 'Ann', speak: 'en', hear: 'en' });
  const luz = await joinByLink(browser, room, { name: 'Luz', speak: 'es', hear: 'es' });
  await finals(luz).first().waitFor({ timeout: 60_000 });
  return { ann, luz, room };
}

test('whose network is gone for a while is shown as reconnecting, and is back as the same person', async () => {
  const { ann, luz } = await call();
  await luz.context().setOffline(true);
  await expect
    .poll(() => card(ann, 'Luz').innerText(), { timeout: 20_000 })
    .toMatch(/reconnecting/);
  await expect
    .poll(() => luz.getByRole('status', { name: 'Connection', exact: true }).innerText())
    .toContain('Reconnecting');
  await luz.context().setOffline(false);
  await expect.poll(() => card(ann, 'Luz').innerText(), { timeout: 20_000 }).toMatch(/speaks/);
  expect(await card(ann, 'Luz').count()).toBe(1);
  await translatedAgain(luz);
  for (const page of [ann, luz]) await page.context().close();
});

test('a server that is started again finds its meeting, and both are heard as before', async () => {
  const { ann, luz } = await call();
  await parley.stop();
  await expect
    .poll(() => luz.getByRole('status', { name: 'Connection', exact: true }).innerText())
    .toContain('Reconnecting');
  parley = await startParley(settings);
  for (const page of [ann, luz]) {
    await expect
      .poll(() => page.getByRole('status', { name: 'Connection', exact: true }).innerText(), {
        timeout: 30_000,
      })
      .toContain('Connected');
  }
  expect(await card(ann, 'Luz').count()).toBe(1);
  await translatedAgain(luz);
  for (const page of [ann, luz]) await page.context().close();
});

test('a server that is told to stop waits for the meeting, says so, and leaves when it is empty', async () => {
  const { ann, luz } = await call();
  process.kill(parley.pid, 'SIGTERM');
  await ann.getByText(/about to restart/).waitFor();
  expect((await fetch(`${parley.url}/readyz`)).status).toBe(503);
  const refused = await fetch(`${parley.url}/api/rooms`, { method: 'POST' });
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'stopping' }]);
  await translatedAgain(luz);
  for (const page of [ann, luz]) {
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
  }
  expect(await parley.ended).toBe(0);
  for (const page of [ann, luz]) await page.context().close();
  parley = await startParley(settings);
});

test('the words of who agreed are kept, and the host takes them away and deletes them', async () => {
  const host = await openPage(browser, parley.url);
  await host.goto(parley.url);
  await host.getByRole('textbox', { name: 'Your name', exact: true }).fill('Ann');
  await host.getByRole('button', { name: 'New meeting', exact: true }).click();
  await host.getByText(/kept in writing here, encrypted, for\s+30 days/).waitFor();
  await host.getByRole('switch', { name: 'Keep my words in writing', exact: true }).click();
  await host.getByRole('combobox', { name: 'I speak', exact: true }).selectOption('en');
  await host.getByRole('button', { name: 'Join meeting', exact: true }).click();
  await host.getByText(/What you say is kept in writing/).waitFor();
  const guest = await openPage(browser, parley.url);
  await enterByLink(guest, await guestLink(host), { name: 'Bob', speak: 'en', hear: 'en' });
  await guest.getByText(/Your words are not/).waitFor();
  await expect.poll(() => finals(host).count(), { timeout: 60_000 }).toBeGreaterThan(1);

  await host.getByRole('button', { name: 'More', exact: true }).click();
  const downloading = host.waitForEvent('download');
  await host.getByRole('button', { name: 'Download transcript', exact: true }).click();
  const file = joinPath(folder, 'meeting.txt');
  await (await downloading).saveAs(file);
  const text = await readFile(file, 'utf8');
  expect(text).toContain('Ann');
  expect(text).not.toContain('Bob');

  await host.getByRole('button', { name: /Delete transcript/ }).click();
  await host.getByRole('button', { name: 'Delete for good', exact: true }).click();
  await host.getByText('The transcript is deleted.').waitFor();
  await guest.getByText(/The host has deleted the transcript/).waitFor();
  await guest.getByRole('button', { name: 'More', exact: true }).click();
  expect(await guest.getByRole('button', { name: /transcript/i }).count()).toBe(0);
  for (const page of [host, guest]) await page.context().close();
});

/** The link that the host is given to hand on: not their own. */
async function guestLink(host: Page): Promise<string> {
  const shown = await host
    .getByRole('region', { name: 'You are the first one here', exact: true })
    .getByText('/r/')
    .innerText();
  const link = new URL(`http://${shown}`);
  expect(link.pathname).toBe(new URL(host.url()).pathname);
  expect(link.hash).not.toBe(new URL(host.url()).hash);
  return link.href;
}
