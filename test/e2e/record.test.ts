import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import SrtParser from 'srt-parser-2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { joinByLink, launchBrowser, resize } from '../support/browser.ts';
import { contrastOf } from '../support/contrast.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** As unruly as a name may be: markup, a turn of direction, an emoji, and as long as is allowed. */
const UNRULY = `<b>Ann</b> \u202eחנה👩‍🔬 ${'W'.repeat(64)}`.slice(0, 64);
/** What the server makes of it. */
const ANN = UNRULY.replace('\u202e', '');

const resources = new AsyncDisposableStack();
let parley: Parley;
let speaking: Browser;
let listening: Browser;
let ann: Page;
let luz: Page;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  const nothing = joinPath(folder, 'nothing.wav');
  const spoken = sentence('0880').audio;
  await writeMicrophone(voice, join(silence(1_000, 16_000), spoken, silence(2_500, 16_000)));
  await writeMicrophone(nothing, silence(2_000, 16_000));
  parley = resources.use(await startParley({ PARLEY_ROOMS_CAPTION_REPLAY: '1' }));
  speaking = resources.use(await launchBrowser(voice));
  listening = resources.use(await launchBrowser(nothing));

  const room = `${parley.url}/r/${await parley.createRoom()}`;
  luz = await joinByLink(listening, room, { name: 'Luz', speak: 'es', hear: 'es' });
  ann = await joinByLink(speaking, room, { name: UNRULY, speak: 'en', hear: 'en' });
  await finished(luz).nth(1).waitFor({ timeout: 60_000 });
  await ann.getByRole('button', { name: 'Mute', exact: true }).click();
});

afterAll(() => resources.disposeAsync());

const finished = (page: Page): Locator =>
  page
    .getByRole('log', { name: 'Captions', exact: true })
    .locator('[data-final="true"][lang="es"]');

/** Whether all of it is seen in the box it scrolls in. */
function isInSight(place: Locator): Promise<boolean> {
  return place.evaluate((element) => {
    const box = element.closest('[role="group"]')?.getBoundingClientRect();
    const { top, bottom } = element.getBoundingClientRect();
    return box !== undefined && top >= box.top && bottom <= box.bottom;
  });
}

async function openRecord(page: Page): Promise<Locator> {
  const record = page.getByRole('complementary', { name: 'Record', exact: true });
  if (!(await record.isVisible())) {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Record', exact: true }).click();
  }
  return record;
}

describe('the record', () => {
  test('has every line in both languages, or in one, and says what the machine has spoken', async () => {
    const record = await openRecord(luz);
    const line = record.getByRole('article').first();
    const [text, original] = [
      line.locator('[data-part="text"]'),
      line.locator('[data-part="original"]'),
    ];
    expect(await text.getAttribute('lang')).toBe('es');
    expect(await original.getAttribute('lang')).toBe('en');
    expect(await line.getByText('AI voice', { exact: true }).count()).toBe(1);
    await record.getByRole('radio', { name: 'Translation', exact: true }).check();
    expect(await original.count()).toBe(0);
    await record.getByRole('radio', { name: 'Original', exact: true }).check();
    expect(await text.count()).toBe(0);
    expect(await original.count()).toBe(1);
    await record.getByRole('radio', { name: 'Both', exact: true }).check();
  });

  test('is searched, in the words spoken too, from match to match and round', async () => {
    const record = await openRecord(luz);
    const lines = await record.locator('[data-part="original"]').allInnerTexts();
    const word = lines[0]?.split(' ').find((one) => /^\w{4,}$/.test(one)) ?? '';
    const matches = lines.join('\n').toLowerCase().split(word.toLowerCase()).length - 1;
    const field = record.getByRole('searchbox', { name: 'Search', exact: true });
    await field.fill(word);
    const marks = record.locator('[data-part="original"] mark');
    expect(await marks.count()).toBe(matches);
    const all = await record.locator('mark').count();
    const status = record.getByRole('search').getByRole('status');
    await expect.poll(() => status.innerText()).toBe(`${all} of ${all}`);
    const current = record.locator('mark[aria-current="true"]');
    expect(await current.count()).toBe(1);
    await record.getByRole('button', { name: 'Next match', exact: true }).click();
    await expect.poll(() => status.innerText()).toBe(`1 of ${all}`);
    await expect.poll(() => isInSight(current)).toBe(true);
    await field.press('Enter');
    await expect.poll(() => status.innerText()).toBe(`${all} of ${all}`);
    await field.fill('xyzzy');
    await expect.poll(() => status.innerText()).toBe('Nothing found');
    await field.press('Escape');
    expect(await field.inputValue()).toBe('');
    expect(await record.isVisible()).toBe(true);
  });

  test('gives way to "Under the hood", and Escape returns the focus to where it came from', async () => {
    const record = await openRecord(luz);
    await luz.getByRole('button', { name: 'More', exact: true }).click();
    await luz.getByRole('button', { name: 'Under the hood', exact: true }).click();
    const hood = luz.getByRole('complementary', { name: 'Under the hood', exact: true });
    await hood.waitFor();
    expect(await record.count()).toBe(0);
    await luz.keyboard.press('Escape');
    await hood.waitFor({ state: 'detached' });
    const more = luz.getByRole('button', { name: 'More', exact: true });
    expect(await more.evaluate((button) => button === document.activeElement)).toBe(true);
  });
});

