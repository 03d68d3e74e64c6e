import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { launchBrowser, openPage } from '../support/browser.ts';
import { startParley } from '../support/parley.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';
import { BareServer } from './join/bare-server.ts';
import { timeToFirstSound } from './join/first-sound.ts';
import { printTable, type Benchmark } from './result.ts';
import { takeTurns } from './rounds.ts';

const ROUNDS = 9;
/** The middle of a sentence: whoever comes hears something at once. */
const WITHOUT_PAUSES = sentence('0880').audio.subarray(16_000, 2 * 16_000);

/**
 * From opening a meeting's link to hearing somebody who speaks already, against a page with nothing
 * but mediasoup-client and a server with nothing but mediasoup. Both load from an empty cache, open
 * the microphone and send it, in the same Chromium, by turns.
 */
export const joining: Benchmark = {
  name: 'join',
  summary: 'from opening the link to first sound, against a bare mediasoup client',
  run: async () => {
    await using resources = new AsyncDisposableStack();
    const folder = await mkdtemp(joinPath(tmpdir(), 'parley-bench-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const microphone = joinPath(folder, 'voice.wav');
    await writeMicrophone(microphone, WITHOUT_PAUSES);
    const parley = resources.use(await startParley({ PARLEY_LOG_LEVEL: 'error' }));
    const bare = resources.use(await BareServer.create());
    const speaking = resources.use(await launchBrowser(microphone));
    const listening = resources.use(await launchBrowser(microphone));

    const speaker = await openPage(speaking, bare.url);
    await speaker.goto(bare.url);
    const host = await openPage(speaking, parley.url);
    await host.goto(parley.url);
    await host.getByRole('button', { name: 'New meeting', exact: true }).click();
    await host.waitForURL(/\/r\//);
    const link = new URL(host.url());
    link.search = new URLSearchParams({
      ...{ name: 'Ann', speak: 'en', hear: 'en', join: '1', processing: 'off' },
    }).toString();
    await host.goto(link.href);
    await host.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    link.searchParams.set('name', 'Luz');

    const turns = await takeTurns(
      {
        ours: () => timeToFirstSound(listening, link.href),
        baseline: () => timeToFirstSound(listening, bare.url),
      },
      ROUNDS,
    );
    printTable(
      ['from opening the link to first sound', 'ms'],
      [
        ['Parley', turns.ours],
        ['mediasoup-client alone', turns.baseline],
      ],
    );
    return { benchmark: 'join', goal: 1.5, lowerIsBetter: true, unit: 'ms', ...turns };
  },
};
