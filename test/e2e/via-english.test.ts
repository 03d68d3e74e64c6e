import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { toyFiles, ToyModel } from '../support/canary-model.ts';
import { ToyM2M100, toySays } from '../support/m2m100-model.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** Tiny models of Canary's and M2M100's form: what they say means nothing, how they are used does. */
const resources = new AsyncDisposableStack();
let parley: Parley;
let room: string;
let rosa: Page;
let piotr: Page;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-via-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  const spoken = join(silence(2_000, 16_000), sentence('0880').audio, silence(3_000, 16_000));
  await writeMicrophone(voice, spoken);
  const canary = resources.use(await ToyModel.create(toyFiles('v2')));
  const m2m100 = resources.use(await ToyM2M100.create());
  parley = resources.use(
    await startParley({
      PARLEY_INFERENCE_SPEECH: canary.directory,
      PARLEY_INFERENCE_TEXT: m2m100.directory,
      PARLEY_INFERENCE_VOICE: 'espeak',
    }),
  );
  const browser = resources.use(await launchBrowser(voice));
  room = `${parley.url}/r/${await parley.createRoom()}`;
  rosa = await joinByLink(browser, room, { name: 'Rosa', speak: 'ru', hear: 'ru' });
  await rosa.getByRole('button', { name: 'Mute', exact: true }).click();
  piotr = await joinByLink(browser, room, { name: 'Piotr', speak: 'pl', hear: 'en' });
});

afterAll(() => resources.disposeAsync());

const card = (page: Page, name: string) =>
  page
    .getByRole('list', { name: 'Participants' })
    .getByRole('listitem')
    .filter({ has: page.getByText(name, { exact: true }) });

const Matrix = z.object({
  languages: z.array(z.string()),
  pairs: z.array(z.object({ source: z.string(), target: z.string(), via: z.string().optional() })),
});

describe('Piotr speaks Polish, Rosa hears Russian', () => {
  test('her page says that his words come via English; his says so of hers', async () => {
    await expect
      .poll(() => card(rosa, 'Piotr').innerText())
      .toContain('speaks Polski · you hear Русский via English');
    expect(await card(piotr, 'Rosa').innerText()).toContain('you hear English');
    expect(await card(piotr, 'Rosa').innerText()).not.toContain('via English');
    await expect
      .poll(() => card(piotr, 'You').innerText())
      .toContain('heard in Русский via English');
  });

  test('she reads them in Russian, made of English that she never sees', async () => {
    const line = rosa
      .getByRole('log', { name: 'Captions', exact: true })
      .locator('[data-speaker="Piotr"][lang="ru"][data-final="true"]');
    await line.first().waitFor({ timeout: 40_000 });
    const text = await line.first().locator('[data-part="text"]').innerText();
    // The toy's words are a letter and a number; its translator moves the letter, and may add some.
    const letter = toySays('w', 'en', 'ru').charAt(0);
    expect(letter).not.toBe('w');
    expect(text.trim()).toMatch(new RegExp(`^(?:${letter}?\\d+ ?)+a*$`));
  });

  test('anyone may look up what goes which way', async () => {
    const answer: unknown = await (await fetch(`${parley.url}/api/languages`)).json();
    const { languages, pairs } = Matrix.parse(answer);
    expect(languages).toContain('ca');
    expect(pairs).toContainEqual({ source: 'pl', target: 'ru', via: 'en' });
    expect(pairs).toContainEqual({ source: 'pl', target: 'en' });
    // The translator of texts does not know it.
    expect(pairs.some(({ source, target }) => source === 'pl' && target === 'sk')).toBe(false);
  });
});

test('before joining one is told of the way that one’s own two languages go', async () => {
  const page = await openPage(resources.use(await launchBrowser('/dev/null')), parley.url);
  await page.goto(room);
  await page.getByLabel('I speak').selectOption('pl');
  await page.getByLabel('I hear').selectOption('ru');
  await page.getByText('From Polski to Русский words go via English.').waitFor();
  await page.getByLabel('I hear').selectOption('en');
  await expect.poll(() => page.getByText('via English').count()).toBe(0);
});
