import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinByLink, launchBrowser } from '../support/browser.ts';
import { apertium } from '../support/command-line.ts';
import { putEarOn } from '../support/ear.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** What people say and show without speaking: Ann, the host, in English; Luz reads Spanish. */
const resources = new AsyncDisposableStack();
let parley: Parley;
let ann: Page;
let luz: Page;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  const nothing = joinPath(folder, 'nothing.wav');
  const spoken = sentence('0880').audio;
  await writeMicrophone(voice, join(silence(1_000, 16_000), spoken, silence(4_000, 16_000)));
  await writeMicrophone(nothing, silence(2_000, 16_000));
  parley = resources.use(await startParley());
  const speaking: Browser = resources.use(await launchBrowser(voice));
  const listening: Browser = resources.use(await launchBrowser(nothing));
  const response = await fetch(`${parley.url}/api/rooms`, { method: 'POST' });
  const { roomId, hostKey, guestKey } = (await response.json()) as Record<string, string>;
  const link = (key = '') => `${parley.url}/r/${roomId ?? ''}#k=${key}`;
  luz = await joinByLink(listening, link(guestKey), { name: 'Luz', speak: 'es', hear: 'es' });
  ann = await joinByLink(speaking, link(hostKey), { name: 'Ann', speak: 'en', hear: 'en' });
});
afterAll(() => resources.disposeAsync());

const button = (where: Page | Locator, name: string): Locator =>
  where.getByRole('button', { name, exact: true });
const panel = (page: Page, name: string): Locator =>
  page.getByRole('complementary', { name, exact: true });
const messages = (page: Page): Locator =>
  page.getByRole('log', { name: 'Chat messages', exact: true }).getByRole('article');
const card = (page: Page, name: string): Locator =>
  page
    .getByRole('list', { name: 'Participants', exact: true })
    .getByRole('listitem')
    .filter({ hasText: name });
const part = (where: Locator, name: string): Locator => where.locator(`[data-part="${name}"]`);

async function write(page: Page, text: string): Promise<void> {
  const field = panel(page, 'Chat').getByRole('textbox', { name: 'Message', exact: true });
  await field.fill(text);
  await field.press('Enter');
  await expect.poll(() => field.inputValue()).toBe('');
}

describe('the chat', () => {
  const text = 'The green house is very big.';

  test('brings a message to each in their language, and counts it until it is read', async () => {
    await button(ann, 'Chat').click();
    await write(ann, text);
    await button(luz, 'Chat, 1 unread').click();
    const message = messages(luz).first();
    await expect.poll(() => part(message, 'text').innerText()).toBe(apertium('eng-spa', text));
    expect(await part(message, 'text').getAttribute('lang')).toBe('es');
    await button(luz, 'Chat').waitFor();
  });

  test('shows the original on a click, and nothing of it is anything but text', async () => {
    const original = part(messages(luz).first(), 'original');
    expect(await original.count()).toBe(0);
    await messages(luz).first().getByRole('button').click();
    expect(await original.innerText()).toBe(text);
    const unruly = '<img src=x onerror=alert(1)> https://example.org \u202eabc';
    await write(luz, unruly);
    await expect.poll(() => messages(ann).count()).toBe(2);
    expect(await messages(ann).nth(1).locator('img, a').count()).toBe(0);
    expect(await messages(luz).nth(1).innerText()).toContain(unruly);
  });

  test('keeps line breaks made with Shift+Enter, and a draft while it is closed', async () => {
    const field = panel(ann, 'Chat').getByRole('textbox', { name: 'Message', exact: true });
    await field.pressSequentially('one');
    await field.press('Shift+Enter');
    await field.pressSequentially('two');
    await ann.keyboard.press('Escape');
    await panel(ann, 'Chat').waitFor({ state: 'detached' });
    await button(ann, 'Chat').click();
    expect(await field.inputValue()).toBe('one\ntwo');
    await field.press('Enter');
    await expect.poll(async () => (await messages(luz).allInnerTexts()).at(-1)).toMatch(/\w+\n\w+/);
    await button(panel(luz, 'Chat'), 'Close').click();
    await button(panel(ann, 'Chat'), 'Close').click();
  });
});

describe('gestures', () => {
  test('a raised hand is seen and told, and the host lowers it', async () => {
    await button(luz, 'React').click();
    await button(luz, 'Raise hand').click();
    await luz.keyboard.press('Escape');
    const hand = card(ann, 'Luz').getByRole('img', { name: 'Hand raised, number 1' });
    await hand.waitFor();
    await ann
      .getByRole('status')
      .getByText('Luz has raised their hand.')
      .waitFor({ state: 'attached' });
    await button(ann, 'Host').click();
    await button(panel(ann, 'Host'), 'Lower the hand of Luz').click();
    await hand.waitFor({ state: 'detached' });
    await expect.poll(() => button(luz, 'React').count()).toBe(1);
    await button(panel(ann, 'Host'), 'Close').click();
  });

  test('a reaction is shown at the card of whoever it comes from, for a while', async () => {
    await button(luz, 'React').click();
    await button(luz, 'Applause').click();
    await luz.keyboard.press('Escape');
    const sign = card(ann, 'Luz').getByRole('img', { name: 'Applause', exact: true });
    await sign.waitFor();
    await sign.waitFor({ state: 'detached', timeout: 10_000 });
  });
});

describe('a line that its speaker says differently', () => {
  test('is translated and spoken again, and takes the place of what others had', async () => {
    const said = luz
      .getByRole('log', { name: 'Captions', exact: true })
      .locator('[data-speaker="Ann"][data-final="true"][lang="es"]');
    await said.first().waitFor({ timeout: 40_000 });
    await button(ann, 'Mute').click();
    const state = () => card(luz, 'Ann').innerText();
    await expect.poll(state, { timeout: 30_000 }).not.toMatch(/interpreting…|\d s\b/);
    const heard = await putEarOn(luz);
    const words = 'We meet on Monday morning at the station.';
    const own = ann
      .getByRole('log', { name: 'Captions', exact: true })
      .getByRole('article')
      .first();
    await button(own, 'Say that differently').click();
    const field = own.getByRole('textbox', { name: 'What you meant to say', exact: true });
    await field.fill(words);
    const from = (await heard()).length;
    await field.press('Enter');

    const expected = apertium('eng-spa', words);
    await expect.poll(() => part(said.first(), 'text').innerText()).toBe(expected);
    await part(said.first(), 'corrected').waitFor();
    expect(await part(own, 'text').innerText()).toBe(words);
    await expect
      .poll(async () => (await heard()).slice(from).some(({ translated }) => translated > 0.02), {
        timeout: 20_000,
      })
      .toBe(true);
  });

  test('is what the record of the other has', async () => {
    await button(luz, 'More').click();
    await button(luz, 'Record').click();
    const line = panel(luz, 'Record').getByRole('article').first();
    expect(await part(line, 'original').innerText()).toContain('Monday');
    expect(await line.getByText('corrected', { exact: true }).count()).toBe(1);
  });
});
