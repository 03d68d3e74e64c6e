/// <reference lib="dom" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterByLink, joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { putEarOn } from '../support/ear.ts';
import type { Heard } from '../support/ear.ts';
import { startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** Ann speaks English, one sentence after the other; Luz hears Spanish. */
const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let ann: Page;
let luz: Page;
let room: string;
let heardByLuz: () => Promise<readonly Heard[]>;

const AUDIBLE = 0.01;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-controls-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0880').audio, silence(2_000, 16_000)));
  parley = resources.use(await startParley());
  browser = resources.use(await launchBrowser(voice));
  room = `${parley.url}/r/${await parley.createRoom()}`;
  luz = await joinByLink(browser, room, { name: 'Luz', speak: 'es', hear: 'es' });
  await luz.getByRole('button', { name: 'Mute', exact: true }).click();
  heardByLuz = await putEarOn(luz);
  ann = await openPage(browser, parley.url);
  // The last microphone the page has opened, so that it can be pulled out.
  await ann.addInitScript(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      Object.assign(window, { microphone: stream.getAudioTracks()[0] });
      return stream;
    };
  });
  await enterByLink(ann, room, { name: 'Ann', speak: 'en', hear: 'en' });
});

afterAll(() => resources.disposeAsync());

/** Opens the settings at one of their groups. */
async function settings(page: Page, group: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('tab', { name: group, exact: true }).click();
}

async function closeSettings(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor({ state: 'hidden' });
}

const slide = (page: Page, name: string, value: number) =>
  page.getByRole('slider', { name, exact: true }).fill(String(value));

const cardOf = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });

const linesOf = (page: Page, speaker: string, final: boolean) =>
  page
    .getByRole('log', { name: 'Captions', exact: true })
    .locator(`[data-speaker="${speaker}"][data-final="${final}"]`);

/** Waits for a moment that Luz hears from now on. */
async function luzHears(moment: (heard: Heard) => boolean): Promise<void> {
  const from = (await heardByLuz()).length;
  await expect
    .poll(async () => (await heardByLuz()).slice(from).some(moment), { timeout: 30_000 })
    .toBe(true);
}

/** Waits until something loud goes into Ann's microphone, and some of it is written down already. */
async function inMidSentence(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const meter = document.querySelector('[role=meter][aria-label="Microphone level"]');
    const loud = Number(meter?.getAttribute('aria-valuenow')) > 60;
    return loud && document.querySelector('[data-speaker="Ann"][data-final="false"]') !== null;
  });
}

describe('push to talk', () => {
  beforeAll(async () => {
    await settings(ann, 'Microphone');
    await ann.getByRole('switch', { name: 'Push to talk', exact: true }).click();
    await closeSettings(ann);
  });

  test('closes the microphone until the space bar is held', async () => {
    await ann.getByRole('button', { name: 'Hold to talk', exact: true }).waitFor();
    await cardOf(luz, 'Ann').getByText('muted').waitFor();
    await ann.getByRole('heading', { name: 'Meeting', exact: true }).focus();
    await ann.keyboard.down(' ');
    await ann.getByRole('button', { name: 'Speak now', exact: true }).waitFor();
    await expect.poll(() => cardOf(luz, 'Ann').innerText()).not.toContain('muted');
  });

  test('letting go ends the utterance without waiting for silence, and all have heard it', async () => {
    await inMidSentence(ann);
    const finished = await linesOf(luz, 'Ann', true).count();
    await ann.keyboard.up(' ');
    const releasedAt = performance.now();
    await expect
      .poll(() => linesOf(luz, 'Ann', true).count(), { timeout: 5_000, interval: 20 })
      .toBe(finished + 1);
    expect(performance.now() - releasedAt).toBeLessThan(2_000);
    expect(await linesOf(luz, 'Ann', false).count()).toBe(0);
    const note = ann.getByRole('status', { name: 'Your listeners', exact: true });
    await expect.poll(() => note.innerText(), { timeout: 20_000 }).toContain('still listening');
    await expect.poll(() => note.innerText(), { timeout: 20_000 }).toBe('Everyone has heard you');
  });

  test('works by a finger that slides off, and ends when the window loses the focus', async () => {
    const button = ann.getByRole('button', { name: 'Hold to talk', exact: true });
    const { x = 0, y = 0 } = (await button.boundingBox()) ?? {};
    await ann.mouse.move(x + 20, y + 20);
    await ann.mouse.down();
    const held = ann.getByRole('button', { name: 'Speak now', exact: true });
    await held.waitFor();
    await ann.mouse.move(x + 20, y - 300);
    expect(await held.count()).toBe(1);
    await ann.mouse.up();
    await button.waitFor();
    await ann.mouse.move(x + 20, y + 20);
    await ann.mouse.down();
    await held.waitFor();
    await ann.evaluate(() => window.dispatchEvent(new Event('blur')));
    await button.waitFor();
    await ann.mouse.up();
  });

  test('leaves the space bar to whatever has the focus', async () => {
    const more = ann.getByRole('button', { name: 'More', exact: true });
    await more.focus();
    await ann.keyboard.press(' ');
    await ann.getByRole('group', { name: 'More', exact: true }).waitFor();
    expect(await ann.getByRole('button', { name: 'Speak now', exact: true }).count()).toBe(0);
    await ann.keyboard.press('Escape');
  });

  test('ends with the microphone closed, to be opened as ever', async () => {
    await settings(ann, 'Microphone');
    await ann.getByRole('switch', { name: 'Push to talk', exact: true }).click();
    await closeSettings(ann);
    await ann.getByRole('button', { name: 'Unmute', exact: true }).click();
    await ann.getByRole('button', { name: 'Mute', exact: true }).waitFor();
  });
});

