import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalRooms, RoomDirectory } from '../../../../server/cluster/directory.ts';
import { NodeList } from '../../../../server/cluster/node-list.ts';
import { Redis } from '../../../../server/cluster/redis.ts';
import { RoomStore } from '../../../../server/cluster/room-store.ts';
import { SharedDirectory } from '../../../../server/cluster/shared-directory.ts';
import { SingleNode } from '../../../../server/cluster/single-node.ts';
import type { RoomId } from '../../../../server/protocol/ids.ts';
import { LanguageTag, PeerId } from '../../../../server/protocol/ids.ts';
import type { CaptionLine } from '../../../../server/rooms/captions.ts';
import type { RoomPast } from '../../../../server/rooms/chronicle.ts';
import { newRoomId } from '../../../../server/rooms/room-id.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisInstalled, startRedis } from '../../../support/redis-server.ts';
import type { RedisServer } from '../../../support/redis-server.ts';
import { silent } from '../../../support/room-stage.ts';

const LEASE_MS = 1_500;

/** Rooms as a directory sees them. */
class Rooms implements LocalRooms {
  readonly opened = new Map<RoomId, RoomPast | undefined>();
  readonly moved: RoomId[] = [];

  get ids() {
    return [...this.opened.keys()];
  }
  has(id: RoomId): boolean {
    return this.opened.has(id);
  }
  create(): RoomId {
    const id = newRoomId();
    this.opened.set(id, undefined);
    return id;
  }
  open(id: RoomId, past?: RoomPast): void {
    this.opened.set(id, past);
  }
  move(id: RoomId): void {
    this.opened.delete(id);
    this.moved.push(id);
  }
}

interface Node {
  readonly rooms: Rooms;
  readonly nodes: NodeList;
  readonly directory: SharedDirectory;
  readonly redis: Redis;
}

let server: RedisServer;
const open: Redis[] = [];

beforeAll(async () => {
  if (redisInstalled) server = await startRedis();
});
afterAll(async () => {
  if (redisInstalled) await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  if (!redisInstalled) return;
  const redis = await Redis.connect({ url: server.url }, silent);
  await redis.ask((client) => client.flushAll());
  redis.close();
});
afterEach(() => {
  for (const redis of open.splice(0)) redis.close();
});

async function node(id: string, { load = 0, version = '1.0.0' } = {}): Promise<Node> {
  const redis = await Redis.connect({ url: server.url }, silent);
  open.push(redis);
  const nodes = new NodeList({
    ...{ redis, beatMs: 10_000, leaseMs: 60_000 },
    now: () => performance.now(),
  });
  const store = new RoomStore({
    ...{ redis, node: id, leaseMs: LEASE_MS, captionsMs: 60_000, keepMs: 60_000 },
  });
  const rooms = new Rooms();
  const directory = new SharedDirectory({ store, nodes, rooms, id, version });
  const url = `http://${id}.example`;
  await nodes.show({ ...{ id, url, version, load }, rooms: 0, people: 0, state: 'ready' });
  return { rooms, nodes, directory, redis };
}

/** Nodes that know each other, the first idle and so chosen for what is new. */
async function cluster(...names: string[]): Promise<Node[]> {
  const all = [];
  for (const [i, name] of names.entries()) all.push(await node(name, { load: i / 10 }));
  for (const { nodes } of all) await nodes.look();
  return all;
}

const line = (sequence: number, committed: string): CaptionLine => ({
  ...{ sequence, revision: sequence },
  speaker: { peerId: PeerId.parse('ann'), displayName: 'Ann', colour: 0 },
  caption: {
    ...{ type: 'caption', speaker: 'a', utterance: sequence, source: 'en', startedAt: 1 },
    transcript: { committed, tentative: '' },
    ...{ translations: [], final: true },
  },
});

const decided = {
  policy: {
    ...{ locked: true, lobby: false, consentNotice: false },
    languages: { allowed: null, most: null },
  },
  ...{ ended: false, removed: [PeerId.parse('bob')], roles: [] },
};

const alone = (): Promise<RoomDirectory> => Promise.resolve(new SingleNode(new Rooms()));
const shared = async (): Promise<RoomDirectory> => {
  const [only] = await cluster('one');
  if (!only) throw new Error('no node');
  return only.directory;
};

