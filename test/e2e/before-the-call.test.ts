import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { putEarOn, type Heard } from '../support/ear.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

const TAB_TITLE = 'A talk in English';
const AUDIBLE = 0.02;
const SOON = { timeout: 10_000 };

const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let voice: string;
let room: string;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0880').audio, silence(2_000, 16_000)));
  parley = resources.use(await startParley({ PARLEY_CONSENT_REQUIRED: '1' }));
  const more = [`--auto-select-tab-capture-source-by-title=${TAB_TITLE}`];
  browser = resources.use(await launchBrowser(voice, { more }));
  room = `${parley.url}/r/${await parley.createRoom()}`;
});

afterAll(() => resources.disposeAsync());

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });

const answer = (page: Page, name: string): Locator =>
  page
    .getByRole('group', { name: 'May the machine translate what you say?' })
    .getByRole('radio', { name, exact: true });

/** Opens the link and fills in who one is; what else there is to choose is left. */
async function arrive(page: Page, name: string, speak: string, hear: string): Promise<void> {
  const wish = new URLSearchParams({ name, speak, hear, processing: 'off' });
  await page.goto(`${room}?${wish.toString()}`);
  await page.getByRole('heading', { name: 'Join the meeting' }).waitFor();
}

async function enter(page: Page): Promise<void> {
  await button(page, 'Join meeting').click();
  await button(page, 'Leave').waitFor();
}

/** What the card of somebody says, as this page shows it. */
function cardOf(page: Page, name: string): Promise<string> {
  return page
    .getByRole('list', { name: 'Participants', exact: true })
    .getByRole('listitem')
    .filter({ hasText: name })
    .innerText();
}

const linesOf = (page: Page, name: string): Locator =>
  page.getByRole('log', { name: 'Captions', exact: true }).locator(`[data-speaker="${name}"]`);

describe('Luz may not use the microphone; Ann does not agree; Bob shares a tab', () => {
  let luz: Page;
  let ann: Page;
  let bob: Page;
  let talk: Page;
  let heardByLuz: () => Promise<readonly Heard[]>;

  test('Luz is told how to undo it in this browser, and joins as a listener', async () => {
    const context = await browser.newContext();
    await context.grantPermissions([]);
    luz = await context.newPage();
    await arrive(luz, 'Luz', 'es', 'es');
    await luz.getByText('Choose the icon left of the address').waitFor();
    await luz.getByText('You join as a listener.').waitFor();
    await answer(luz, 'Yes, translate me').check();
    await enter(luz);
    expect(await cardOf(luz, 'You')).toContain('listening only');
    heardByLuz = await putEarOn(luz);
  });

  test('Ann learns that her connection is good, and what happens to her words', async () => {
    ann = await openPage(browser, parley.url);
    await arrive(ann, 'Ann', 'en', 'en');
    const check = ann.getByRole('status', { name: 'Connection check' });
    await expect
      .poll(() => check.innerText(), { timeout: 10_000 })
      .toMatch(/^Good connection: direct, \d+ ms\.$/);
    await ann.getByText('What happens to what I say').click();
    await ann.getByText('not encrypted from end to end').waitFor();
    await expect.poll(() => parley.metric('parley_server_probes'), { timeout: 5_000 }).toBe(0);
  });

  test('a link does not agree for her, and she cannot join without an answer', async () => {
    await ann.goto(`${room}?name=Ann&speak=en&hear=en&join=1&processing=off`);
    await button(ann, 'Join meeting').click();
    await ann.getByRole('alert').filter({ hasText: 'Choose yes or no' }).waitFor();
    await answer(ann, 'No, as I am').check();
    await enter(ann);
  });

  test('who refuses is heard as they are, and none of their words is written down', async () => {
    await expect.poll(() => cardOf(luz, 'Ann'), SOON).toContain('not translated');
    expect(await cardOf(ann, 'You')).toContain('not translated');
    await expect.poll(spoken(heardByLuz), { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(await luz.locator('audio[data-track=translation]').count()).toBe(0);
    expect(await linesOf(luz, 'Ann').count()).toBe(0);
    expect(await linesOf(ann, 'Ann').count()).toBe(0);
  });

  test('who agrees later is translated from then on', async () => {
    await button(ann, 'More').click();
    await button(ann, 'Settings').click();
    await ann.getByRole('tab', { name: 'Translation', exact: true }).click();
    await ann.getByRole('switch', { name: 'Translate what I say' }).check();
    await button(ann, 'Close').click();
    await linesOf(luz, 'Ann').first().waitFor({ timeout: 20_000 });
    expect(await cardOf(luz, 'Ann')).not.toContain('not translated');
    await button(ann, 'Leave').click();
  });

  test('Bob is told what his browser can share, and shares the sound of a tab alone', async () => {
    bob = await openPage(browser, parley.url);
    talk = await talkBeside(bob, voice);
    await arrive(bob, 'Bob', 'en', 'en');
    await button(bob, 'Share the sound of a tab instead').click();
    expect(await bob.getByRole('radio', { name: 'Tab sound' }).isChecked()).toBe(true);
    await bob.getByText('leave “Also share tab audio” on').waitFor();
    await answer(bob, 'Yes, translate me').check();
    await button(bob, 'Join meeting').click();
    await bob.getByRole('alert').filter({ hasText: 'Choose a tab first' }).waitFor();
    await withoutSound(bob, async () => {
      await button(bob, 'Choose a tab').click();
      await bob.getByRole('alert').filter({ hasText: 'It came without its sound.' }).waitFor();
    });
    await button(bob, 'Choose again').click();
    const level = bob.getByRole('meter', { name: 'Level of the tab' });
    await expect
      .poll(async () => Number(await level.getAttribute('aria-valuenow')), { timeout: 10_000 })
      .toBeGreaterThan(20);
    await enter(bob);
    expect(await bob.getByRole('button', { name: 'Unmute', exact: true }).count()).toBe(1);
  });

  test('Luz hears what is said in the tab in her language', async () => {
    const from = (await heardByLuz()).length;
    await expect.poll(() => cardOf(luz, 'Bob'), SOON).toContain('shares sound');
    await linesOf(luz, 'Bob').and(luz.locator('[lang=es]')).first().waitFor({ timeout: 30_000 });
    await expect
      .poll(async () => loudest((await heardByLuz()).slice(from), 'translated'), {
        timeout: 20_000,
      })
      .toBeGreaterThan(AUDIBLE);
  });

  test('Bob is told when the tab is gone, shares it again in the call, and stops', async () => {
    await talk.close();
    await bob.getByRole('alert').filter({ hasText: 'The tab is no longer shared.' }).waitFor();
    await expect.poll(() => cardOf(luz, 'Bob'), SOON).toContain('listening only');
    await talkBeside(bob, voice);
    await button(bob, 'More').click();
    await button(bob, 'Share tab sound').click();
    await button(bob, 'Choose again').click();
    await expect.poll(() => cardOf(luz, 'Bob'), SOON).toContain('shares sound');
    await button(bob, 'Stop sharing').click();
    await expect.poll(() => cardOf(luz, 'Bob'), SOON).toContain('listening only');
  });
});

test('a microphone that picks nothing up is noticed before the call, and in it', async () => {
  const page = await openPage(browser, parley.url);
  await page.addInitScript(() => {
    // As one that is muted on the device.
    const silent = () => Promise.resolve(new AudioContext().createMediaStreamDestination().stream);
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: silent });
  });
  await arrive(page, 'Max', 'en', 'en');
  await answer(page, 'No, as I am').check();
  await page.getByRole('heading', { name: 'Join the meeting' }).click();
  const told = page.getByText('We can’t hear your microphone.');
  await told.waitFor({ timeout: 15_000 });
  await enter(page);
  await told.waitFor();
  await button(page, 'Mute').click();
  await told.waitFor({ state: 'detached' });
});

