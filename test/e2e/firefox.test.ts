import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser as Chromium, Page as ChromiumPage } from 'playwright-core';
import type { Browser as Firefox, Page as FirefoxPage } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinByLink, launchBrowser } from '../support/browser.ts';
import { joinInFirefox, launchFirefox } from '../support/firefox.ts';
import { startParley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { SoundServer } from '../support/sound-server.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';
import { wordErrorRate } from '../support/word-errors.ts';

const PATIENCE_MS = 60_000;
const AUDIBLE = 0.01;

const spoken = { ann: sentence('0880'), fay: sentence('0930') };

const resources = new AsyncDisposableStack();
let chromium: Chromium;
let firefox: Firefox;
let ann: ChromiumPage;
let fay: FirefoxPage;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-firefox-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const pause = silence(6_000, 16_000);
  const annSays = joinPath(folder, 'ann.wav');
  await writeMicrophone(annSays, join(pause, spoken.ann.audio));
  const faySays = join(pause, spoken.fay.audio).map((sample) => Math.round(sample * 32_767));
  const sound = resources.use(await SoundServer.start(Int16Array.from(faySays), 16_000));
  const parley = resources.use(await startParley());
  chromium = resources.use(await launchBrowser(annSays));
  firefox = await launchFirefox(sound, folder);
  resources.defer(() => firefox.close());
  const room = `${parley.url}/r/${await parley.createRoom()}`;
  fay = await joinInFirefox(firefox, room, { name: 'Fay', speak: 'en', hear: 'es' });
  ann = await joinByLink(chromium, room, { name: 'Ann', speak: 'en', hear: 'es' });
  await ann.context().grantPermissions(['microphone', 'camera'], { origin: parley.url });
});

afterAll(() => resources.disposeAsync());

/** Finished lines of one speaker, in the language read, with the words spoken. */
function readLines(speaker: string): { readonly text: string; readonly original: string }[] {
  const entries = document.querySelectorAll<HTMLElement>(
    `[role=log][aria-label=Captions] [data-speaker="${speaker}"][data-final="true"][lang=es]`,
  );
  return [...entries].map((entry) => ({
    text: entry.querySelector<HTMLElement>('[data-part=text]')?.innerText.trim() ?? '',
    original: entry.querySelector<HTMLElement>('[data-part=original]')?.innerText.trim() ?? '',
  }));
}

/** How wide the picture is that came of someone's camera; 0 before any. */
function seenWidth(name: string): number {
  const video = document.querySelector<HTMLVideoElement>(`video[aria-label="Camera of ${name}"]`);
  return video?.videoWidth ?? 0;
}

/** The loudest that a kind of track was within two seconds, RMS of the decoded sound. */
async function loudest(kind: string): Promise<number> {
  const context = new AudioContext();
  await context.resume();
  const analysers = [
    ...document.querySelectorAll<HTMLAudioElement>(`audio[data-track=${kind}]`),
  ].flatMap((element) => {
    const stream = element.srcObject;
    if (!(stream instanceof MediaStream) || element.paused) return [];
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    context.createMediaStreamSource(stream).connect(analyser);
    return [analyser];
  });
  let peak = 0;
  const until = performance.now() + 2_000;
  while (performance.now() < until) {
    for (const analyser of analysers) {
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      peak = Math.max(peak, Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length));
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await context.close();
  return peak;
}

describe('Ann is in Chromium, Fay in Firefox; both speak English and hear Spanish', () => {
  test('Fay is among the people, and her microphone is live', async () => {
    const card = ann.getByRole('listitem').filter({ hasText: 'Fay' });
    await card.waitFor();
    await expect.poll(() => card.innerText(), { timeout: PATIENCE_MS }).not.toContain('Listening');
  });

  test('each sees the other’s camera', async () => {
    await fay.setViewport({ width: 1280, height: 720 });
    await fay.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d');
        setInterval(() => context?.fillRect(Math.random() * 300, Math.random() * 150, 9, 9), 50);
        return Promise.resolve(canvas.captureStream(20));
      };
    });
    await fay.locator('::-p-aria([name="Turn camera on"][role="button"])').click();
    await ann.getByRole('button', { name: 'Turn camera on', exact: true }).click();
    const patience = { timeout: PATIENCE_MS };
    await expect.poll(() => ann.evaluate(seenWidth, 'Fay'), patience).toBeGreaterThan(0);
    await expect.poll(() => fay.evaluate(seenWidth, 'Ann'), patience).toBeGreaterThan(0);
  });

  test('Ann reads in Spanish what Fay said, recognised well', async () => {
    await ann.getByRole('button', { name: 'Show original', exact: true }).click();
    // Whoever comes in hears the end of a sentence first.
    const best = async () => {
      const lines = await ann.evaluate(readLines, 'Fay');
      const rates = lines
        .filter(({ text }) => text !== '')
        .map(({ original }) => wordErrorRate(spoken.fay.words, original));
      return Math.min(1, ...rates);
    };
    await expect.poll(best, { timeout: PATIENCE_MS }).toBeLessThan(0.5);
  });

  test('Ann hears Fay, and her words in Spanish', async () => {
    await expect
      .poll(() => ann.evaluate(loudest, 'original'), { timeout: PATIENCE_MS })
      .toBeGreaterThan(AUDIBLE);
    await expect
      .poll(() => ann.evaluate(loudest, 'translation'), { timeout: PATIENCE_MS })
      .toBeGreaterThan(AUDIBLE);
  });

  test('Fay reads Ann in Spanish', async () => {
    await expect
      .poll(() => fay.evaluate(readLines, 'Ann'), { timeout: PATIENCE_MS })
      .not.toEqual([]);
  });

  test('Fay hears Ann, and her words in Spanish', async () => {
    await expect
      .poll(() => fay.evaluate(loudest, 'original'), { timeout: PATIENCE_MS })
      .toBeGreaterThan(AUDIBLE);
    await expect
      .poll(() => fay.evaluate(loudest, 'translation'), { timeout: PATIENCE_MS })
      .toBeGreaterThan(AUDIBLE);
  });
});
