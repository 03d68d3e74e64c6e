import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { enterByLink, launchBrowser, openPage } from '../support/browser.ts';
import { exposeConnections, inboundAudio } from '../support/inbound-audio.ts';
import { freePort, startParley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';
import { UdpRelay } from '../support/udp-relay.ts';
import { wordErrorRate } from '../support/word-errors.ts';

const spoken = sentence('0880');

/** Sends a page's media through the relay: the server tells its own port, the page hears another. */
async function divert(page: Page, fromPort: number, toPort: number): Promise<void> {
  await page.routeWebSocket(/socket\.io/, (socket) => {
    socket.connectToServer().onMessage((message) => {
      socket.send(String(message).replaceAll(`"port":${fromPort},`, `"port":${toPort},`));
    });
  });
}

test(
  'with packets lost, late and out of order in both directions, the words and the voice still arrive',
  { timeout: 180_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const voice = joinPath(folder, 'voice.wav');
    await writeMicrophone(voice, join(spoken.audio, silence(2_000, 16_000)));
    const rtcPort = await freePort();
    const parley = resources.use(
      await startParley({ PARLEY_RTC_PORT: String(rtcPort), PARLEY_RTC_WORKERS: '1' }),
    );
    const relay = resources.use(
      await UdpRelay.open(rtcPort, { seed: 7, loss: 0.05, delayMs: [10, 50], duplicates: 0.01 }),
    );
    const browser = resources.use(await launchBrowser(voice));
    const room = `${parley.url}/r/${await parley.createRoom()}`;
    const [ann, luz] = [await openPage(browser, parley.url), await openPage(browser, parley.url)];
    for (const page of [ann, luz]) await divert(page, rtcPort, relay.port);
    await exposeConnections(luz);
    await enterByLink(luz, room, { name: 'Luz', speak: 'es', hear: 'es' });
    await luz.getByRole('button', { name: 'Mute', exact: true }).click();
    await enterByLink(ann, room, { name: 'Ann', speak: 'en', hear: 'en' });

    const lines = luz.locator('[data-speaker=Ann][data-final=true][lang=es]');
    const originals = lines.locator('[data-part=original]');
    await luz.getByRole('button', { name: 'Show original', exact: true }).click();
    await expect.poll(() => lines.count(), { timeout: 90_000 }).toBeGreaterThanOrEqual(4);
    const heard = await originals.allInnerTexts();
    const errors = heard.map((text) => wordErrorRate(spoken.words, text));
    expect(Math.min(...errors)).toBeLessThan(0.5);

    const track = await inboundAudio(luz, 'audio[data-track=translation]');
    expect(track.packetsReceived).toBeGreaterThan(200);
    expect(track.packetsLost).toBeGreaterThan(0);
    expect(relay.fates.lost).toBeGreaterThan(0);
    expect(await parley.metric('parley_media_reordered_packets_total')).toBeGreaterThan(0);
    expect(await parley.metric('parley_media_filled_frames_total', 'how="fec"')).toBeGreaterThan(0);
  },
);
