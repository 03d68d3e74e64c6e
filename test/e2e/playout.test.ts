import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { expect, test } from 'vitest';
import { enterByLink, joinByLink, launchBrowser, openPage } from '../support/browser.ts';
import { exposeConnections, inboundAudio, type InboundAudio } from '../support/inbound-audio.ts';
import { startParley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

const TRANSLATION = 'audio[data-track=translation]';
const MORE_UTTERANCES = 4;

/** Milliseconds that a sample waited in the jitter buffer between two looks. */
function waited(from: InboundAudio | undefined, to: InboundAudio): number {
  const seconds = to.jitterBufferDelay - (from?.jitterBufferDelay ?? 0);
  const samples = to.jitterBufferEmittedCount - (from?.jitterBufferEmittedCount ?? 0);
  return (seconds / samples) * 1000;
}

test(
  'the translated voice comes and goes, and to Chromium that looks neither like loss nor like jitter',
  { timeout: 180_000 },
  async () => {
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const voice = joinPath(folder, 'voice.wav');
    await writeMicrophone(voice, join(sentence('0930').audio, silence(1_500, 16_000)));
    const parley = resources.use(await startParley());
    const browser = resources.use(await launchBrowser(voice));
    const room = `${parley.url}/r/${await parley.createRoom()}`;
    const luz = await openPage(browser, parley.url);
    await exposeConnections(luz);
    await enterByLink(luz, room, { name: 'Luz', speak: 'es', hear: 'es' });
    await luz.getByRole('button', { name: 'Mute', exact: true }).click();
    await joinByLink(browser, room, { name: 'Ann', speak: 'en', hear: 'en' });

    const received = async () => (await inboundAudio(luz, TRANSLATION)).packetsReceived;
    const afterMore = async (packets: number): Promise<InboundAudio> => {
      await expect.poll(received, { timeout: 60_000, interval: 200 }).toBeGreaterThan(packets);
      return inboundAudio(luz, TRANSLATION);
    };
    const early = await afterMore(100);
    let late = early;
    for (let utterance = 0; utterance < MORE_UTTERANCES; utterance += 1) {
      late = await afterMore(late.packetsReceived + 60);
    }

    const played = late.totalSamplesReceived - early.totalSamplesReceived;
    expect(played).toBeGreaterThan(48_000 * 4);
    expect((late.concealedSamples - early.concealedSamples) / played).toBeLessThan(0.02);
    expect(late.packetsLost).toBe(0);
    expect(waited(early, late)).toBeLessThan(waited(undefined, early) + 20);
  },
);
