import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinByLink, launchBrowser } from '../support/browser.ts';
import { ClusterNodes, knockAt, makeRoom, QUICK } from '../support/cluster-nodes.ts';
import type { Parley } from '../support/parley.ts';
import { join, silence } from '../support/pcm.ts';
import { sentence, writeMicrophone } from '../support/speech.ts';

/** Three nodes; the pages come from one that does not have the meeting at first. */
const resources = new AsyncDisposableStack();
let browser: Browser;
let cluster: ClusterNodes;
let nodes: Parley[];
let ann: Page;
let luz: Page;

beforeAll(async () => {
  const folder = await mkdtemp(joinPath(tmpdir(), 'parley-e2e-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const voice = joinPath(folder, 'voice.wav');
  await writeMicrophone(voice, join(sentence('0880').audio, silence(2_000, 16_000)));
  cluster = resources.use(await ClusterNodes.start(QUICK));
  const first = await cluster.add();
  const second = await cluster.add();
  nodes = [first, second, await cluster.add()];
  while ((await first.metric('parley_server_cluster_nodes')) !== 3) await setTimeout(50);
  browser = resources.use(await launchBrowser(voice));
  const room = await makeRoom(first);
  const home = (await knockAt(first, room)).owner === first.url ? second : first;
  const link = `${home.url}/r/${room.roomId}#k=${room.guestKey}`;
  ann = await joinByLink(browser, link, { name: 'Ann', speak: 'en', hear: 'en' });
  luz = await joinByLink(browser, link, { name: 'Luz', speak: 'es', hear: 'es' });
  await luz.getByRole('button', { name: 'Mute', exact: true }).click();
});

afterAll(() => resources.disposeAsync());

const finals = (page: Page): Locator => page.locator('[role=log] [data-final="true"]');

async function owner(): Promise<Parley> {
  for (const node of nodes) {
    if ((await node.metric('parley_server_peers').catch(() => 0)) === 2) return node;
  }
  throw new Error('nobody has the meeting');
}

async function translatedAgain(page: Page): Promise<void> {
  const before = await finals(page).count();
  await expect.poll(() => finals(page).count(), { timeout: 40_000 }).toBeGreaterThan(before);
  await page.locator('audio[data-track=translation]').first().waitFor({ state: 'attached' });
}

async function together(page: Page): Promise<void> {
  const people = page.getByRole('list', { name: 'Participants', exact: true });
  await expect.poll(() => people.getByRole('listitem').count(), { timeout: 20_000 }).toBe(2);
}

test('a page of one node takes part in a meeting at another', async () => {
  await together(luz);
  await translatedAgain(luz);
  const people = await Promise.all(nodes.map((node) => node.metric('parley_server_peers')));
  expect(people.sort()).toEqual([0, 0, 2]);
});

test('when the node stops the call goes on at the other, with all that was read', async () => {
  const before = await finals(luz).count();
  const old = await owner();
  process.kill(old.pid, 'SIGTERM');
  expect(await old.ended).toBe(0);
  nodes = nodes.filter((node) => node !== old);
  await together(ann);
  await translatedAgain(luz);
  expect(await finals(luz).count()).toBeGreaterThan(before);
  expect(await owner()).not.toBe(old);
});

test('when the next node is killed the call comes back at the last', async () => {
  const doomed = await owner();
  process.kill(doomed.pid, 'SIGKILL');
  nodes = nodes.filter((node) => node !== doomed);
  const [last] = nodes;
  await expect.poll(() => last?.metric('parley_server_peers'), { timeout: 30_000 }).toBe(2);
  await together(luz);
  await translatedAgain(luz);
});
