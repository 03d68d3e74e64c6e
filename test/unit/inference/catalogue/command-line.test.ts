import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { contents, NON_COMMERCIAL, Stage } from './stage.ts';

const MAIN = join(import.meta.dirname, '../../../../inference/catalogue/main.ts');

test('pull, list, verify and remove', async () => {
  await using stage = await Stage.create();

  expect(await stage.run(['list'])).toBe(0);
  expect(stage.printed.join('')).toMatch(/^toy +en +\? +\? +MIT +not here +is small$/m);
  expect(stage.printed.join('')).toContain('later is not available yet: nobody has made it.');

  expect(await stage.run(['pull', 'toy'])).toBe(0);
  expect(stage.said()).toContain('toy is here (201 kB');
  expect(await stage.run(['verify', 'toy'])).toBe(0);
  expect(stage.printed.at(-1)).toBe('toy: as it should be\n');
  expect(await state(stage)).toBe('here');

  await writeFile(stage.path('vocab.txt'), 'short');
  expect(await state(stage)).toBe('damaged');
  expect(await stage.run(['verify'])).toBe(1);
  expect(stage.printed.join('')).toMatch(/toy: not to be used\n {2}vocab\.txt is damaged: /);

  expect(await stage.run(['remove', 'toy'])).toBe(0);
  expect(await state(stage)).toBe('not here');
  expect(await stage.run(['verify'])).toBe(0);
  expect(stage.printed.at(-1)).toBe('No models are here.\n');
  expect(await stage.run(['verify', 'toy'])).toBe(1);
});

test('a set brings what there is of it, and says that it is not complete', async () => {
  await using stage = await Stage.create();

  expect(await stage.run(['pull', 'both', 'toy'])).toBe(1);
  expect(stage.said()).toContain('toy is here');
  expect(stage.said()).toContain('later is not available yet: nobody has made it.');
  expect(stage.server.requests).toHaveLength(2);
});

test.each([
  [
    ['pull', 'toy', 'canary', 'x'],
    /no model and no set called "canary", "x"[^]*Models: toy, later/,
  ],
  [['pull'], /Which models\?/],
  [[], /What is to be done\?[^]*Usage/],
  [['fetch', 'toy'], /no command "fetch"/],
  [['list', '--colour'], /--colour/],
  [['pull', 'toy', '--mirror', 'ftp://x'], /--mirror needs an address such as/],
  [['pull', 'toy', '--mirror', 'https://x/?key=1'], /--mirror needs an address such as/],
  [['pull', 'toy', '--proxy', 'secret@nowhere'], /--proxy needs an address such as/],
])('%j is refused with what would be right', async (args, message) => {
  await using stage = await Stage.create();

  expect(await stage.run(args)).toBe(2);
  expect(stage.said()).toMatch(message);
  expect(stage.said()).not.toContain('secret');
  expect(stage.server.requests).toEqual([]);
});

test('a licence is shown in plain words, and asked about where somebody can answer', async () => {
  await using stage = await Stage.create();
  const catalogue = stage.catalogue(stage.model({ licence: NON_COMMERCIAL }));
  stage.answer(false, true);

  expect(await stage.run(['pull', 'toy'], { catalogue })).toBe(3);
  expect(stage.said()).toContain('toy is under CC-BY-NC. Not for sale.');
  expect(await stage.run(['pull', 'toy'], { catalogue, ask: undefined })).toBe(3);
  expect(stage.server.requests).toEqual([]);
  expect(await stage.run(['pull', 'toy'], { catalogue })).toBe(0);
});

test('--accept-license answers for whoever is not there', async () => {
  await using stage = await Stage.create();
  const catalogue = stage.catalogue(stage.model({ licence: NON_COMMERCIAL }));

  const args = ['pull', 'toy', '--accept-license'];
  expect(await stage.run(args, { catalogue, ask: undefined })).toBe(0);
});

test('what is wrong with the directory is an error of one line', async () => {
  await using stage = await Stage.create();
  const file = join(stage.directory, 'file');
  await writeFile(file, '');

  expect(await stage.run(['pull', 'toy', '--directory', file])).toBe(1);
  expect(stage.said()).toMatch(/^E[A-Z]+: .*file/);
});

/** A file of the real catalogue whose hash is not known before it is pulled. */
const VOICE = 'silero-cis/v5_cis_base_nostress.pt';

/** The real command with the real catalogue; a mirror stands in for the publisher. */
function command(stage: Stage, ...args: string[]) {
  const mirror = ['--mirror', stage.server.url, '--directory', stage.directory];
  const child = spawn(process.execPath, [MAIN, ...args, ...mirror], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // As in a terminal: Ctrl-C goes to the group.
    detached: true,
  });
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  return { child, ended, said: text(child.stderr) };
}

test('Ctrl-C leaves what has come, says so, and the next pull goes on from there', async () => {
  await using stage = await Stage.create();
  const voice = contents(6, 300_000);
  stage.server.files.set(`/${VOICE}`, voice);
  stage.server.manners.set(`/${VOICE}`, { stall: 100_000 });
  const part = stage.part('v5_cis_base_nostress.pt', 'silero-cis');

  const first = command(stage, 'pull', 'silero-cis');
  await stage.server.stalled();
  await expect.poll(async () => (await stat(part)).size).toBe(100_000);
  process.kill(-(first.child.pid ?? 0), 'SIGINT');

  expect(await first.ended).toBe(130);
  expect(await first.said).toContain('Stopped. What has come is kept');
  expect(existsSync(stage.path('v5_cis_base_nostress.pt', 'silero-cis'))).toBe(false);

  stage.server.manners.clear();
  const second = command(stage, 'pull', 'silero-cis');
  expect(await second.ended).toBe(0);
  expect(await second.said).toContain(`${VOICE} (300 kB), from 100 kB on`);
  expect(stage.server.requests.at(-1)).toBe(`GET /${VOICE} bytes=100000-`);
});

test('two commands at once bring a model once', async () => {
  await using stage = await Stage.create();
  stage.server.files.set(`/${VOICE}`, contents(6, 300_000));
  stage.server.manners.set(`/${VOICE}`, { stall: 1000 });
  const pull = () => command(stage, 'pull', 'silero-cis');
  const first = pull();
  await stage.server.stalled();
  const second = pull();
  let said = '';
  second.child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  await eventually(() => said.includes(`at work (process ${first.child.pid ?? 0}); waiting`));
  stage.server.release();

  expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
  expect(stage.server.requests).toEqual([`GET /${VOICE}`]);
});

/** What `list` says of the toy. */
async function state(stage: Stage): Promise<string | undefined> {
  await stage.run(['list']);
  return /^toy +en +\? +\? +MIT +(.+?) +is small$/m.exec(stage.printed.at(-1) ?? '')?.[1];
}
