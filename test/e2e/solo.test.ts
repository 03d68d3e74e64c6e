/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { apertium } from '../support/command-line.ts';
import { putEarOn, type Heard } from '../support/ear.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';
import { wordErrorRate } from '../support/word-errors.ts';

const TAB_TITLE = 'A talk in English';
const AUDIBLE = 0.02;

/** Everything that a page has opened which may hear or send something. */
interface Opened {
  readonly tracks: readonly MediaStreamTrack[];
  readonly sockets: readonly WebSocket[];
  readonly connections: readonly RTCPeerConnection[];
}

const spoken = sentence('0880');
const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let voice: string;
let page: Page;
let heard: () => Promise<readonly Heard[]>;
/** How often something was stopped. */
let ended = 0;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-solo-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(spoken.audio, silence(3_000, 16_000)));
  // Starting is agreeing: nothing else is asked here.
  parley = resources.use(await startParley({ PARLEY_CONSENT_REQUIRED: '1' }));
  const more = [`--auto-select-tab-capture-source-by-title=${TAB_TITLE}`];
  browser = resources.use(await launchBrowser(voice, { more }));
  page = await openPage(browser, parley.url);
  await page.addInitScript(keepWatch);
  // Without echo cancellation and the like, as the other stories do by their links.
  await page.addInitScript(() => {
    const processing = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    localStorage.setItem('parley.sound', JSON.stringify(processing));
  });
  await page.goto(parley.url);
  await page.getByRole('link', { name: 'translate for yourself' }).click();
  await page.getByRole('heading', { name: 'Translate for yourself' }).waitFor();
});

afterAll(() => resources.disposeAsync());

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const choice = (name: string): Locator => page.getByRole('combobox', { name, exact: true });
const progress = (): Locator => page.getByRole('status', { name: 'Translation', exact: true });
const figure = (name: string): Locator =>
  page.locator('dl > div').filter({ hasText: name }).locator('dd');
const finished = (language: string): Locator =>
  page
    .getByRole('log', { name: 'Captions', exact: true })
    .locator('[data-final=true]')
    .filter({ has: page.locator(`[data-part=text][lang=${language}]`) });

async function hearsTranslation(): Promise<void> {
  const from = (await heard()).length;
  const loud = ({ translated }: Heard): boolean => translated > AUDIBLE;
  await expect
    .poll(async () => (await heard()).slice(from).some(loud), { timeout: 40_000 })
    .toBe(true);
}

describe('with a microphone', () => {
  test('a pair that is not possible says what is, and does not start', async () => {
    await choice('From').selectOption('en');
    await choice('To').selectOption('pl');
    await page.getByText(/Not into Polski here\. From English it goes into .*Español/).waitFor();
    expect(await button('Start').isDisabled()).toBe(true);
    await choice('To').selectOption('es');
    await expect.poll(() => button('Start').isEnabled()).toBe(true);
  });

  test('one hears oneself in the other language, and not as one is', async () => {
    await button('Start').click();
    await button('Stop').waitFor();
    heard = await putEarOn(page);
    await hearsTranslation();
    expect(await page.locator('audio[data-track=original]').count()).toBe(0);
  });

  test('both texts are there: what was said, and what is made of it', async () => {
    await finished('es').first().waitFor({ timeout: 40_000 });
    // The first one may begin in the middle of the sentence.
    const said = finished('es').locator('[data-part=original]');
    const errors = async () =>
      (await said.allInnerTexts()).map((text) => wordErrorRate(spoken.words, text));
    await expect
      .poll(async () => Math.min(...(await errors())), { timeout: 40_000 })
      .toBeLessThan(0.5);
    const words = (await said.first().innerText()).trim();
    const translation = await finished('es').first().locator('[data-part=text]').innerText();
    expect(translation.trim()).toBe(apertium('eng-spa', words).replace(/\s+/g, ' '));
  });

  test('the delay and the queue are shown', async () => {
    await expect
      .poll(() => figure('Delay').innerText(), { timeout: 40_000 })
      .toMatch(/^\d+\.\d s$/);
    await expect
      .poll(() => figure('Queue').innerText(), { timeout: 10_000 })
      .toMatch(/^(empty|\d.*(speech|voice))$/);
  });

  test('the voice comes out of the output that is chosen', async () => {
    const output = choice('Translated voice on');
    await output.selectOption({ index: 2 });
    const sink = () => page.locator('audio[data-track=translation]').first();
    await expect
      .poll(() => sink().evaluate((element: HTMLAudioElement) => element.sinkId))
      .toBe(await output.inputValue());
    await output.selectOption({ index: 0 });
  });

  test('another language takes effect while it runs', async () => {
    await choice('To').selectOption('ca');
    await page
      .locator('audio[data-track=translation][data-lang=ca]')
      .waitFor({ state: 'attached' });
    await finished('ca').first().waitFor({ timeout: 40_000 });
  });

  test('push to talk listens only while the space bar is held', async () => {
    await page.getByRole('switch', { name: 'Push to talk' }).check();
    await button('Hold to talk').waitFor();
    await expect.poll(() => progress().innerText(), { timeout: 30_000 }).toBe('Not listening');
    await page.getByRole('heading', { name: 'Translate for yourself' }).focus();
    await page.keyboard.down(' ');
    await button('Speak now').waitFor();
    await expect.poll(() => progress().innerText()).not.toBe('Not listening');
    await page.keyboard.up(' ');
    await button('Hold to talk').waitFor();
    await page.getByRole('switch', { name: 'Push to talk' }).uncheck();
  });

  test('stopping leaves nothing behind, here and on the server', leavesNothing);
});

