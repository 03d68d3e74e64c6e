/// <reference lib="dom" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage, resize } from '../support/browser.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { silence } from '../support/pcm.ts';
import { writeMicrophone } from '../support/speech.ts';

/**
 * Links and names as nobody should send them. What else goes wrong has its story elsewhere: two
 * tabs, reload, back, and a meeting that has ended in hosting.test.ts; names in captions and files
 * in record.test.ts; a device that is pulled out in controls.test.ts; a page left open overnight in
 * test/unit/client/state/pass.test.ts.
 */
const PHONE = { width: 360, height: 740 };
/** Markup, a turn of direction, an emoji of three, and no place to break. */
const UNRULY = `<img src=x onerror="document.title='pwned'">\u202eמרינה👩‍🔬`;
const SHOWN = UNRULY.replace('\u202e', '');

const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let link: string;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const quiet = joinPath(folder, 'quiet.wav');
  await writeMicrophone(quiet, silence(2_000, 16_000));
  parley = resources.use(await startParley());
  browser = resources.use(await launchBrowser(quiet));
});
afterAll(() => resources.disposeAsync());

const button = (where: Page | Locator, name: string): Locator =>
  where.getByRole('button', { name, exact: true });
const nameField = (page: Page): Locator =>
  page.getByRole('textbox', { name: 'Your name', exact: true });

async function open(address: string): Promise<Page> {
  const page = await openPage(browser, parley.url);
  await resize(page, PHONE);
  await page.goto(address);
  return page;
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe('a link', () => {
  test.each([
    ['broken in the middle of a letter', '/r/%E0%A4%A#k=x'],
    ['out of the folder', '/r/..%2f..%2fetc#k=x'],
    ['cut off', '/r/a'],
    ['much too long', `/r/${'x'.repeat(2_000)}`],
  ])('that is %s says that there is no meeting, and leads home', async (_what, path) => {
    const page = await open(`${parley.url}${path}`);
    await page.getByRole('heading', { name: 'There is no such meeting', exact: true }).waitFor();
    await button(page, 'Go to the start page').click();
    await nameField(page).waitFor();
    await page.context().close();
  });

  test('with a name of 10,000 characters does not enter with it, and says what to do', async () => {
    const room = `${parley.url}/r/${await parley.createRoom()}`;
    const page = await open(`${room}&join=1&name=${'W'.repeat(10_000)}`);
    await page.getByRole('alert').filter({ hasText: 'at most 64 characters' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await button(page, 'Join meeting').click();
    expect(await nameField(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await nameField(page).fill('Wanda');
    await button(page, 'Join meeting').click();
    await button(page, 'Leave').waitFor();
    await page.context().close();
  });
});

describe('somebody with an unruly name', () => {
  let ann: Page;
  let unruly: Page;

  const panel = (): Locator => ann.getByRole('complementary', { name: 'Host', exact: true });

  beforeAll(async () => {
    ann = await open(parley.url);
    await nameField(ann).fill('Ann');
    await button(ann, 'New meeting').click();
    await button(ann, 'Join meeting').click();
    link = `http://${await ann.getByText(/^localhost:\d+\/r\//).innerText()}`;
    await button(ann, 'Host').click();
    await ann.getByRole('switch', { name: 'Newcomers wait in the lobby', exact: true }).click();
    unruly = await open(link);
    await nameField(unruly).fill(UNRULY);
    await button(unruly, 'Join meeting').click();
  });

  test('is called by it at the door, word for word, and turns nothing round', async () => {
    await button(panel(), `Let in ${SHOWN}`).waitFor();
    await button(panel(), 'Close').click();
    await ann.getByRole('note').getByText(`${SHOWN} wants to come in.`).waitFor();
    expect(await overflow(ann)).toBe(0);
    await button(ann, 'Let in').click();
    await button(unruly, 'Leave').waitFor();
  });

  test('is a person like all others on the page of the host', async () => {
    const card = ann
      .getByRole('list', { name: 'Participants', exact: true })
      .getByRole('listitem')
      .filter({ hasText: SHOWN });
    await card.waitFor();
    await button(ann, 'Host').click();
    await button(panel(), `Remove ${SHOWN}`).click();
    const dialog = ann.getByRole('dialog', { name: `Remove ${SHOWN}?`, exact: true });
    await dialog.waitFor();
    expect(await overflow(ann)).toBe(0);
    await button(dialog, 'Cancel').click();
    expect(await ann.locator('img[src]').count()).toBe(0);
    expect(await ann.title()).not.toContain('pwned');
  });

  test('comes back by reloading, as the same', async () => {
    await unruly.reload();
    expect(await nameField(unruly).inputValue()).toBe(UNRULY);
    await button(unruly, 'Join meeting').click();
    await button(unruly, 'Leave').waitFor();
    const list = ann.getByRole('list', { name: 'People to manage', exact: true });
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
  });
});
