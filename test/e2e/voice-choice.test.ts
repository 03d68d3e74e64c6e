import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { silence } from '../support/pcm.ts';
import { writeMicrophone } from '../support/speech.ts';

const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const quiet = joinPath(folder, 'quiet.wav');
  await writeMicrophone(quiet, silence(3_000, 16_000));
  parley = resources.use(await startParley());
  browser = resources.use(await launchBrowser(quiet));
  page = await openPage(browser, parley.url);
});

afterAll(() => resources.disposeAsync());

const choice = (name: string): Locator =>
  page
    .getByRole('group', { name: 'My voice for others' })
    .getByRole('radio', { name, exact: true });

/** What the browser sends from now on, as text. */
function sentBy(watched: Page): readonly string[] {
  const sent: string[] = [];
  watched.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => sent.push(payload.toString()));
  });
  return sent;
}

describe('someone chooses which voice speaks for them', () => {
  test('before the meeting; it is remembered, and goes along when they join', async () => {
    const sent = sentBy(page);
    await page.goto(`${parley.url}/r/${await parley.createRoom()}`);
    expect(await choice('Automatic').isChecked()).toBe(true);
    await choice('Higher').check();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ann');
    await page.getByRole('button', { name: 'Join meeting' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    const join = sent.find((message) => message.includes('"join"'));
    expect(join).toContain('"voice":"higher"');
  });

  test('during the meeting, and for the next', async () => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('tab', { name: 'Translation', exact: true }).click();
    expect(await choice('Higher').isChecked()).toBe(true);
    await choice('Lower').check();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText('That could not be changed').count()).toBe(0);
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.goto(`${parley.url}/r/${await parley.createRoom()}`);
    await choice('Lower').waitFor();
    expect(await choice('Lower').isChecked()).toBe(true);
  });

  test('by the keyboard', async () => {
    await choice('Lower').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await choice('Higher').isChecked()).toBe(true);
  });
});