test('the page about Parley names what runs here, and whose work it is', async () => {
  const page = await openPage(browser, parley.url);
  await page.goto(parley.url);
  await page.getByRole('link', { name: 'About Parley' }).click();
  await page.getByRole('heading', { name: 'About Parley' }).waitFor();
  const canary = page.getByRole('listitem').filter({ hasText: 'Canary 1B v2' });
  expect(await canary.innerText()).toMatch(/by NVIDIA · CC-BY-4\.0\s· converted/);
  const running = page.getByRole('listitem').filter({ hasText: 'running here' });
  await expect.poll(() => running.count()).toBeGreaterThan(0);
});

const loudest = (heard: readonly Heard[], of: 'original' | 'translated'): number =>
  Math.max(0, ...heard.map((moment) => moment[of]));

/** How often original speech was heard that then ended for a second. */
function spoken(heard: () => Promise<readonly Heard[]>): () => Promise<number> {
  return async () => {
    let ends = 0;
    let lastLoud: number | undefined;
    for (const { at, original } of await heard()) {
      if (original > AUDIBLE) lastLoud = at;
      else if (lastLoud !== undefined && at - lastLoud > 1_000) {
        ends += 1;
        lastLoud = undefined;
      }
    }
    return ends;
  };
}

/** Meanwhile the browser's dialog gives a picture alone, as when its tick for sound is not set. */
async function withoutSound(page: Page, meanwhile: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const picture = () => Promise.resolve(document.createElement('canvas').captureStream());
    Object.defineProperty(navigator.mediaDevices, 'getDisplayMedia', {
      value: picture,
      configurable: true,
    });
  });
  await meanwhile();
  await page.evaluate(() => Reflect.deleteProperty(navigator.mediaDevices, 'getDisplayMedia'));
}

/** Another tab beside a page, in which somebody speaks, again and again. */
async function talkBeside(page: Page, wav: string): Promise<Page> {
  const talk = await page.context().newPage();
  const sound = `data:audio/wav;base64,${readFileSync(wav).toString('base64')}`;
  await talk.setContent(`<title>${TAB_TITLE}</title><button>Play</button><audio loop></audio>`);
  await talk.evaluate((src) => {
    const player = document.querySelector('audio');
    if (player === null) return;
    player.src = src;
    document.querySelector('button')?.addEventListener('click', () => void player.play());
  }, sound);
  await talk.getByRole('button', { name: 'Play' }).click();
  await page.bringToFront();
  return talk;
}
