/// <reference lib="dom" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../support/accessibility.ts';
import { enterByLink, joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';
import { descendants } from '../support/processes.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** Ann speaks and shows herself; Ben sees her. Chromium's own camera is a green ball that moves. */
const TAB_TITLE = 'The plan';
const resources = new AsyncDisposableStack();
let parley: Parley;
let browser: Browser;
let ann: Page;
let ben: Page;
let room: string;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-camera-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0880').audio, silence(2_000, 16_000)));
  parley = resources.use(await startParley());
  const more = [`--auto-select-tab-capture-source-by-title=${TAB_TITLE}`];
  browser = resources.use(await launchBrowser(voice, { more }));
  room = `${parley.url}/r/${await parley.createRoom()}`;
  ben = await joinByLink(browser, room, { name: 'Ben', speak: 'en', hear: 'en' });
  await ben.getByRole('button', { name: 'Mute', exact: true }).click();
  ann = await openPage(browser, parley.url);
  await ann.context().grantPermissions(['microphone', 'camera'], { origin: parley.url });
  // A screen is a canvas here: the dialog of a real one cannot be answered.
  await ann.addInitScript(drawScreens);
  await ann.addInitScript(cutSockets);
  await enterByLink(ann, room, { name: 'Ann', speak: 'en', hear: 'en' });
});

afterAll(() => resources.disposeAsync());

/** In the page: what is shared is a canvas that is drawn anew all the time. */
function drawScreens(): void {
  navigator.mediaDevices.getDisplayMedia = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const context = canvas.getContext('2d');
    let frame = 0;
    setInterval(() => {
      if (context === null) return;
      frame += 1;
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 1280, 720);
      context.fillStyle = '#223';
      context.font = '64px sans-serif';
      context.fillText(`The plan for the next two weeks`, 80, 160);
      context.fillRect(80, 240, 40 + ((frame * 9) % 1100), 60);
      context.strokeRect(2, 2, 1276, 716);
    }, 66);
    return Promise.resolve(canvas.captureStream(15));
  };
}

/** Another tab with something that moves and something to hear. */
async function openPlan(beside: Page): Promise<void> {
  const plan = await beside.context().newPage();
  await plan.setContent(`<title>${TAB_TITLE}</title><button>Play</button><p></p>`);
  await plan.evaluate(() => {
    const context = new AudioContext();
    const tone = new OscillatorNode(context, { frequency: 330 });
    tone.connect(context.destination);
    document.querySelector('button')?.addEventListener('click', () => {
      tone.start();
      void context.resume();
    });
    let count = 0;
    setInterval(() => {
      document.querySelector('p')?.replaceChildren(String((count += 1)));
    }, 100);
  });
  await plan.getByRole('button', { name: 'Play' }).click();
  await beside.bringToFront();
}

/** In the page: its connection to the server is cut at the event `cut`. */
function cutSockets(): void {
  window.WebSocket = class extends WebSocket {
    constructor(...to: ConstructorParameters<typeof WebSocket>) {
      super(...to);
      const cut = (): void => {
        document.documentElement.dataset['cut'] = '1';
        this.close();
      };
      window.addEventListener('cut', cut, { once: true });
    }
  };
}

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
const picture = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true });

interface Shown {
  readonly width: number;
  readonly frames: number;
}

function shown(video: Locator): Promise<Shown> {
  return video.evaluate((element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('no picture');
    const { totalVideoFrames: frames } = element.getVideoPlaybackQuality();
    return { width: element.videoWidth, frames };
  });
}

/** Waits until a picture moves from now on. */
async function moves(video: Locator): Promise<void> {
  await video.waitFor({ timeout: 15_000 });
  const from = (await shown(video)).frames;
  await expect
    .poll(async () => (await shown(video)).frames, { timeout: 15_000 })
    .toBeGreaterThan(from + 5);
}

/** Waits until a picture stands still. */
async function stops(video: Locator): Promise<void> {
  let last = -1;
  await expect
    .poll(
      async () => {
        const { frames } = await shown(video);
        const still = frames === last;
        last = frames;
        return still;
      },
      { timeout: 10_000, interval: 700 },
    )
    .toBe(true);
}

