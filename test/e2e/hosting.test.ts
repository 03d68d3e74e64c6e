import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/**
 * One meeting from its making to its end, as its host lives it: Ann makes it, Luz comes by the link,
 * Eve has to ask, and in the end Luz is the host.
 */
const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let ann: Page;
let luz: Page;
let eve: Page;
/** For guests. */
let link: string;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0930').audio, silence(6_000, 16_000)));
  parley = resources.use(await startParley());
  browser = resources.use(await launchBrowser(voice));
});
afterAll(() => resources.disposeAsync());

const button = (where: Page | Locator, name: string): Locator =>
  where.getByRole('button', { name, exact: true });
const panel = (page: Page): Locator =>
  page.getByRole('complementary', { name: 'Host', exact: true });
const choice = (page: Page, name: string): Locator =>
  panel(page).getByRole('switch', { name, exact: true });
const heading = (page: Page, name: string): Locator =>
  page.getByRole('heading', { name, exact: true });
const nameField = (page: Page): Locator =>
  page.getByRole('textbox', { name: 'Your name', exact: true });
const inCall = (page: Page): Locator => button(page, 'Leave');

const card = (page: Page, name: string): Locator =>
  page
    .getByRole('list', { name: 'Participants', exact: true })
    .getByRole('listitem')
    .filter({ hasText: name });

async function open(address: string, name: string): Promise<Page> {
  const page = await openPage(browser, parley.url);
  await page.goto(address);
  await nameField(page).fill(name);
  return page;
}

/** From the pre-join page. */
async function enter(page: Page): Promise<void> {
  await button(page, 'Join meeting').click();
}

test('whoever makes a meeting is its host; a guest has no say', async () => {
  ann = await open(parley.url, 'Ann');
  await button(ann, 'New meeting').click();
  await enter(ann);
  await inCall(ann).waitFor();
  link = `http://${await ann.getByText(/^localhost:\d+\/r\//).innerText()}`;
  luz = await joinByLink(browser, link, { name: 'Luz', speak: 'es', hear: 'es' });
  await card(ann, 'Luz').waitFor();
  await expect.poll(() => card(luz, 'Ann').innerText()).toContain('host');
  expect(await button(luz, 'Host').count()).toBe(0);
});

describe('the lobby', () => {
  test('a newcomer waits, the host hears of it and lets them in', async () => {
    await button(ann, 'Host').click();
    await choice(ann, 'Newcomers wait in the lobby').click();
    await button(panel(ann), 'Close').click();

    eve = await open(link, 'Eve');
    await enter(eve);
    await heading(eve, 'Waiting to be let in').waitFor();
    await ann.getByRole('status').getByText('Eve wants to come in.').waitFor({ state: 'attached' });
    await button(ann, 'Host, 1 waiting').waitFor();
    expect(await card(luz, 'Eve').count()).toBe(0);

    await button(ann, 'Let in').click();
    await inCall(eve).waitFor();
    await card(luz, 'Eve').waitFor();
    await button(ann, 'Host').waitFor();
  });

  test('who is refused is told so', async () => {
    const kim = await open(link, 'Kim');
    await enter(kim);
    await button(ann, 'Refuse').click();
    await heading(kim, 'The host did not let you in').waitFor();
    await kim.context().close();
  });
});

describe('a locked meeting', () => {
  test('turns newcomers away at the door', async () => {
    await button(ann, 'Host').click();
    await choice(ann, 'Lock the meeting').click();
    await expect.poll(() => choice(ann, 'Lock the meeting').isChecked()).toBe(true);
    const kim = await openPage(browser, parley.url);
    await kim.goto(link);
    await heading(kim, 'This meeting is locked').waitFor();
    await kim.context().close();
  });

  test('takes back who reloads the page, as the same person', async () => {
    await eve.reload();
    await enter(eve);
    await inCall(eve).waitFor();
    await expect.poll(() => card(ann, 'Eve').count()).toBe(1);
  });

  test('goes on without who goes back; forward leads to the door and in again', async () => {
    await luz.goBack();
    // Whether the page could say goodbye depends on the browser.
    await expect
      .poll(async () => (await card(ann, 'Luz').allInnerTexts()).join())
      .toMatch(/^$|reconnecting/);
    await luz.goForward();
    await inCall(luz).waitFor();
    await card(ann, 'Luz').waitFor();
  });
});

test('in a second tab one takes the call over, and the first one says where it is', async () => {
  const second = await eve.context().newPage();
  await second.goto(link);
  await button(second, 'Move the call here').click();
  await inCall(second).waitFor();
  await heading(eve, 'The meeting goes on in another tab').waitFor();
  expect(await card(ann, 'Eve').count()).toBe(1);
  await eve.close();
  eve = second;
});

describe('the people', () => {
  test('who is muted by the host is told, and can unmute themselves', async () => {
    await button(panel(ann), 'Mute Luz').click();
    await luz.getByText('The host has muted you.').waitFor();
    await expect.poll(() => card(eve, 'Luz').innerText()).toContain('muted');
    await button(luz, 'Unmute').click();
    await expect.poll(() => card(eve, 'Luz').innerText()).not.toContain('muted');
    await button(panel(ann), 'Mute all').click();
    for (const name of ['Luz', 'Eve']) {
      await expect.poll(() => card(ann, name).innerText()).toContain('muted');
    }
  });

  test('who is removed sees why, and does not come back by reloading', async () => {
    await button(panel(ann), 'Remove Eve').click();
    await button(ann.getByRole('dialog', { name: 'Remove Eve?', exact: true }), 'Remove').click();
    await heading(eve, 'The host has removed you').waitFor();
    await card(luz, 'Eve').waitFor({ state: 'detached' });
    await eve.reload();
    await enter(eve);
    await heading(eve, 'You were removed from this meeting').waitFor();
    await eve.context().close();
  });

  test('the host hands over, and the panel with it', async () => {
    await button(panel(ann), 'Make Luz host').click();
    const dialog = ann.getByRole('dialog', { name: 'Make Luz the host?', exact: true });
    await button(dialog, 'Make host').click();
    await panel(ann).waitFor({ state: 'detached' });
    await button(luz, 'Host').click();
    expect(await choice(luz, 'Lock the meeting').isChecked()).toBe(true);
  });
});

test('the end is for everyone, and the link says so afterwards', async () => {
  await button(panel(luz), 'End for everyone…').click();
  const dialog = luz.getByRole('dialog', { name: 'End the meeting for everyone?', exact: true });
  await button(dialog, 'End for everyone').click();
  for (const page of [ann, luz]) await heading(page, 'The host has ended the meeting').waitFor();

  const late = await openPage(browser, parley.url);
  await late.goto(link);
  await heading(late, 'This meeting has ended').waitFor();

  // Ann made it, so her link opens it again.
  await button(ann, 'Open it again').click();
  await enter(ann);
  await inCall(ann).waitFor();
  await button(late, 'Try again').click();
  await nameField(late).fill('Kim');
  await enter(late);
  // The lobby that came with the removal is still on.
  await button(ann, 'Let in').click();
  await inCall(late).waitFor();
});
