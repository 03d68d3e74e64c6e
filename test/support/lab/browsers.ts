import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../browser.ts';
import { join, silence } from '../pcm.ts';
import { sentence, writeMicrophone } from '../speech.ts';
import type { Person } from './hosts.ts';
import type { Lab } from './lab.ts';

const RATE = 16_000;
/**
 * Two sentences without end. The pauses are so short that something is always to be heard soon, and so
 * long that a sentence always ends there, whatever a bad network makes of its last word.
 */
const PAUSE_MS = 900;
const SENTENCES = [sentence('0880'), sentence('0930')];
const SAID = join(...SENTENCES.flatMap(({ audio }) => [audio, silence(PAUSE_MS, RATE)]));
export const WORDS_IN_LOOP = SENTENCES.flatMap(({ words }) => words.split(' ')).length;
/** After so long the speaker says the same again. */
export const LOOP_MS = (SAID.length / RATE) * 1_000;

/** One browser on each person's host: somebody who speaks without end, and somebody who is quiet. */
export class LabBrowsers implements AsyncDisposable {
  readonly #folder: string;
  readonly #browsers: Readonly<Record<Person, Browser>>;

  private constructor(folder: string, browsers: Readonly<Record<Person, Browser>>) {
    this.#folder = folder;
    this.#browsers = browsers;
  }

  static async launch(lab: Lab): Promise<LabBrowsers> {
    const folder = await mkdtemp(joinPath(tmpdir(), 'parley-browsers-'));
    const [voice, quiet] = [joinPath(folder, 'voice.wav'), joinPath(folder, 'quiet.wav')];
    await writeMicrophone(voice, SAID);
    await writeMicrophone(quiet, silence(2_000, RATE));
    const [speaker, listener] = await Promise.all([
      launchOn(lab, 'speaker', voice),
      launchOn(lab, 'listener', quiet),
    ]);
    return new LabBrowsers(folder, { speaker, listener });
  }

  of(person: Person): Browser {
    return this.#browsers[person];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { speaker, listener } = this.#browsers;
    await Promise.all([speaker.close(), listener.close()]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Headless Chromium on a person's host, with a WAV file as its microphone (see writeMicrophone). */
async function launchOn(lab: Lab, person: Person, microphone: string): Promise<Browser> {
  return launchBrowser(microphone, {
    executablePath: await lab.wrapper(person, '/usr/bin/chromium'),
    // The certificates of server and relay are of our own making.
    more: ['--ignore-certificate-errors'],
  });
}
