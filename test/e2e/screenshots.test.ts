/// <reference lib="dom" />
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterByLink, launchBrowser, openPage, resize } from '../support/browser.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/**
 * Pictures of the pages people see first, and of a call of three who hear three languages: to be
 * looked at. In test/.artifacts, or with SCREENSHOTS=1 in docs/screenshots, where the README shows
 * them.
 */
const REPOSITORY = joinPath(import.meta.dirname, '../..');
const folder = joinPath(
  REPOSITORY,
  process.env['SCREENSHOTS'] === undefined ? 'test/.artifacts/screenshots' : 'docs/screenshots',
);
const looks = [
  { name: 'desktop', size: { width: 1280, height: 800 }, colorScheme: 'light' },
  { name: 'dark', size: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { name: 'phone', size: { width: 360, height: 740 }, colorScheme: 'light' },
] as const;
/** A page of one colour, as PNG, is a fifth of this. */
const WITH_WORDS = 10_000;

const resources = new AsyncDisposableStack();
let parley: Parley;
let link: string;
/** Hears Spanish; it is her screen that is seen. */
let luz: Page;

beforeAll(async () => {
  const temporary = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(temporary, { recursive: true, force: true }));
  await mkdir(folder, { recursive: true });
  const microphone = async (name: string, ...parts: readonly Float32Array[]) => {
    const path = joinPath(temporary, `${name}.wav`);
    await writeMicrophone(path, join(...parts));
    return resources.use(await launchBrowser(path));
  };
  const pause = (ms: number) => silence(ms, 16_000);
  // One after the other: Ann, Marc, Ann.
  const [ofAnn, ofMarc, ofLuz] = await Promise.all([
    microphone('ann', pause(1_000), sentence('0880').audio, pause(8_000)),
    microphone('marc', pause(5_500), sentence('0930').audio, pause(5_000)),
    microphone('luz', pause(2_000)),
  ]);
  parley = resources.use(await startParley());
  link = `${parley.url}/r/${await parley.createRoom()}`;
  luz = await openPage(ofLuz, parley.url);
  await luz.goto(parley.url);
  for (const [browser, visit] of [
    [ofAnn, { name: 'Ann', speak: 'en', hear: 'en' }],
    [ofMarc, { name: 'Marc', speak: 'en', hear: 'ca' }],
  ] as const) {
    await enterByLink(await openPage(browser, parley.url), link, visit);
  }
});
afterAll(() => resources.disposeAsync());

/** In every look: leaves a picture in which something is seen, and nothing sticks out at the side. */
async function expectPictures(page: Page, of: string): Promise<void> {
  for (const { name, size, colorScheme } of looks) {
    await resize(page, size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const picture = await page.screenshot({ path: joinPath(folder, `${of}-${name}.png`) });
    expect(picture.length, `${of}, ${name}`).toBeGreaterThan(WITH_WORDS);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, `width of ${of}, ${name}`).toBe(size.width);
  }
}

test('home', () => expectPictures(luz, 'home'));

test('pre-join', async () => {
  await luz.goto(`${link}&name=Luz&speak=es&hear=es&processing=off`);
  await luz.getByRole('status', { name: 'Connection check' }).getByText('Good').waitFor();
  await expectPictures(luz, 'pre-join');
});

test('a call of three in three languages', async () => {
  await resize(luz, looks[0].size);
  await luz.getByRole('button', { name: 'Join meeting', exact: true }).click();
  await luz.getByRole('button', { name: 'Show original', exact: true }).click();
  const lines = luz.getByRole('log', { name: 'Captions', exact: true });
  const finished = lines.locator('[data-final="true"][lang="es"]');
  await finished.and(lines.locator('[data-speaker="Marc"]')).first().waitFor({ timeout: 60_000 });
  await finished.nth(3).waitFor({ timeout: 60_000 });
  const dismiss = luz.getByRole('button', { name: 'Dismiss', exact: true });
  while ((await dismiss.count()) > 0) await dismiss.first().click();
  // Somebody is speaking.
  await lines.locator('[data-final="false"]').first().waitFor({ timeout: 60_000 });
  await expectPictures(luz, 'call');
});
