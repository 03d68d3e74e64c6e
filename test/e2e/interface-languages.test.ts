import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locales, readLocaleFrom } from '../../client/locale.ts';
import type { Locale } from '../../client/locale.ts';
import { loadMessages, m } from '../../client/paraglide/messages.js';
import { faults } from '../support/accessibility.ts';
import { launchBrowser, resize } from '../support/browser.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { silence } from '../support/pcm.ts';
import { writeMicrophone } from '../support/speech.ts';

/** The pages in the languages that the interface speaks, and from right to left. */
const WIDTHS = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
];

const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let room: string;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, silence(3_000, 16_000));
  parley = resources.use(await startParley());
  browser = resources.use(await launchBrowser(voice));
  room = `${parley.url}/r/${await parley.createRoom()}`;
  await Promise.all(locales.map(loadMessages));
});
afterAll(() => resources.disposeAsync());

/** A page of somebody whose browser is in this language. */
async function visitor(language: string): Promise<Page> {
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce' });
  await context.grantPermissions(['microphone'], { origin: parley.url });
  return context.newPage();
}

/** What something is called in a language. */
function named(locale: Locale, name: () => string): string {
  readLocaleFrom(() => locale);
  return name();
}

const button = (page: Page, locale: Locale, name: () => string) =>
  page.getByRole('button', { name: named(locale, name), exact: true });
const chooser = (page: Page, locale: Locale) =>
  page.getByRole('combobox', { name: named(locale, m.shared_interface_language), exact: true });

/** What does not fit: the page, or the words on a button. */
async function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const page = document.documentElement;
    const clipped = [...document.querySelectorAll<HTMLElement>('button, .button, summary, label')]
      .filter((element) => element.checkVisibility() && element.clientWidth > 1)
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => getComputedStyle(element).textOverflow !== 'ellipsis')
      .map((element) => `${element.textContent.trim()} (${String(element.scrollWidth)})`);
    return page.scrollWidth > innerWidth ? ['the page', ...clipped] : clipped;
  });
}

async function expectToFit(page: Page): Promise<void> {
  for (const size of WIDTHS) {
    await resize(page, size);
    expect.soft(await tooWide(page), `${page.url()} at ${String(size.width)}`).toEqual([]);
  }
}

async function enter(page: Page, locale: Locale): Promise<void> {
  await page.goto(room.replace('#', '?name=Ana&join=1&processing=off#'));
  await button(page, locale, m.call_leave).waitFor();
}

describe('the language of the interface', () => {
  test('is that of the browser, or English where Parley does not speak it', async () => {
    const page = await visitor('de-AT');
    await page.goto(parley.url);
    await button(page, 'de', m.home_new_meeting).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    const other = await visitor('ja');
    await other.goto(parley.url);
    await button(other, 'en', m.home_new_meeting).waitFor();
    await Promise.all([page, other].map((each) => each.context().close()));
  });

  test('is chosen in the call without leaving it, and remembered', async () => {
    const page = await visitor('en');
    await enter(page, 'en');
    await button(page, 'en', m.call_more).click();
    await button(page, 'en', m.settings_title).click();
    await chooser(page, 'en').selectOption({ label: 'Українська' });
    await page.getByRole('heading', { name: named('uk', m.settings_title), exact: true }).waitFor();
    expect(await page.title()).not.toContain('Meeting');
    await page.keyboard.press('Escape');
    await button(page, 'uk', m.call_leave).waitFor();
    await page.goto(parley.url);
    await button(page, 'uk', m.home_new_meeting).waitFor();
    await chooser(page, 'uk').selectOption('fr');
    await button(page, 'fr', m.home_new_meeting).waitFor();
    await page.reload();
    await button(page, 'fr', m.home_new_meeting).waitFor();
    await page.context().close();
  });
});

describe.each(locales)('in %s', (locale) => {
  test('everything fits, on a phone and on a wide screen', async () => {
    const page = await visitor(locale);
    for (const path of ['/', '/about', '/solo', '/solo/routing', '/nowhere']) {
      await page.goto(`${parley.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expectToFit(page);
    }
    await page.goto(room);
    await button(page, locale, m.prejoin_join).and(page.locator(':enabled')).waitFor();
    await expectToFit(page);
    await enter(page, locale);
    await expectToFit(page);
    await page.context().close();
  });
});

test('axe finds nothing in Russian', async () => {
  const page = await visitor('ru');
  await page.goto(parley.url);
  expect(await faults(page, 'home in Russian')).toEqual([]);
  await page.goto(room);
  await button(page, 'ru', m.prejoin_join).and(page.locator(':enabled')).waitFor();
  expect(await faults(page, 'before the call in Russian')).toEqual([]);
  await enter(page, 'ru');
  expect(await faults(page, 'the call in Russian')).toEqual([]);
  await page.context().close();
});

describe('from right to left', () => {
  let page: Page;
  const turn = () =>
    page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });

  beforeAll(async () => {
    page = await visitor('en');
  });

  test('"I speak" leads to "I hear" the other way, and the arrow with it', async () => {
    await page.goto(room);
    await button(page, 'en', m.prejoin_join).and(page.locator(':enabled')).waitFor();
    await turn();
    const at = async (name: string) => {
      const box = await page.getByRole('combobox', { name, exact: true }).boundingBox();
      return box?.x ?? 0;
    };
    expect(await at('I speak')).toBeGreaterThan(await at('I hear'));
    const arrow = page.locator('.arrow');
    expect(await arrow.evaluate((element) => getComputedStyle(element).scale)).toBe('-1 1');
    await expectToFit(page);
    expect(await faults(page, 'before the call from right to left')).toEqual([]);
  });

  test('nothing scrolls sideways', async () => {
    for (const path of ['/', '/solo', '/solo/routing']) {
      await page.goto(`${parley.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await turn();
      await expectToFit(page);
    }
    await enter(page, 'en');
    await turn();
    await expectToFit(page);
    expect(await faults(page, 'the call from right to left')).toEqual([]);
  });
});

test('a language is found by typing, and chosen', async () => {
  const page = await visitor('en');
  await page.goto(room);
  const hear = page.getByRole('combobox', { name: 'I hear', exact: true });
  const { x = 0, y = 0, width = 0, height = 0 } = (await hear.boundingBox()) ?? {};
  await page.mouse.click(x + width / 2, y + height / 2);
  const list = page.getByRole('dialog', { name: 'I hear', exact: true });
  await list.getByRole('searchbox', { name: 'Find a language', exact: true }).fill('germ');
  await list.getByRole('button', { name: /Deutsch/ }).waitFor();
  expect(await list.getByRole('listitem').count()).toBe(1);
  expect(await faults(page, 'a language that is looked for')).toEqual([]);
  await page.keyboard.press('Enter');
  await list.waitFor({ state: 'hidden' });
  expect(await hear.inputValue()).toBe('de');
  expect(await hear.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.context().close();
});