describe.each([
  { name: 'a server that is alone', build: alone, possible: true },
  { name: 'the only node of a cluster', build: shared, possible: redisInstalled },
])('$name', ({ build, possible }) => {
  beforeEach(({ skip }) => {
    skip(!possible, 'redis-server is not installed');
  });

  test('finds what was founded, here', async () => {
    const directory = await build();
    const id = await directory.found();
    expect(await directory.locate(id, false)).toMatchObject({});
    await directory.open(id, false);
    expect(directory.holds(id)).toBe(true);
    expect((await directory.locate(id, false))?.url).toBeUndefined();
  });

  test('knows nothing of what was not, unless it may be new', async () => {
    const directory = await build();
    expect(await directory.locate(newRoomId(), false)).toBeUndefined();
    expect(await directory.locate(newRoomId(), true)).toMatchObject({});
  });
});

describe.skipIf(!redisInstalled)('nodes that share a Redis', () => {
  test('a meeting is where it was opened, whichever node is asked', async () => {
    const [one, two, three] = await cluster('one', 'two', 'three');
    const id = await two?.directory.found();
    if (!one || !two || !three || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    expect((await two.directory.locate(id, false))?.url).toBe('http://one.example');
    expect((await three.directory.locate(id, false))?.url).toBe('http://one.example');
    expect((await one.directory.locate(id, false))?.url).toBeUndefined();
    await expect(two.directory.open(id, false)).rejects.toMatchObject({ code: 'moved' });
    expect(two.rooms.ids).toEqual([]);
  });

  test('of many that open it at once one gets it', async () => {
    const all = await cluster('one', 'two', 'three');
    const id = newRoomId();
    const outcomes = await Promise.allSettled(
      all.flatMap(({ directory }) => [directory.open(id, true), directory.open(id, true)]),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(all.filter(({ rooms }) => rooms.has(id))).toHaveLength(1);
  });

  test('what nobody has is given to the idler node, and stays given', async () => {
    const [one, two] = await cluster('idle', 'busy');
    const id = await two?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    expect((await two.directory.locate(id, false))?.url).toBe('http://idle.example');
    expect((await two.directory.locate(id, false))?.url).toBe('http://idle.example');
    expect((await one.directory.locate(id, false))?.url).toBeUndefined();
  });

  test('a meeting outlives its node, with its words and what was decided', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    const chronicle = one.directory.chronicle(id);
    chronicle?.lines([line(1, 'first'), line(2, 'second')]);
    chronicle?.lines([{ ...line(1, 'corrected'), revision: 3, corrected: true }]);
    chronicle?.decided(decided);
    const ann = PeerId.parse('ann');
    const author = { peerId: ann, displayName: 'Ann', colour: 0 };
    const message = {
      ...{ author, sequence: 4, consents: true, source: LanguageTag.parse('en') },
      ...{ text: 'written', sentAt: 1 },
    };
    chronicle?.wrote(message);
    chronicle?.readers([[ann, [{ from: 1, until: Infinity }]]], 1);
    // It dies here: no more beats, and the lease runs out.
    await expect.poll(() => settles(two.directory.open(id, false)), { timeout: 6_000 }).toBe(true);
    const past = two.rooms.opened.get(id);
    expect(
      past?.lines.map(({ sequence, caption }) => [sequence, caption.transcript.committed]),
    ).toEqual([
      [1, 'corrected'],
      [2, 'second'],
    ]);
    expect(past?.messages).toEqual([message]);
    expect(past?.decisions).toEqual(decided);
    expect(past?.readers).toEqual([[ann, [{ from: 1, until: Infinity }]]]);
  });

  test('one who was away too long may write no more and lets go at once', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    await expect.poll(() => settles(two.directory.open(id, false)), { timeout: 6_000 }).toBe(true);
    two.directory.chronicle(id)?.lines([line(5, 'of the new node')]);
    one.directory.chronicle(id)?.lines([line(6, 'of the old node')]);
    await eventually(() => one.rooms.moved.length > 0);
    expect(one.directory.counts).toMatchObject({ refused: 1, lost: 1 });
    expect(one.directory.holds(id)).toBe(false);
    two.directory.release(id);
    await expect.poll(() => settles(one.directory.open(id, false)), { timeout: 6_000 }).toBe(true);
    const words = one.rooms.opened
      .get(id)
      ?.lines.map(({ caption }) => caption.transcript.committed);
    expect(words).toEqual(['of the new node']);
  });

  test('a lease that ran out and that nobody took is taken again', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    const owner = async () => (await two.directory.elsewhere(id))?.node;
    expect(await owner()).toBe('http://one.example');
    await expect.poll(owner, { timeout: 10 * LEASE_MS }).toBeUndefined();
    await one.directory.renew();
    expect(one.directory.holds(id)).toBe(true);
    one.directory.chronicle(id)?.decided(decided);
    await expect.poll(async () => (await one.directory.locate(id, false)) !== undefined).toBe(true);
    expect(one.directory.counts).toMatchObject({ refused: 0, lost: 0 });
  });

  test('handed over it is at the heir’s, and the words come with it', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    one.directory.chronicle(id)?.lines([line(1, 'before the move')]);
    const heir = one.nodes.find('two');
    if (!heir) throw new Error('no heir');
    await one.directory.handOver(id, heir, 0);
    expect(one.rooms.moved).toEqual([id]);
    expect((await one.directory.locate(id, false))?.url).toBe('http://two.example');
    await two.directory.open(id, false);
    expect(two.rooms.opened.get(id)?.lines).toHaveLength(1);
  });

  test('from outside one sees how many are in a meeting, and where, without giving it a node', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    expect(await two.directory.elsewhere(id)).toEqual({ people: 0 });
    await one.directory.open(id, false);
    one.directory.chronicle(id)?.readers([], 3);
    await expect
      .poll(() => two.directory.elsewhere(id))
      .toEqual({ people: 3, node: 'http://one.example' });
    expect(await one.directory.elsewhere(id)).toBeUndefined();
  });

  test('a meeting that no node has can be ended: its links open nothing but for its host', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    await two.directory.forget(id);
    expect(await one.directory.locate(id, false)).toBeUndefined();
    expect(await one.directory.locate(id, true)).toBeDefined();
  });

  test('one that a node has is left to that node', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    await two.directory.forget(id);
    one.directory.release(id);
    await expect.poll(async () => (await two.directory.elsewhere(id))?.node).toBeUndefined();
    expect(await two.directory.locate(id, false)).toBeDefined();
  });

  test('words of a meeting that was ended are forgotten, decisions are not', async () => {
    const [one] = await cluster('one');
    const id = await one?.directory.found();
    if (!one || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    const chronicle = one.directory.chronicle(id);
    chronicle?.lines([line(1, 'secret')]);
    chronicle?.decided({ ...decided, ended: true });
    chronicle?.ended();
    one.directory.release(id);
    one.rooms.move(id);
    await expect.poll(() => settles(one.directory.open(id, false)), { timeout: 6_000 }).toBe(true);
    expect(one.rooms.opened.get(id)).toMatchObject({ lines: [], decisions: { ended: true } });
  });
});

describe.skipIf(!redisInstalled)('without Redis', () => {
  test('what is here goes on, what is new is refused, and afterwards all is as before', async () => {
    const [one, two] = await cluster('one', 'two');
    const id = await one?.directory.found();
    if (!one || !two || !id) throw new Error('incomplete');
    await one.directory.open(id, false);
    await server.kill();
    await eventually(() => !one.redis.up && !two.redis.up);
    await expect(one.directory.renew()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await one.directory.locate(id, false)).toEqual({});
    await expect(one.directory.found()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(two.directory.locate(id, false)).rejects.toMatchObject({ code: 'unavailable' });
    one.directory.chronicle(id)?.decided(decided);
    await server.start();
    await eventually(() => one.redis.up && two.redis.up);
    // It has come back empty: the node tells it all it knows.
    await one.directory.renew();
    await expect
      .poll(async () => (await two.directory.locate(id, false).catch(() => undefined))?.told)
      .toEqual({ people: 0, decisions: decided });
    expect(one.directory.holds(id)).toBe(true);
    await expect(two.directory.open(id, false)).rejects.toMatchObject({ code: 'moved' });
  });
});

async function settles(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}
