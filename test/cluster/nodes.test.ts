import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ClusterBot } from '../support/cluster-bot.ts';
import type { ClusterBotOptions } from '../support/cluster-bot.ts';
import { ClusterNodes, knockAt, makeRoom, QUICK } from '../support/cluster-nodes.ts';
import type { Made } from '../support/cluster-nodes.ts';
import type { Parley } from '../support/parley.ts';

/** Three nodes with a Redis between them, in a hurry: a second here is five in production. */
const LEASE_MS = Number(QUICK.PARLEY_CLUSTER_LEASE_MS);

/** How long Redis is gone: many leases. */
const OUTAGE_MS = 30_000;

const resources = new AsyncDisposableStack();
const bots = new Set<ClusterBot>();
let cluster: ClusterNodes;
let nodes: Parley[];

beforeAll(async () => {
  cluster = resources.use(
    await ClusterNodes.start({ ...QUICK, PARLEY_ROOMS_MAX_PEERS_IN_ALL: '20' }),
  );
  nodes = [await cluster.add(), await cluster.add(), await cluster.add()];
  await seen(3);
});

afterEach(() => {
  for (const bot of bots) bot[Symbol.dispose]();
  bots.clear();
});
afterAll(() => resources.disposeAsync());

/** Every node sees so many. */
async function seen(count: number): Promise<void> {
  for (const node of nodes) {
    while ((await node.metric('parley_server_cluster_nodes')) !== count) await setTimeout(50);
  }
}

function nodeAt(url: string): Parley {
  const found = nodes.find((node) => node.url === url);
  if (!found) throw new Error(`no node at ${url}`);
  return found;
}

function others(url: string): readonly Parley[] {
  return nodes.filter((node) => node.url !== url);
}

async function join(options: Omit<ClusterBotOptions, 'sound'>): Promise<ClusterBot> {
  const bot = await ClusterBot.join({ ...options, sound: false });
  bots.add(bot);
  return bot;
}

/** A meeting with someone in it, and the node that has it. */
async function meeting(): Promise<{ room: Made; owner: Parley; host: ClusterBot }> {
  const [first] = nodes;
  if (!first) throw new Error('no node');
  const room = await makeRoom(first);
  const host = await join({ home: first.url, room, host: true, name: 'Host' });
  return { room, owner: nodeAt(host.server), host };
}

describe('any node', () => {
  test('lets people into any meeting, at the one node that has it', async () => {
    const { room, owner } = await meeting();
    const answers = await Promise.all(nodes.map((node) => knockAt(node, room)));
    expect(answers.map((answer) => answer.owner)).toEqual(nodes.map(() => owner.url));
    expect(answers.map(({ peers }) => peers)).toEqual([1, 1, 1]);
    for (const answer of answers)
      expect(new Set(answer.doors)).toEqual(new Set(nodes.map(({ url }) => url)));
    const guests = await Promise.all(nodes.map(({ url }) => join({ home: url, room })));
    expect(guests.map(({ server }) => server)).toEqual(nodes.map(() => owner.url));
    expect(guests.at(-1)?.entries[0]?.joined.peers.length).toBeGreaterThan(1);
    expect(await owner.metric('parley_server_peers')).toBe(4);
  });

  test('turns a socket away that belongs elsewhere, and says so', async () => {
    const { room, owner } = await meeting();
    const [other] = others(owner.url);
    const { token } = await knockAt(owner, room);
    if (!other) throw new Error('no other');
    const { io } = await import('socket.io-client');
    const socket = io(other.url, {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
    });
    const refusal = await new Promise<unknown>((resolve) => socket.once('connect_error', resolve));
    socket.close();
    expect(refusal).toMatchObject({ data: { code: 'moved' } });
  });

  test('knows what the hosts have decided, and no meeting that was never made', async () => {
    const { room, owner, host } = await meeting();
    await host.request('host:lock', { locked: true });
    for (const node of nodes) {
      await expect.poll(async () => (await knockAt(node, room)).entry).toBe('locked');
    }
    const wrong = {
      ...room,
      guestKey: room.hostKey.split('').reverse().join('') as typeof room.guestKey,
    };
    for (const node of others(owner.url)) {
      expect((await knockAt(node, wrong)).code).toBe('roomNotFound');
    }
  });
});

