import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinByLink, launchBrowser } from '../support/browser.ts';
import { apertium, espeakLengthMs } from '../support/command-line.ts';
import { putEarOn, type Heard } from '../support/ear.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { alive, descendants } from '../support/processes.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';
import { wordErrorRate } from '../support/word-errors.ts';

/** A finished caption as a listener sees it. */
interface Line {
  readonly speaker: string | null;
  readonly lang: string | null;
  readonly text: string;
  /** The speaker's own words, where they are shown under a translation. */
  readonly original: string | undefined;
}

const spoken = sentence('0880');
const AUDIBLE = 0.01;

const resources = new AsyncDisposableStack();
let parley: Parley;
let speaking: Browser;
let listening: Browser;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  const reply = joinPath(folder, 'reply.wav');
  await writeMicrophone(voice, join(silence(3_000, 16_000), spoken.audio, silence(8_000, 16_000)));
  await writeMicrophone(reply, join(sentence('0930').audio, silence(3_000, 16_000)));
  parley = resources.use(await startParley());
  speaking = resources.use(await launchBrowser(voice));
  listening = resources.use(await launchBrowser(reply));
});

afterAll(() => resources.disposeAsync());

/** Finished lines of one speaker on a page, oldest first. */
async function finishedLines(page: Page, speaker: string): Promise<readonly Line[]> {
  const entries = page
    .getByRole('log', { name: 'Captions', exact: true })
    .locator(`[data-speaker="${speaker}"][data-final="true"]`);
  return Promise.all(
    (await entries.all()).map(async (entry) => ({
      speaker: await entry.getAttribute('data-speaker'),
      lang: await entry.getAttribute('lang'),
      text: (await entry.locator('[data-part="text"]').innerText()).trim(),
      original: (await entry.locator('[data-part="original"]').allInnerTexts())[0]?.trim(),
    })),
  );
}

async function nextLine(page: Page, speaker: string, lang: string): Promise<Line> {
  const inLanguage = async () =>
    (await finishedLines(page, speaker)).filter((line) => line.lang === lang);
  const before = (await inLanguage()).length;
  await expect
    .poll(async () => (await inLanguage()).length, { timeout: 60_000 })
    .toBeGreaterThan(before);
  const line = (await inLanguage()).at(-1);
  if (line === undefined) throw new Error('a line vanished');
  return line;
}

