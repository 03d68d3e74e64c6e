import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InferenceError } from '../../inference/protocol/inference-error.ts';
import { ProtocolServer } from '../../inference/protocol/server.ts';
import { joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { putEarOn, type Heard } from '../support/ear.ts';
import { FakeModels } from '../support/fake-models.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** Calls over an engine of the test's own, which fails and hears as the test says. */

const AUDIBLE = 0.01;
const NO_VOICE = 'No voice for Español right now. Captions go on.';
const NO_TRANSLATION = 'Translation is unavailable. You hear the original.';

const resources = new AsyncDisposableStack();
const models = new FakeModels();
const { engine } = models;
let parley: Parley;
let speaking: Browser;
let listening: Browser;

beforeAll(async () => {
  engine.known = {
    engine: 'fake',
    recognises: ['en', 'es', 'de'],
    pairs: [
      { source: 'en', target: 'es' },
      { source: 'de', target: 'es' },
    ],
    texts: [],
    identifies: ['en', 'es', 'de'],
  };
  engine.voiceMs = () => 1500;
  const server = resources.use(
    await ProtocolServer.create(models, { host: '127.0.0.1', port: 0, maxBodyBytes: 8_388_608 }),
  );
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  const quiet = joinPath(folder, 'quiet.wav');
  // Short, so that little is waited for; long enough to tell its language.
  const spoken = sentence('0930').audio.subarray(0, 3.6 * 16_000);
  await writeMicrophone(voice, join(silence(700, 16_000), spoken, silence(800, 16_000)));
  await writeMicrophone(quiet, silence(5_000, 16_000));
  parley = resources.use(await startParley({ PARLEY_INFERENCE_URLS: server.url }));
  speaking = resources.use(await launchBrowser(voice));
  listening = resources.use(await launchBrowser(quiet));
});

afterAll(() => resources.disposeAsync());

describe('an engine that loses one ability after the other', () => {
  let luz: Page;
  let heard: () => Promise<readonly Heard[]>;

  const alert = (words: string) => luz.getByRole('alert').filter({ hasText: words });
  const losses = async () =>
    (await alert(NO_VOICE).count()) + (await alert(NO_TRANSLATION).count());
  const card = () =>
    luz
      .getByRole('list', { name: 'Participants', exact: true })
      .getByRole('listitem')
      .filter({ hasText: 'Ann' });
  const lines = () =>
    luz
      .getByRole('log', { name: 'Captions', exact: true })
      .locator('[data-speaker="Ann"][data-final="true"]');
  /** What was heard from the moment of `since` on. */
  const after = async (since: number) => (await heard()).filter(({ at }) => at >= since);
  const now = async () => (await heard()).at(-1)?.at ?? 0;
  const heardSome = (since: number, is: (moment: Heard) => boolean) =>
    expect.poll(async () => (await after(since)).some(is), { timeout: 20_000 }).toBe(true);

  beforeAll(async () => {
    const room = `${parley.url}/r/${await parley.createRoom()}`;
    luz = await joinByLink(listening, room, { name: 'Luz', speak: 'es', hear: 'es' });
    heard = await putEarOn(luz);
    await joinByLink(speaking, room, { name: 'Ann', speak: 'en', hear: 'en' });
  });

  test('is heard at first, over the original turned down', async () => {
    await heardSome(
      0,
      ({ translated, originalVolume }) => translated > 0.05 && originalVolume < 0.2,
    );
    expect(await losses()).toBe(0);
  });

  test('voice lost: captions go on, the original is at full level, and Luz is told', async () => {
    engine.voiceFault = new InferenceError('failed', 'no voice');
    await alert(NO_VOICE).waitFor({ timeout: 20_000 });
    await expect.poll(() => card().innerText()).toContain(NO_VOICE);
    const since = await now();
    const before = await lines().count();
    await expect.poll(() => lines().count(), { timeout: 20_000 }).toBeGreaterThan(before);
    expect(await lines().last().innerText()).toContain('es: one');
    await heardSome(since, ({ original }) => original > 0.02);
    const quiet = (await after(since)).filter(({ original }) => original > AUDIBLE);
    expect(
      quiet.every(({ translated, originalVolume }) => translated < AUDIBLE && originalVolume === 1),
    ).toBe(true);
    expect(await alert(NO_VOICE).count(), 'it stays while the next is tried').toBe(1);
  });

  test('translation lost too: the original goes on at full level, and Luz is told that', async () => {
    engine.speechFault = new InferenceError('failed', 'no words');
    await alert(NO_TRANSLATION).waitFor({ timeout: 20_000 });
    await expect.poll(() => card().innerText()).toContain(NO_TRANSLATION);
    const since = await now();
    await heardSome(
      since,
      ({ original, originalVolume }) => original > 0.02 && originalVolume === 1,
    );
  });

  test('all well again: the voice is back, and the notice goes by itself', async () => {
    engine.voiceFault = undefined;
    engine.speechFault = undefined;
    const since = await now();
    await heardSome(
      since,
      ({ translated, originalVolume }) => translated > 0.05 && originalVolume < 0.2,
    );
    await expect.poll(losses).toBe(0);
    expect(await card().innerText()).not.toContain('No voice');
  });
});

describe('someone who has the language they speak detected', () => {
  let eva: Page;
  let luz: Page;

  const speaks = () => eva.getByRole('combobox', { name: 'I speak', exact: true });
  const seen = () =>
    luz
      .getByRole('list', { name: 'Participants', exact: true })
      .getByRole('listitem')
      .filter({ hasText: 'Eva' })
      .innerText();

  beforeAll(async () => {
    engine.spoken = [['de', 0.92]];
    const room = `${parley.url}/r/${await parley.createRoom()}`;
    luz = await joinByLink(listening, room, { name: 'Luz', speak: 'es', hear: 'es' });
    eva = await openPage(speaking, parley.url);
    const form = new URLSearchParams({ name: 'Eva', speak: 'en', hear: 'en', processing: 'off' });
    const [path = '', key = ''] = room.split('#');
    await eva.goto(`${path}?${form.toString()}#${key}`);
  });

  test('chooses "Detect", and among which languages', async () => {
    await speaks().selectOption('Detect');
    const group = eva.getByRole('group', { name: 'Languages I may speak', exact: true });
    const chosen = () => group.getByRole('listitem').filter({ hasNot: eva.getByRole('combobox') });
    expect(await chosen().allInnerTexts()).toEqual(['English', 'Deutsch']);
    await group.getByRole('combobox', { name: 'Add a language' }).selectOption('es');
    expect(await chosen().allInnerTexts()).toEqual(['English', 'Deutsch', 'Español']);
    await group.getByRole('button', { name: 'Remove Deutsch' }).press('Enter');
    const focused = eva.locator(':focus');
    expect(await focused.getAttribute('id')).toBe(
      await group.getByRole('combobox', { name: 'Add a language' }).getAttribute('id'),
    );
    expect(await chosen().allInnerTexts()).toEqual(['English', 'Español']);
    await group.getByRole('combobox', { name: 'Add a language' }).selectOption('de');
    await eva.getByRole('button', { name: 'Join meeting' }).click();
    await eva.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  });

  test('is translated from what she is heard to speak, told so, and can say that it is wrong', async () => {
    const told = eva
      .getByRole('note')
      .filter({ hasText: 'You seem to speak Deutsch (92 % sure).' });
    await told.waitFor({ timeout: 30_000 });
    expect(engine.identifications.at(0)?.among).toEqual(['en', 'es', 'de']);
    await expect.poll(seen).toContain('speaks Deutsch');
    expect(await speaks().locator('option:checked').innerText()).toBe('Deutsch · detected');
    engine.spoken = [['de', 0.4]];
    await told.getByRole('button', { name: 'No, English' }).click();
    await expect.poll(seen).toContain('speaks English');
    expect(await told.count()).toBe(0);
  });

  test('is asked where it is not clear', async () => {
    const question = eva.getByRole('alert').filter({ hasText: 'Which language are you speaking?' });
    await question.waitFor({ timeout: 30_000 });
    await question.getByRole('button', { name: 'Deutsch', exact: true }).click();
    await expect.poll(seen).toContain('speaks Deutsch');
    expect(await question.count()).toBe(0);
  });

  test('chooses a language again, and is no longer listened to for others', async () => {
    engine.spoken = [['de', 0.95]];
    await speaks().selectOption('en');
    await expect.poll(seen).toContain('speaks English');
    const asked = engine.identifications.length;
    const spoken = engine.speechRequests.length;
    await expect
      .poll(() => engine.speechRequests.slice(spoken).filter(({ end }) => end).length, {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);
    expect(engine.identifications.length - asked).toBeLessThanOrEqual(1);
    expect(await seen()).toContain('speaks English');
  });
});
