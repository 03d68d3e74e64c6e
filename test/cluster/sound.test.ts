import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterBot } from '../support/cluster-bot.ts';
import { ClusterNodes, makeRoom, QUICK } from '../support/cluster-nodes.ts';
import type { Made } from '../support/cluster-nodes.ts';
import type { Parley } from '../support/parley.ts';
import { as48k, sentence } from '../support/speech.ts';

const RESULTS = join(import.meta.dirname, '../.artifacts/cluster.json');
/** From the death of the node to translated words from another one, with the times of production. */
const BACK_WITHIN_MS = 20_000;
/** A meeting that is handed over: how long somebody who speaks is not heard, beside their own pauses. */
const GAP_MS = 3_000;
/** The speaker's own pause, and what this machine adds to it when it is busy. */
const OWN_PAUSE_MS = 2_000;
const BETWEEN_PHRASES_MS = 400;
const PHRASE_MS = 3_000;

const results: Record<string, number> = {};
const resources = new AsyncDisposableStack();
let words: Float32Array;
let cluster: ClusterNodes;
let nodes: Parley[];

interface Call extends Disposable {
  readonly room: Made;
  readonly speaker: ClusterBot;
  readonly listener: ClusterBot;
}

beforeAll(async () => {
  // "Ill disposed young man", and a pause.
  const phrase = sentence('0880').audio.subarray(17_600);
  words = new Float32Array(PHRASE_MS * 48);
  words.set(await as48k(phrase));
  // The times of production, but for the seconds that a node that stops waits at the end.
  const { PARLEY_CLUSTER_LINGER_MS } = QUICK;
  cluster = resources.use(await ClusterNodes.start({ PARLEY_CLUSTER_LINGER_MS }));
  nodes = [await cluster.add(), await cluster.add(), await cluster.add()];
});

afterAll(async () => {
  await resources.disposeAsync();
  await mkdir(join(RESULTS, '..'), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
});

/** A speaker of English and a listener to Spanish. */
async function call(): Promise<Call> {
  while (nodes.length < 2) nodes.push(await cluster.add());
  const [home] = nodes;
  if (!home) throw new Error('no node');
  const room = await makeRoom(home);
  const speaker = await ClusterBot.join({ home: home.url, room, says: words, name: 'Speaker' });
  const listener = await ClusterBot.join({ home: home.url, room, hear: 'es', name: 'Listener' });
  return {
    ...{ room, speaker, listener },
    [Symbol.dispose]: () => {
      speaker[Symbol.dispose]();
      listener[Symbol.dispose]();
    },
  };
}

async function found<T>(what: string, look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + 2 * BACK_WITHIN_MS;
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not come`);
    await setTimeout(10);
  }
}

/** When translated words, begun after `since`, were first heard. */
async function translated({ listener }: Call, since: number): Promise<number> {
  return found('a translated voice', () =>
    listener.ears.translation.onsetAfter(since, BETWEEN_PHRASES_MS),
  );
}

/** The node that has the meeting; it is no more afterwards. */
function taken({ speaker }: Call): Parley {
  const owner = nodes.find(({ url }) => url === speaker.server);
  if (!owner) throw new Error('nobody has the meeting');
  nodes = nodes.filter((node) => node !== owner);
  return owner;
}

test('a node is killed: its meeting is back on another one, and so are the words', async () => {
  using running = await call();
  const { speaker, listener } = running;
  await translated(running, performance.now());
  const before = listener.captions.length;
  const owner = taken(running);

  const at = performance.now();
  process.kill(owner.pid, 'SIGKILL');
  await Promise.all([speaker.entered(1), listener.entered(1)]);
  const inAgain = Math.max(...[speaker, listener].map(({ entries }) => entries[1]?.at ?? Infinity));
  const voice = await found('the voice', () => listener.ears.original.soundAfter(inAgain));
  const heard = await translated(running, inAgain);
  results['killed: original'] = Math.round(voice - at);
  results['killed: translated'] = Math.round(heard - at);

  expect(speaker.server).toBe(listener.server);
  expect(speaker.server).not.toBe(owner.url);
  const joined = listener.entries[1]?.joined;
  expect(joined?.peerId).toBe(listener.entries[0]?.joined.peerId);
  expect(joined?.captions.length).toBeGreaterThanOrEqual(Math.min(before, 1));
  expect(heard - at).toBeLessThan(BACK_WITHIN_MS);
});

test('nodes are restarted one after the other: the call moves on and is not cut', async () => {
  using running = await call();
  const { speaker, listener } = running;
  await translated(running, performance.now());
  const gaps: number[] = [];
  for (const round of [1, 2]) {
    const owner = taken(running);
    const at = performance.now();
    process.kill(owner.pid, 'SIGTERM');
    await Promise.all([speaker.entered(round), listener.entered(round)]);
    const heard = await translated(running, performance.now());
    gaps.push(listener.ears.original.longestSilence(at - PHRASE_MS, heard));
    expect(await owner.ended).toBe(0);
    expect(speaker.server).toBe(listener.server);
    // The next version comes up in its place.
    if (round === 1) nodes.push(await cluster.add());
  }
  const now = performance.now();
  const undisturbed = listener.ears.original.longestSilence(now - PHRASE_MS, now);
  results['drained: silence'] = Math.round(Math.max(...gaps));
  results['undisturbed: silence'] = Math.round(undisturbed);
  expect(Math.max(...gaps)).toBeLessThan(OWN_PAUSE_MS + GAP_MS);
  for (const bot of [speaker, listener]) {
    expect(bot.entries).toHaveLength(3);
    const ids = bot.entries.map(({ joined: { peerId } }) => peerId);
    expect(new Set(ids).size).toBe(1);
    expect(bot.refusals).toEqual([]);
  }
  const sequences = listener.captions.map(({ caption: { sequence } }) => sequence);
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
});
