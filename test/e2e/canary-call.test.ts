import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { toyFiles, ToyModel } from '../support/canary-model.ts';
import { putEarOn, type Heard } from '../support/ear.ts';
import { ToyIdentifier } from '../support/identifier-model.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

const AUDIBLE = 0.01;
/** What the tiny Canary writes: words and parts of words, each with its number. */
const TOY_WORDS = /^w?\d+( w?\d+)*$/;

const resources = new AsyncDisposableStack();
let parley: Parley;
let speaking: Browser;
let listening: Browser;

beforeAll(async () => {
  const model = resources.use(await ToyModel.create(toyFiles('v2')));
  const identifier = resources.use(await ToyIdentifier.create());
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  const quiet = joinPath(folder, 'quiet.wav');
  const spoken = sentence('0880').audio;
  await writeMicrophone(voice, join(silence(3_000, 16_000), spoken, silence(5_000, 16_000)));
  await writeMicrophone(quiet, silence(5_000, 16_000));
  parley = resources.use(
    await startParley({
      PARLEY_INFERENCE_SPEECH: model.directory,
      PARLEY_INFERENCE_IDENTIFY: identifier.directory,
    }),
  );
  speaking = resources.use(await launchBrowser(voice));
  listening = resources.use(await launchBrowser(quiet));
});

afterAll(() => resources.disposeAsync());

describe('Ann speaks English, and Canary hears; Ivan hears Russian, Uta German', () => {
  let ivan: Page;
  let uta: Page;
  let heardByIvan: () => Promise<readonly Heard[]>;

  beforeAll(async () => {
    const room = `${parley.url}/r/${await parley.createRoom()}`;
    ivan = await joinByLink(listening, room, { name: 'Ivan', speak: 'ru', hear: 'ru' });
    uta = await joinByLink(listening, room, { name: 'Uta', speak: 'de', hear: 'de' });
    await ivan.getByRole('button', { name: 'Show original', exact: true }).click();
    heardByIvan = await putEarOn(ivan);
    await joinByLink(speaking, room, { name: 'Ann', speak: 'en', hear: 'en' });
  });

  test('both read Canary’s words in their own language, and the original is the same for both', async () => {
    const [russian] = await lines(ivan, 'ru');
    expect(russian?.text).toMatch(TOY_WORDS);
    expect(russian?.original).toMatch(TOY_WORDS);
    expect(russian?.text).not.toBe(russian?.original);
    const [german] = await lines(uta, 'de');
    expect(german?.text).toMatch(TOY_WORDS);
    expect(german?.text).not.toBe(russian?.text);
  });

  test('Ivan hears a voice say them, with the original turned down under it', async () => {
    await expect
      .poll(async () => (await heardByIvan()).some(({ translated }) => translated > 0.05), {
        timeout: 30_000,
      })
      .toBe(true);
    const under = () => heardByIvan().then((all) => all.filter((one) => one.translated > AUDIBLE));
    await expect
      .poll(async () => Math.min(...(await under()).map((one) => one.originalVolume)), {
        timeout: 10_000,
      })
      .toBeLessThan(0.2);
    const voices = ivan.locator('audio[data-track=translation]');
    expect(await voices.evaluateAll((all) => all.map(({ dataset }) => dataset['lang']))).toEqual([
      'ru',
    ]);
  });

  test('no page speaks of the built-in engine', async () => {
    expect(await ivan.getByText('npm run models').count()).toBe(0);
  });
});

test('who is about to join reads which engine translates', async () => {
  const page = await openPage(listening, parley.url);
  await page.goto(`${parley.url}/r/${await parley.createRoom()}`);
  await page.getByText(/translated on this server by machine \(Canary\)/).waitFor();
});

test('Amy, who has her language detected and began in German, is heard to speak English', async () => {
  const [path = '', key = ''] = `${parley.url}/r/${await parley.createRoom()}`.split('#');
  await joinByLink(listening, `${path}#${key}`, { name: 'Ivan', speak: 'ru', hear: 'ru' });
  const page = await openPage(speaking, parley.url);
  const form = new URLSearchParams({ name: 'Amy', speak: 'de', hear: 'en', processing: 'off' });
  await page.goto(`${path}?${form.toString()}#${key}`);
  const speaks = page.getByRole('combobox', { name: 'I speak', exact: true });
  await speaks.selectOption('Detect');
  await page.getByRole('button', { name: 'Join meeting' }).click();
  // To the tiny identifier whatever is not very loud is English.
  await page.getByText(/You seem to speak English/).waitFor({ timeout: 30_000 });
  expect(await speaks.locator('option:checked').innerText()).toBe('English · detected');
});

interface Line {
  readonly text: string;
  readonly original: string | undefined;
}

/** Ann's finished lines in a language, as soon as there is one. */
async function lines(page: Page, lang: string): Promise<readonly Line[]> {
  const entries = page
    .getByRole('log', { name: 'Captions', exact: true })
    .locator(`[data-speaker="Ann"][data-final="true"][lang="${lang}"]`);
  await entries.first().waitFor({ timeout: 30_000 });
  return Promise.all(
    (await entries.all()).map(async (entry) => ({
      text: (await entry.locator('[data-part="text"]').innerText()).trim(),
      original: (await entry.locator('[data-part="original"]').allInnerTexts())[0]?.trim(),
    })),
  );
}