describe('Ann speaks English; Luz hears Spanish, Eve hears English', () => {
  let room: string;
  let ann: Page;
  let luz: Page;
  let eve: Page;
  let heardByLuz: () => Promise<readonly Heard[]>;

  beforeAll(async () => {
    room = `${parley.url}/r/${await parley.createRoom()}`;
    luz = await joinByLink(listening, room, { name: 'Luz', speak: 'es', hear: 'es' });
    eve = await joinByLink(listening, room, { name: 'Eve', speak: 'en', hear: 'en' });
    await luz.getByRole('button', { name: 'Show original', exact: true }).click();
    heardByLuz = await putEarOn(luz);
    await eve.getByRole('button', { name: 'Mute', exact: true }).click();
    ann = await joinByLink(speaking, room, { name: 'Ann', speak: 'en', hear: 'en' });
  });

  test('Luz reads what Apertium makes of the recognised words, and they are the words spoken', async () => {
    const { text, original = '' } = await nextLine(luz, 'Ann', 'es');
    expect(text).toBe(onPage(apertium('eng-spa', original)));
    expect(wordErrorRate(spoken.words, original)).toBeLessThan(0.5);
    const readByEve = (await finishedLines(eve, 'Ann')).map((line) => line.text);
    expect(readByEve).toContain(original);
  });

  test('Luz hears a Spanish voice of the right length, with the original ducked under it', async () => {
    const line = await nextLine(luz, 'Ann', 'es');
    const from = (await heardByLuz()).length;
    const wholeLength = espeakLengthMs('es', line.text);
    await expect
      .poll(async () => voicedMs((await heardByLuz()).slice(from)), { timeout: 30_000 })
      .toBeGreaterThan(wholeLength * 0.5);
    await expect
      .poll(async () => (await heardByLuz()).at(-1)?.originalVolume, { timeout: 30_000 })
      .toBe(1);

    const heard = (await heardByLuz()).slice(from);
    expect(voicedMs(heard)).toBeLessThan(wholeLength * 1.5);
    expect(Math.max(...heard.map((moment) => moment.translated))).toBeGreaterThan(0.05);
    const whileTranslated = heard.filter((moment) => moment.translated > AUDIBLE);
    const quietest = Math.min(...whileTranslated.map((moment) => moment.originalVolume));
    expect(quietest).toBeGreaterThan(0.1);
    expect(quietest).toBeLessThan(0.2);
  });

  test('Eve, who speaks the same language, gets the original and no translation', async () => {
    await eve.locator('audio[data-track=original]').first().waitFor({ state: 'attached' });
    expect(await eve.locator('audio[data-track=translation]').count()).toBe(0);
    expect((await finishedLines(eve, 'Ann')).every((line) => line.lang === 'en')).toBe(true);
  });

  test('Ann hears Luz, whose language the engine does not know, as she is', async () => {
    const heardByAnn = await putEarOn(ann);
    await expect
      .poll(async () => (await heardByAnn()).some((moment) => moment.original > 0.02), {
        timeout: 20_000,
      })
      .toBe(true);
    expect(await translatedInto(ann)).toEqual(new Set());
    expect((await heardByAnn()).every((moment) => moment.originalVolume === 1)).toBe(true);
  });

  test('changing "I hear" takes effect within two seconds', async () => {
    const hear = luz.getByRole('combobox', { name: 'I hear', exact: true });
    await hear.selectOption('ca');
    await expect
      .poll(() => translatedInto(luz), { timeout: 2_000, interval: 50 })
      .toEqual(new Set(['ca']));
    const { text, original = '' } = await nextLine(luz, 'Ann', 'ca');
    expect(text).toBe(onPage(apertium('eng-cat', original)));
  });

  test('"Original" stops the translated voice', async () => {
    await luz.getByRole('combobox', { name: 'I hear', exact: true }).selectOption('original');
    await expect
      .poll(() => translatedInto(luz), { timeout: 2_000, interval: 50 })
      .toEqual(new Set());
    expect((await nextLine(luz, 'Ann', 'en')).text).not.toBe('');
  });

  test('a muted speaker is seen as muted and says nothing', async () => {
    await ann.getByRole('button', { name: 'Mute', exact: true }).click();
    const card = eve
      .getByRole('list', { name: 'Participants', exact: true })
      .getByRole('listitem')
      .filter({ hasText: 'Ann' });
    await expect.poll(() => card.innerText()).toContain('muted');
    await ann.getByRole('button', { name: 'Unmute', exact: true }).click();
    await expect.poll(() => card.innerText()).not.toContain('muted');
  });

  test('under the hood Luz sees how the packets, the voices and the stages fare', async () => {
    await luz.getByRole('button', { name: 'More', exact: true }).click();
    await luz.getByRole('button', { name: 'Under the hood', exact: true }).click();
    const panel = luz.getByRole('complementary', { name: 'Under the hood', exact: true });
    const ofAnn = panel.getByRole('article').filter({ hasText: 'Ann' });
    await expect.poll(() => ofAnn.innerText()).toMatch(/Lost none of [\d,]+\spackets/);
    const decoded = panel.getByRole('row', { name: /^Decoded/ }).getByRole('cell');
    const [, out = ''] = await decoded.allInnerTexts();
    expect(Number(out.replaceAll(',', ''))).toBeGreaterThan(100);
    await luz.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  test('after everyone has left, nothing of the call is left over', async () => {
    for (const page of [ann, luz, eve]) {
      await page.getByRole('button', { name: 'Leave', exact: true }).click();
    }
    for (const gauge of ['routers', 'transports', 'producers', 'consumers']) {
      await expect.poll(() => parley.metric(`parley_server_${gauge}`), { timeout: 10_000 }).toBe(0);
    }
  });
});

test('Ctrl-C ends the server and every process it started', async () => {
  const family = descendants(parley.pid);
  expect(family.length).toBeGreaterThanOrEqual(4);
  expect(await parley.stop()).toBe(0);
  await expect.poll(() => family.filter(({ pid }) => alive(pid))).toEqual([]);
});

/** Runs of spaces, where Apertium left a word out, are one space on a page. */
const onPage = (text: string) => text.replace(/\s+/g, ' ');

/** Languages of the translated voices that a page plays. */
async function translatedInto(page: Page): Promise<ReadonlySet<string | undefined>> {
  const languages = await page
    .locator('audio[data-track=translation]')
    .evaluateAll((elements) => elements.map((element) => element.dataset['lang']));
  return new Set(languages);
}

/** Time in which the translated track was audible. */
function voicedMs(heard: readonly Heard[]): number {
  let total = 0;
  for (const [index, moment] of heard.entries()) {
    const next = heard[index + 1];
    if (next !== undefined && moment.translated > AUDIBLE) total += next.at - moment.at;
  }
  return total;
}
