import { launch, type Browser, type Page } from 'puppeteer-core';
import type { Visit } from './browser.ts';
import type { SoundServer } from './sound-server.ts';

/** What a page needs to use a microphone and play sound without being asked. */
const PREFERENCES = {
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
};

/**
 * Headless Firefox from Debian with the sound devices of `sound`, driven by WebDriver BiDi. The folders
 * it makes for a person are made in `home`.
 */
export async function launchFirefox(sound: SoundServer, home: string): Promise<Browser> {
  return launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    env: { ...process.env, ...sound.environment, HOME: home },
    extraPrefsFirefox: PREFERENCES,
  });
}

/** Opens a room's link so that the page fills in the pre-join form and enters at once. */
export async function joinInFirefox(browser: Browser, room: string, visit: Visit): Promise<Page> {
  const page = await browser.newPage();
  const query = new URLSearchParams({ ...visit, join: '1', processing: 'off' });
  await page.goto(`${room}?${query.toString()}`);
  await page.locator('::-p-aria([name="Leave"][role="button"])').wait();
  return page;
}