const strip = (): Locator => luz.getByRole('region', { name: 'Caption strip', exact: true });

describe('the caption strip', () => {
  test('is switched on in the settings, with its size and colours', async () => {
    expect(await strip().count()).toBe(0);
    await luz.getByRole('button', { name: 'More', exact: true }).click();
    await luz.getByRole('button', { name: 'Settings', exact: true }).click();
    const settings = luz.getByRole('dialog', { name: 'Settings', exact: true });
    await settings.getByRole('tab', { name: 'Captions', exact: true }).click();
    await settings.getByRole('switch', { name: 'Caption strip', exact: true }).check();
    for (const choice of ['XL', 'Yellow on black', 'L']) {
      await settings.getByRole('radio', { name: choice, exact: true }).check();
    }
    await settings.getByRole('button', { name: 'Close', exact: true }).click();
    expect(await strip().getAttribute('data-size')).toBe('L');
    expect(await strip().getAttribute('data-colours')).toBe('yellow');
  });

  test('shows the last words, and covers no line of the conversation', async () => {
    const last = finished(luz).last();
    const words = await last.locator('[data-part="text"]').innerText();
    expect((await strip().innerText()).replace(/\s+/g, ' ')).toContain(words);
    const [line, below] = [await last.boundingBox(), await strip().boundingBox()];
    if (line === null || below === null) throw new Error('not shown');
    expect(line.y + line.height).toBeLessThanOrEqual(below.y);
  });

  test('is two lines high in every size', async () => {
    const heights = await strip().evaluate((element) =>
      ['S', 'M', 'L', 'XL'].map((size) => {
        element.dataset['size'] = size;
        const { fontSize } = getComputedStyle(element);
        const inner = element.querySelector('.window')?.clientHeight ?? 0;
        return inner / parseFloat(fontSize);
      }),
    );
    for (const height of heights) expect(height).toBeCloseTo(2.7, 1);
  });

  test.each(['dark', 'light', 'yellow'])(
    'words and names are readable at 7:1 in %s',
    async (colours) => {
      const colourPairs = await strip().evaluate((element, scheme) => {
        element.dataset['colours'] = scheme;
        const ground = getComputedStyle(element).backgroundColor;
        const sample = document.createElement('span');
        element.append(sample);
        const of = (colour: string): string => {
          sample.style.color = colour;
          return getComputedStyle(sample).color;
        };
        const name = element.querySelector<HTMLElement>('bdi');
        const hues = Array.from({ length: 8 }, (_, hue) => {
          if (name?.parentElement) name.parentElement.dataset['colour'] = String(hue);
          return name ? getComputedStyle(name).color : '';
        });
        const words = [of('var(--words)'), of('var(--soft)'), ...hues];
        sample.remove();
        return words.map((colour) => [colour, ground] as const);
      }, colours);
      for (const pair of colourPairs) {
        expect(await contrastOf(luz, pair)).toBeGreaterThanOrEqual(7);
      }
    },
  );
});

