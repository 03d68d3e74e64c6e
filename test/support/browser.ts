/// <reference lib="dom" />
import { chromium, type Browser, type Page } from 'playwright-core';

export interface LaunchOptions {
  readonly executablePath?: string;
  /** Further arguments. */
  readonly more?: readonly string[];
}

/**
 * Headless Chromium from Debian whose microphone is a WAV file (see writeMicrophone). One file a
 * browser, so two speakers are two browsers.
 */
export async function launchBrowser(
  microphone: string,
  { executablePath = '/usr/bin/chromium', more = [] }: LaunchOptions = {},
): Promise<Browser> {
  return chromium.launch({
    executablePath,
    ignoreDefaultArgs: ['--mute-audio'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      '--allow-loopback-in-peer-connection',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
      ...more,
    ],
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Visit {
  readonly name: string;
  readonly speak: string;
  readonly hear: string;
}

/** Opens a room's link so that the page fills in the pre-join form and enters at once. */
export async function joinByLink(browser: Browser, room: string, visit: Visit): Promise<Page> {
  const page = await openPage(browser, new URL(room).origin);
  await enterByLink(page, room, visit);
  return page;
}

/** The same in a page that is open already. */
export async function enterByLink(page: Page, room: string, visit: Visit): Promise<void> {
  const query = new URLSearchParams({ ...visit, join: '1', processing: 'off' });
  await page.goto(`${room}?${query.toString()}`);
  await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
}

/** Gives the page another size; resolves once it has been drawn so, as what script decides is too. */
export async function resize(page: Page, size: Size): Promise<void> {
  await page.setViewportSize(size);
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

/** A fresh profile that may use the microphone. */
export async function openPage(browser: Browser, origin: string): Promise<Page> {
  const context = await browser.newContext();
  await context.grantPermissions(['microphone'], { origin });
  return context.newPage();
}