describe('while Ann speaks', () => {
  test('she sees how far behind Luz is', async () => {
    await expect
      .poll(() => cardOf(ann, 'Luz').innerText(), { timeout: 30_000 })
      .toMatch(/hears you in Español, \d\.\d s behind/);
  });

  test('Luz hears the original under the translation as loud as she wants', async () => {
    await settings(luz, 'Sound');
    await slide(luz, 'Original under the translation', 0.5);
    await closeSettings(luz);
    await luzHears(
      ({ translated, originalVolume }) => translated > AUDIBLE && originalVolume < 0.6,
    );
    const from = (await heardByLuz()).length;
    await luzHears(
      ({ translated, originalVolume }) => translated < AUDIBLE && originalVolume === 1,
    );
    const heard = (await heardByLuz()).slice(from);
    const under = heard.filter(({ originalVolume }) => originalVolume < 0.99);
    expect(Math.min(...under.map(({ originalVolume }) => originalVolume))).toBeCloseTo(0.5);
  });

  test('Luz turns Ann down, and up again', async () => {
    await luz.getByRole('button', { name: 'How you hear Ann', exact: true }).click();
    await slide(luz, 'Volume', 0);
    await luzHears(({ originalVolume }) => originalVolume === 0);
    await slide(luz, 'Volume', 1);
    await luzHears(({ originalVolume }) => originalVolume === 1);
  });

  test('Luz hears Ann always in the original, and translated again', async () => {
    const asIs = luz.getByRole('switch', { name: 'Always the original', exact: true });
    const translated = luz.locator('audio[data-track=translation]');
    await asIs.click();
    await translated.waitFor({ state: 'detached' });
    await cardOf(luz, 'Ann').getByText('· always the original').waitFor();
    await luz.locator('[role=log] [data-speaker="Ann"][lang="en"]').last().waitFor();
    await asIs.click();
    await translated.waitFor({ state: 'attached' });
    await luz.keyboard.press('Escape');
    await luzHears((moment) => moment.translated > AUDIBLE);
  });

  test('what is below the mark of her microphone is not translated', async () => {
    await settings(ann, 'Microphone');
    await slide(ann, 'Sensitivity', 1);
    await ann.getByText('Too quiet', { exact: true }).waitFor();
    await expect.poll(() => linesOf(luz, 'Ann', false).count(), { timeout: 10_000 }).toBe(0);
    await slide(ann, 'Sensitivity', 0);
    await closeSettings(ann);
    await linesOf(luz, 'Ann', false).first().waitFor({ timeout: 20_000 });
  });
});

