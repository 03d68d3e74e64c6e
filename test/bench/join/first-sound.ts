/// <reference lib="dom" />
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../../support/browser.ts';

const POLL_MS = 50;
const PATIENCE_MS = 30_000;

declare global {
  interface Window {
    firstSoundAt?: number;
  }
}

/** Opens a link in a fresh profile; resolves to the milliseconds until its page played a sound. */
export async function timeToFirstSound(browser: Browser, link: string): Promise<number> {
  const page = await openPage(browser, new URL(link).origin);
  try {
    await page.addInitScript(listen);
    const opened = Date.now();
    await page.goto(link, { waitUntil: 'commit' });
    return (await firstSound(page)) - opened;
  } finally {
    await page.context().close();
  }
}

/** Asks again and again: Playwright's own waiting needs what the pages' security policy forbids. */
async function firstSound(page: Page): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const at = await page.evaluate(() => window.firstSoundAt);
    if (at !== undefined) return at;
    await setTimeout(POLL_MS);
  }
  throw new Error('nothing was heard');
}

/** Runs in the page: notes when the sound of any audio element rises above silence. */
function listen(): void {
  // A page may play once it has the microphone: a context made earlier would stay silent.
  let context: AudioContext | undefined;
  const analysers = new Map<MediaStream, AnalyserNode>();
  const samples = new Float32Array(256);
  const look = setInterval(() => {
    for (const { srcObject: stream } of document.querySelectorAll('audio')) {
      if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) continue;
      context ??= new AudioContext();
      let analyser = analysers.get(stream);
      if (analyser === undefined) {
        analyser = new AnalyserNode(context, { fftSize: samples.length });
        context.createMediaStreamSource(stream).connect(analyser);
        analysers.set(stream, analyser);
      }
      analyser.getFloatTimeDomainData(samples);
      if (samples.every((sample) => Math.abs(sample) < 0.01)) continue;
      window.firstSoundAt = Date.now();
      clearInterval(look);
    }
  }, 5);
}
