import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, resize } from '../support/browser.ts';
import { focusOf, tabTo, type Focus } from '../support/keyboard.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { silence } from '../support/pcm.ts';
import { writeMicrophone } from '../support/speech.ts';

/** A meeting from the link to the end of it, without a pointer: Luz has nothing but a keyboard. */
const resources = new AsyncDisposableStack();
let parley: Parley;
let luz: Page;
/** What has had the focus so far. */
const way: Focus[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const quiet = joinPath(folder, 'quiet.wav');
  await writeMicrophone(quiet, silence(2_000, 16_000));
  parley = resources.use(await startParley());
  luz = await openPage(resources.use(await launchBrowser(quiet)), parley.url);
  await resize(luz, { width: 1280, height: 720 });
});
afterAll(() => resources.disposeAsync());

const button = (name: string): Locator => luz.getByRole('button', { name, exact: true });
const press = (...keys: readonly string[]): Promise<void> =>
  keys.reduce((before, key) => before.then(() => luz.keyboard.press(key)), Promise.resolve());
const focused = async (): Promise<string> => (await focusOf(luz)).name;

/** Goes there; resolves to the names on the way. */
async function goTo(name: string): Promise<readonly string[]> {
  const steps = await tabTo(luz, name);
  way.push(...steps);
  return steps.map((step) => step.name);
}

test('the link leads to the form; what is asked comes in the order in which it is read', async () => {
  await luz.goto(`${parley.url}/r/${await parley.createRoom()}`);
  await luz.getByRole('heading', { name: 'Join the meeting', exact: true }).waitFor();
  await goTo('Your name');
  await luz.keyboard.type('Luz');
  const order = await goTo('Join meeting');
  const asked = ['I speak', 'I hear', 'Microphone', 'Speaker', 'Test sound'];
  expect(order.filter((name) => asked.includes(name))).toEqual(asked);
});

test('Enter joins, and the focus is at the top of the call', async () => {
  await press('Enter');
  await button('Leave').waitFor();
  await expect.poll(focused).toBe('Meeting');
});

test('the microphone is muted and unmuted without leaving the button', async () => {
  await goTo('Mute');
  await press('Space');
  await expect.poll(focused).toBe('Unmute');
  await press('Space');
  await expect.poll(focused).toBe('Mute');
});

test('another language is chosen by the first letters of its name', async () => {
  await goTo('I hear');
  await luz.keyboard.type('Cat');
  const hear = luz.getByRole('combobox', { name: 'I hear', exact: true });
  await expect.poll(() => hear.inputValue()).toBe('ca');
});

test('a panel takes the focus, and Escape gives it back', async () => {
  await goTo('Chat');
  await press('Enter');
  const panel = luz.getByRole('complementary', { name: 'Chat', exact: true });
  await panel.waitFor();
  await expect
    .poll(() => panel.evaluate((element) => element.contains(document.activeElement)))
    .toBe(true);
  await press('Escape');
  await panel.waitFor({ state: 'detached' });
  expect(await focused()).toBe('Chat');
});

test('the settings keep the focus until they are closed, and return it to where it was', async () => {
  await goTo('More');
  await press('Enter');
  await goTo('Settings');
  await press('Enter');
  const dialog = luz.getByRole('dialog', { name: 'Settings', exact: true });
  await dialog.waitFor();
  await goTo('Microphone');
  await press('ArrowRight', 'ArrowRight');
  expect(await focused()).toBe('Sound');
  for (let step = 0; step < 15; step += 1) {
    await press('Tab');
    const outside = await dialog.evaluate(
      (element) =>
        document.activeElement !== document.body && !element.contains(document.activeElement),
    );
    expect(outside).toBe(false);
  }
  await press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await focused()).toBe('More');
});

test('leaving leads to a page that says so, and from there back in', async () => {
  await goTo('Leave');
  await press('Enter');
  await luz.getByRole('heading', { name: 'You left the meeting', exact: true }).waitFor();
  expect(await focused()).toBe('You left the meeting');
  await goTo('Rejoin');
});

test('all along it was seen where the focus was', () => {
  const lost = way.filter(({ name, marked, inSight }) => name !== '' && !(marked && inSight));
  expect(lost).toEqual([]);
});