/** The page of another tab is in front, or this one again. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    hidden ? 'hidden' : 'visible',
  );
}

describe('a camera', () => {
  test('is off until it is turned on, and then moves in the cards of both', async () => {
    expect(await ann.locator('video').count()).toBe(0);
    await button(ann, 'Turn camera on').click();
    await moves(picture(ann, 'Your camera'));
    await moves(picture(ben, 'Camera of Ann'));
    const card = ben.getByRole('listitem').filter({ has: picture(ben, 'Camera of Ann') });
    await card.getByText('Ann', { exact: true }).waitFor();
    expect(await faults(ben, 'a camera')).toEqual([]);
  });

  test('is not sent to someone who does not look, and comes back when they do', async () => {
    const theirs = picture(ben, 'Camera of Ann');
    await setHidden(ben, true);
    await stops(theirs);
    await setHidden(ben, false);
    await moves(theirs);
  });

  test('comes back after the connection was lost', async () => {
    await ann.evaluate(() => {
      window.dispatchEvent(new Event('cut'));
    });
    const status = ann.getByRole('status', { name: 'Connection', exact: true });
    await expect.poll(() => status.innerText(), { timeout: 20_000 }).toContain('Connected');
    expect(await ann.evaluate(() => document.documentElement.dataset['cut'])).toBe('1');
    await moves(picture(ben, 'Camera of Ann'));
  });

  test('stays small in a small card, though there is room on the way for more', async () => {
    await expect
      .poll(async () => (await shown(picture(ben, 'Camera of Ann'))).width, { timeout: 15_000 })
      .toBeLessThan(400);
  });

  test('comes back after the media of the meeting was lost', async () => {
    const before = picture(ben, 'Camera of Ann').elementHandle();
    await before;
    const worker = descendants(parley.pid).find(({ command }) => /mediasoup-worker/.test(command));
    if (worker === undefined) throw new Error('no worker');
    process.kill(worker.pid, 'SIGKILL');
    // The picture that stood still is gone; it is another that moves.
    await ben.waitForFunction((old) => !old.isConnected, await before);
    await moves(picture(ben, 'Camera of Ann'));
  });

  test('is gone for all when it is turned off, and its light goes out', async () => {
    await button(ann, 'Turn camera off').click();
    await picture(ben, 'Camera of Ann').waitFor({ state: 'detached' });
    expect(await picture(ann, 'Your camera').count()).toBe(0);
  });
});

describe('a screen', () => {
  const conversation = (page: Page): Locator => page.getByRole('group', { name: 'Conversation' });

  test('is large for the others, and the last words stay in sight', async () => {
    await button(ann, 'Share screen').click();
    const screen = ben.getByRole('region', { name: 'Screen of Ann', exact: true });
    await moves(picture(ben, 'Screen of Ann').and(ben.locator('video')));
    const last = ben.locator('[data-speaker="Ann"]').last();
    await expect.poll(() => last.isVisible(), { timeout: 30_000 }).toBe(true);
    const [above, words] = [await screen.boundingBox(), await conversation(ben).boundingBox()];
    expect(above?.height).toBeGreaterThan(200);
    expect(words?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
    expect(words?.height).toBeGreaterThan(120);
    expect(await faults(ben, 'a screen')).toEqual([]);
  });

  test('fits, or is shown at its own size', async () => {
    const video = ben.locator('video[aria-label="Screen of Ann"]');
    const fitted = (await video.boundingBox())?.width ?? 0;
    await button(ben, 'Fit').click();
    await expect.poll(async () => (await video.boundingBox())?.width).not.toBe(fitted);
    expect((await video.boundingBox())?.width).toBe((await shown(video)).width);
    await button(ben, 'Fit').click();
    await expect.poll(async () => (await video.boundingBox())?.width).toBe(fitted);
  });

  test('goes full screen with the words under it', async () => {
    await button(ben, 'Full screen').click();
    await button(ben, 'Leave full screen').waitFor();
    await ben.getByRole('region', { name: 'Caption strip', exact: true }).waitFor();
    await button(ben, 'Leave full screen').click();
    await button(ben, 'Full screen').waitFor();
  });

  test('that someone else shares takes its place, and its owner is told', async () => {
    await openPlan(ben);
    await button(ben, 'Share screen').click();
    await ann.getByText('Ben shares their screen now', { exact: false }).waitFor();
    await button(ann, 'Share screen').waitFor();
    await moves(ann.locator('video[aria-label="Screen of Ben"]'));
    expect(await ben.getByRole('region', { name: 'Screen of Ann' }).count()).toBe(0);
  });

  test('brings its sound along, which goes when it goes', async () => {
    const sounds = (): Promise<number> => ann.locator('audio[data-track=original]').count();
    await expect.poll(sounds, { timeout: 10_000 }).toBe(2);
    await button(ben, 'Stop sharing').click();
    await ann.getByRole('region', { name: 'Screen of Ben' }).waitFor({ state: 'detached' });
    await expect.poll(sounds, { timeout: 10_000 }).toBe(1);
    expect(await ben.getByText('no longer shared', { exact: false }).count()).toBe(0);
  });
});

test('a camera that is refused is told in words, and the call goes on', async () => {
  await ben.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  });
  await button(ben, 'Turn camera on').click();
  await ben.getByText('The browser does not let Parley use the camera', { exact: false }).waitFor();
  await button(ben, 'Turn camera on').waitFor();
});

test('a camera that is pulled out is told, and gone for the others', async () => {
  await button(ann, 'Turn camera on').click();
  await moves(picture(ben, 'Camera of Ann'));
  await ann.evaluate(() => {
    const video = document.querySelector('video[aria-label="Your camera"]');
    const stream = video instanceof HTMLVideoElement ? video.srcObject : null;
    if (!(stream instanceof MediaStream)) throw new Error('no camera');
    for (const track of stream.getTracks()) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await ann.getByText('The camera is gone', { exact: false }).waitFor();
  await picture(ben, 'Camera of Ann').waitFor({ state: 'detached' });
});