test('a node that was stopped past its lease may write no more, and its meeting is elsewhere', async () => {
  const { room, owner, host } = await meeting();
  const guest = await join({ home: owner.url, room, name: 'Guest' });
  const [other] = others(owner.url);
  if (!other) throw new Error('no other');
  const refused = (await owner.metric('parley_server_cluster_refused_writes_total')) ?? 0;
  process.kill(owner.pid, 'SIGSTOP');
  // It lies in the socket's buffer until the node goes on.
  const late = host.request('host:lock', { locked: true }).catch(() => undefined);
  try {
    await expect
      .poll(async () => (await knockAt(other, room)).owner, {
        timeout: 3 * LEASE_MS,
        interval: 100,
      })
      .not.toBe(owner.url);
    await guest.entered(1);
  } finally {
    process.kill(owner.pid, 'SIGCONT');
  }
  await late;
  await expect
    .poll(() => owner.metric('parley_server_cluster_leases_lost_total'))
    .toBeGreaterThan(0);
  expect(await owner.metric('parley_server_cluster_refused_writes_total')).toBeGreaterThan(refused);
  expect((await knockAt(other, room)).entry).toBe('open');
  expect(guest.server).not.toBe(owner.url);
  await host.entered(1);
  expect(host.server).toBe(guest.server);
  expect(host.entries.at(-1)?.joined).toMatchObject({
    role: 'host',
    peerId: host.entries[0]?.joined.peerId,
    policy: { locked: false },
  });
});

test('what was decided comes with a meeting whose node is killed', async () => {
  const { room, owner, host } = await meeting();
  const home = others(owner.url)[0];
  if (!home) throw new Error('no other');
  const guest = await join({ home: home.url, room, name: 'Guest' });
  await host.request('host:lobby', { on: true });
  await host.request('host:languages', { allowed: [], most: 1 });
  await expect.poll(async () => (await knockAt(home, room)).entry).toBe('lobby');
  process.kill(owner.pid, 'SIGKILL');
  await owner.ended;
  await Promise.all([host.entered(1), guest.entered(1)]);
  expect(guest.server).toBe(host.server);
  expect(guest.server).not.toBe(owner.url);
  const joined = guest.entries.at(-1)?.joined;
  expect(joined?.policy).toMatchObject({ lobby: true, languages: { allowed: [], most: 1 } });
  expect(joined?.peerId).toBe(guest.entries[0]?.joined.peerId);
  nodes = [...others(owner.url), await cluster.add()];
  await seen(3);
});

test('without Redis meetings go on, nothing new begins, and nothing is split when it is back', async () => {
  const { room, owner, host } = await meeting();
  const { url: ownerUrl } = owner;
  const lost = await owner.metric('parley_server_cluster_leases_lost_total');
  await cluster.redis.kill();
  for (const node of nodes) {
    await expect.poll(() => node.metric('parley_server_cluster_redis_up')).toBe(0);
  }
  const [other] = others(ownerUrl);
  if (!other) throw new Error('no other');
  const refusal = await fetch(`${other.url}/api/rooms`, { method: 'POST' });
  expect([refusal.status, await refusal.json()]).toMatchObject([503, { code: 'unavailable' }]);
  expect((await knockAt(other, room)).code).toBe('unavailable');
  await setTimeout(OUTAGE_MS);
  expect(await host.request('ping', {})).toEqual({});
  expect((await knockAt(owner, room)).owner).toBe(ownerUrl);
  await host.request('host:lock', { locked: true });
  await cluster.redis.start();
  for (const node of nodes) {
    await expect.poll(() => node.metric('parley_server_cluster_redis_up')).toBe(1);
  }
  await expect
    .poll(async () => (await knockAt(other, room)).entry, { timeout: 10_000 })
    .toBe('locked');
  expect((await knockAt(other, room)).owner).toBe(ownerUrl);
  expect(host.entries).toHaveLength(1);
  expect(await owner.metric('parley_server_cluster_leases_lost_total')).toBe(lost);
  await expect.poll(async () => (await makeRoom(other)).roomId.length).toBe(22);
  await seen(3);
});

test('new meetings even out what is uneven', async () => {
  const { owner } = await meeting();
  const guests = 9;
  const { room } = await meetingAt(owner);
  await Promise.all(Array.from({ length: guests }, () => join({ home: owner.url, room })));
  const load = (node: Parley) => node.metric('parley_server_cluster_load_ratio');
  await expect
    .poll(async () => {
      const [own = 0, ...rest] = await Promise.all([owner, ...others(owner.url)].map(load));
      return rest.every((each = 1) => each < own);
    })
    .toBe(true);
  await setTimeout(2 * Number(QUICK.PARLEY_CLUSTER_BEAT_MS));
  const placed: string[] = [];
  for (let i = 0; i < 12; i++) {
    const made = await makeRoom(owner);
    placed.push((await knockAt(owner, made)).owner);
  }
  expect(placed.filter((url) => url === owner.url)).toEqual([]);
  expect(new Set(placed).size).toBe(2);
});

/** A meeting that happens to be placed at this node. */
async function meetingAt(node: Parley): Promise<{ room: Made }> {
  for (;;) {
    const room = await makeRoom(node);
    if ((await knockAt(node, room)).owner === node.url) return { room };
  }
}