describe('devices', () => {
  test('another microphone is sent at once, and one that is pulled out is replaced', async () => {
    await settings(ann, 'Microphone');
    const select = ann.getByRole('combobox', { name: 'Microphone', exact: true });
    await select.selectOption({ index: 1 });
    const label = await select.locator('option').nth(1).innerText();
    await expect.poll(() => microphone(ann), { timeout: 10_000 }).toBe(label);
    await closeSettings(ann);
    await luzHears(({ original }) => original > 0.02);
    await ann.evaluate(() => {
      const { microphone: track } = window as Window & { microphone?: MediaStreamTrack };
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
    });
    await ann
      .getByRole('alert')
      .filter({ hasText: `“${label}” is gone` })
      .waitFor();
    await luzHears(({ original }) => original > 0.02);
  });

  test('noise suppression takes effect on the open microphone and is remembered', async () => {
    await settings(ann, 'Microphone');
    const suppression = () =>
      ann.evaluate(() => {
        const { microphone: track } = window as Window & { microphone?: MediaStreamTrack };
        return track?.getSettings().noiseSuppression;
      });
    expect(await suppression()).toBe(false);
    await ann.getByRole('switch', { name: 'Noise suppression', exact: true }).click();
    await expect.poll(suppression).toBe(true);
    const saved = await ann.evaluate(() => localStorage.getItem('parley.sound'));
    expect(saved).toContain('"noiseSuppression":true');
    await closeSettings(ann);
    await luzHears(({ original }) => original > 0.02);
  });

  test('where the volume of elements is fixed, as on iOS, a gain node turns the original down', async () => {
    const eva = await openPage(browser, parley.url);
    await eva.addInitScript(() => {
      const gains: GainNode[] = [];
      Object.assign(window, { gains });
      Object.defineProperty(HTMLMediaElement.prototype, 'volume', {
        get: () => 1,
        set: () => null,
      });
      window.GainNode = class extends GainNode {
        constructor(context: BaseAudioContext, options?: GainOptions) {
          super(context, options);
          gains.push(this);
        }
      };
    });
    await enterByLink(eva, room, { name: 'Eva', speak: 'es', hear: 'es' });
    const gains = () =>
      eva.evaluate(() =>
        ((window as Window & { gains?: GainNode[] }).gains ?? []).map(({ gain }) => gain.value),
      );
    await expect
      .poll(async () => Math.min(1, ...(await gains())), { timeout: 30_000, interval: 50 })
      .toBeCloseTo(0.15);
    const muted = await eva
      .locator('audio')
      .evaluateAll((elements) =>
        elements.every((element) => element.matches('audio') && element.muted),
      );
    expect(muted).toBe(true);
    await eva.context().close();
  });
});

test('a click beside the settings closes them, and one in them does not', async () => {
  await settings(luz, 'Sound');
  const dialog = luz.getByRole('dialog', { name: 'Settings', exact: true });
  await dialog.getByRole('heading', { name: 'Settings', exact: true }).click();
  expect(await dialog.isVisible()).toBe(true);
  await luz.mouse.click(5, 5);
  await dialog.waitFor({ state: 'hidden' });
});

test('a connection that loses packets is told to the others in words', async () => {
  const bob = await openPage(browser, parley.url);
  const devtools = await bob.context().newCDPSession(bob);
  await devtools.send('Network.enable');
  const throughput = { downloadThroughput: -1, uploadThroughput: -1 };
  const conditions = { urlPattern: '', latency: 0, packetLoss: 30, packetQueueLength: 0 };
  await devtools.send('Network.emulateNetworkConditionsByRule', {
    offline: false,
    matchedNetworkConditions: [{ ...conditions, ...throughput, packetReordering: false }],
  });
  await enterByLink(bob, room, { name: 'Bob', speak: 'en', hear: 'en' });
  await cardOf(luz, 'Bob')
    .getByText(/(weak|poor) connection/)
    .waitFor({ timeout: 30_000 });
});

const microphone = (page: Page) =>
  page.evaluate(() => (window as Window & { microphone?: MediaStreamTrack }).microphone?.label);