describe('a name with markup and a turn of direction', () => {
  test('is text, isolated, cut off where there is no room, and whole in its title', async () => {
    const record = await openRecord(luz);
    const places = [
      luz.getByRole('log', { name: 'Captions', exact: true }).locator('bdi').first(),
      record.locator('bdi').first(),
      strip().locator('bdi').first(),
    ];
    for (const name of places) {
      expect(await name.textContent()).toBe(ANN);
      expect(await name.getAttribute('title')).toBe(ANN);
      expect(await name.locator('b').count()).toBe(0);
      const { bidi, isCut } = await name.evaluate((element) => ({
        bidi: getComputedStyle(element).unicodeBidi,
        isCut: element.scrollWidth > element.clientWidth,
      }));
      expect([bidi, isCut]).toEqual(['isolate', true]);
    }
  });

  test('makes no page wider than a phone', async () => {
    const before = luz.viewportSize();
    await resize(luz, { width: 360, height: 740 });
    await openRecord(luz);
    expect(await luz.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await luz.keyboard.press('Escape');
    expect(await luz.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    if (before) await resize(luz, before);
  });
});

test('after loading the page again the record brings back what was said before', async () => {
  const record = await openRecord(luz);
  const before = await record.getByRole('article').count();
  expect(before).toBeGreaterThan(1);
  await luz.reload();
  await luz.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  await expect.poll(() => finished(luz).count()).toBe(1);
  await openRecord(luz);
  await expect.poll(() => record.getByRole('article').count()).toBe(before);
  await expect.poll(() => finished(luz).count()).toBe(before);
});

describe('taken along', () => {
  async function openDownload(page: Page): Promise<Locator> {
    const dialog = page.getByRole('dialog', { name: 'Download the record', exact: true });
    if (await dialog.isVisible()) return dialog;
    const record = await openRecord(page);
    await record.getByRole('button', { name: 'Download', exact: true }).click();
    return dialog;
  }

  /** Downloads a format, in the language chosen before, and returns name and text. */
  async function download(page: Page, format: string) {
    const dialog = await openDownload(page);
    const button = dialog.getByRole('button', { name: format, exact: true });
    const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
    await expect.poll(() => dialog.getByRole('status').innerText()).toMatch(/^Saved \d+ lines\.$/);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  }

  const Json = z.object({
    lines: z.array(
      z.object({
        ...{ name: z.string(), language: z.string(), text: z.string() },
        ...{ startedAt: z.iso.datetime(), endedAt: z.iso.datetime() },
        translation: z.object({
          ...{ language: z.literal('es'), text: z.string(), aiVoice: z.literal(true) },
        }),
      }),
    ),
  });

  test('as JSON: names, times, both languages, in a language that one does not read oneself', async () => {
    const dialog = await openDownload(ann);
    const language = dialog.getByRole('combobox', { name: 'As it was said, and in', exact: true });
    await expect.poll(() => language.locator('option').allInnerTexts()).toContain('Español');
    await language.selectOption('es');
    const { name, text } = await download(ann, 'JSON');
    expect(name).toMatch(/^parley-\d{4}-\d\d-\d\d-es\.json$/);
    const { lines } = Json.parse(JSON.parse(text));
    expect(lines.length).toBeGreaterThan(1);
    const read = await finished(luz).locator('[data-part="text"]').allInnerTexts();
    expect(read).toContain(lines[0]?.translation.text.replace(/\s+/g, ' '));
    for (const line of lines) {
      expect(line.name).toBe(ANN);
      const took = Date.parse(line.endedAt) - Date.parse(line.startedAt);
      expect(took).toBeGreaterThan(500);
      expect(took).toBeLessThan(30_000);
    }
  });

  test('as WebVTT, which the browser itself reads', async () => {
    const { name, text } = await download(luz, 'VTT');
    expect(name).toMatch(/-es\.vtt$/);
    const cues = await luz.evaluate(async (vtt) => {
      const video = document.createElement('video');
      const track = document.createElement('track');
      track.src = URL.createObjectURL(new Blob([vtt], { type: 'text/vtt' }));
      track.default = true;
      video.append(track);
      document.body.append(video);
      const loaded = new Promise((resolve, reject) => {
        track.onload = resolve;
        track.onerror = reject;
      });
      track.track.mode = 'hidden';
      await loaded;
      const read = [...(track.track.cues ?? [])].map((cue) => ({
        ...{ from: cue.startTime, to: cue.endTime },
        text: cue instanceof VTTCue ? cue.getCueAsHTML().textContent : '',
      }));
      video.remove();
      return read;
    }, text);
    expect(cues.length).toBeGreaterThan(1);
    expect(cues[0]?.from).toBe(0);
    const { text: json } = await download(luz, 'JSON');
    const [first] = Json.parse(JSON.parse(json)).lines;
    expect(cues[0]?.text).toContain(`${first?.translation.text ?? ''}\n${first?.text ?? ''}`);
    expect(cues[0]?.text).toContain('<b>Ann</b>');
  });

  test('as SubRip, which another parser reads', async () => {
    const { name, text } = await download(luz, 'SRT');
    expect(name).toMatch(/-es\.srt$/);
    const cues = new SrtParser().fromSrt(text);
    expect(cues.length).toBeGreaterThan(1);
    for (const [index, cue] of cues.entries()) {
      expect(cue.endSeconds).toBeGreaterThan(cue.startSeconds);
      expect(cue.startSeconds).toBeGreaterThanOrEqual(cues[index - 1]?.endSeconds ?? 0);
      expect(cue.text.split('\n')).toHaveLength(2);
    }
  });

  test('as plain text', async () => {
    const { name, text } = await download(luz, 'TXT');
    expect(name).toMatch(/-es\.txt$/);
    expect(text).toContain('    Spanish, AI voice: ');
    expect(text).toContain('    English: ');
    await luz.keyboard.press('Escape');
    const record = luz.getByRole('complementary', { name: 'Record', exact: true });
    expect(await record.isVisible()).toBe(true);
  });
});