describe('with a tab', () => {
  test('nothing starts before one is chosen', async () => {
    await page.getByRole('radio', { name: 'Tab or system' }).check();
    await choice('To').selectOption('es');
    await button('Start').click();
    await page.getByRole('alert').filter({ hasText: 'Choose a tab first.' }).waitFor();
  });

  test('it is heard translated, with the original as soft as one likes', async () => {
    await talkBeside(page, voice);
    await page
      .getByRole('switch', { name: 'Don’t play the tab on this computer meanwhile' })
      .check();
    await button('Choose a tab').click();
    await page.getByRole('slider', { name: 'Volume of the original' }).fill('0.1');
    await button('Start').click();
    await button('Stop').waitFor();
    await hearsTranslation();
    // It is the same meeting, and nothing of before is in it.
    expect(await parley.metric('parley_server_rooms')).toBe(1);
    expect(await finished('ca').count()).toBe(0);
    const original = page.locator('audio:not([data-track])');
    expect(await original.evaluate((element: HTMLAudioElement) => element.volume)).toBe(0.1);
    expect(await original.evaluate((element: HTMLAudioElement) => element.paused)).toBe(false);
    // Nothing of the microphone goes along.
    expect(await button('Mute').count()).toBe(0);
  });

  test('stopping leaves nothing behind here either', leavesNothing);
});

test('without permission for the microphone it says what to do, and does not start', async () => {
  const context = await browser.newContext();
  await context.grantPermissions([]);
  const refused = await context.newPage();
  await refused.goto(`${parley.url}/solo`);
  const help = refused.getByRole('alert').filter({ hasText: 'microphone' });
  await help.waitFor();
  expect(await help.innerText()).not.toContain('listener');
  const start = refused.getByRole('button', { name: 'Start', exact: true });
  await expect.poll(() => start.isEnabled()).toBe(true);
  await start.click();
  await help.waitFor();
  expect(await refused.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
  await context.close();
});

test('how to reach another meeting program is one link away', async () => {
  const [guide] = await Promise.all([
    page.context().waitForEvent('page'),
    page
      .getByRole('link', { name: 'How to set up a virtual cable' })
      .click({ modifiers: ['Control'] }),
  ]);
  await guide.getByRole('heading', { name: 'Use it in another meeting program' }).waitFor();
  expect(await guide.locator('details[open]').innerText()).toContain('pactl load-module');
  await guide.close();
});

test('closing the page ends it on the server, too', async () => {
  await page.getByRole('radio', { name: 'Microphone' }).check();
  await button('Start').click();
  await page.getByRole('status', { name: 'Connection' }).getByText('Connected').waitFor();
  await page.close();
  await nothingOnTheServer();
});

async function leavesNothing(): Promise<void> {
  await button('Stop').click();
  await button('Start').waitFor();
  expect(await stillOpen(page)).toEqual({ tracks: 0, sockets: 0, connections: 0 });
  expect(await page.locator('audio').count()).toBe(0);
  await nothingOnTheServer();
}

async function nothingOnTheServer(): Promise<void> {
  ended += 1;
  const endings = () => parley.output().split('ended by a host').length - 1;
  await expect.poll(endings, { timeout: 10_000 }).toBe(ended);
  for (const gauge of ['routers', 'transports', 'producers', 'consumers']) {
    await expect.poll(() => parley.metric(`parley_server_${gauge}`), { timeout: 10_000 }).toBe(0);
  }
}

/** Runs in the page, before it does anything. */
function keepWatch(): void {
  const tracks: MediaStreamTrack[] = [];
  const sockets: WebSocket[] = [];
  const connections: RTCPeerConnection[] = [];
  const { mediaDevices } = navigator;
  const microphone = mediaDevices.getUserMedia.bind(mediaDevices);
  const display = mediaDevices.getDisplayMedia.bind(mediaDevices);
  const noted = (stream: MediaStream): MediaStream => {
    tracks.push(...stream.getTracks());
    return stream;
  };
  mediaDevices.getUserMedia = async (wanted) => noted(await microphone(wanted));
  mediaDevices.getDisplayMedia = async (wanted) => noted(await display(wanted));
  window.WebSocket = class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      sockets.push(this);
    }
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given: ConstructorParameters<typeof RTCPeerConnection>) {
      super(...given);
      connections.push(this);
    }
  };
  Object.assign(window, { opened: { tracks, sockets, connections } });
}

/** How much of what the page has opened is open; at first some of it must have been opened. */
function stillOpen(of: Page): Promise<Record<keyof Opened, number>> {
  return of.evaluate(() => {
    const { opened } = window as Window & { opened?: Opened };
    if (opened === undefined || opened.tracks.length * opened.sockets.length === 0) {
      throw new Error('nothing was ever open');
    }
    return {
      tracks: opened.tracks.filter(({ readyState }) => readyState === 'live').length,
      sockets: opened.sockets.filter(({ readyState }) => readyState < WebSocket.CLOSING).length,
      connections: opened.connections.filter(({ connectionState }) => connectionState !== 'closed')
        .length,
    };
  });
}

/** Another tab beside a page, in which somebody speaks, again and again. */
async function talkBeside(beside: Page, wav: string): Promise<void> {
  const talk = await beside.context().newPage();
  const sound = `data:audio/wav;base64,${readFileSync(wav).toString('base64')}`;
  await talk.setContent(`<title>${TAB_TITLE}</title><button>Play</button><audio loop></audio>`);
  await talk.evaluate((src) => {
    const player = document.querySelector('audio');
    if (player === null) return;
    player.src = src;
    document.querySelector('button')?.addEventListener('click', () => void player.play());
  }, sound);
  await talk.getByRole('button', { name: 'Play' }).click();
  await beside.bringToFront();
}
