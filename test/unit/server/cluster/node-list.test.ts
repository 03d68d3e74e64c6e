import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NodeList } from '../../../../server/cluster/node-list.ts';
import type { NodeInfo } from '../../../../server/cluster/placement.ts';
import { Redis } from '../../../../server/cluster/redis.ts';
import { redisInstalled, startRedis } from '../../../support/redis-server.ts';
import type { RedisServer } from '../../../support/redis-server.ts';
import { silent } from '../../../support/room-stage.ts';

const BEAT_MS = 10_000;
const LEASE_MS = 30_000;

const node = (id: string): NodeInfo => ({
  ...{ id, url: `https://${id}.example:8443`, version: '1.0.0', load: 0.25 },
  ...{ rooms: 3, people: 7, state: 'ready' },
});

describe.skipIf(!redisInstalled)('the nodes that are up', () => {
  let server: RedisServer;
  let redis: Redis;
  let time = 0;
  let list: NodeList;

  beforeAll(async () => {
    server = await startRedis();
    redis = await Redis.connect({ url: server.url }, silent);
    list = new NodeList({ redis, beatMs: BEAT_MS, leaseMs: LEASE_MS, now: () => time });
  });
  afterAll(async () => {
    redis.close();
    await server[Symbol.asyncDispose]();
  });

  const seen = () => list.lively.map(({ id }) => id).sort();

  test('are those that have shown themselves, as they said', async () => {
    await list.show(node('one'));
    await list.show(node('two'));
    await list.look();
    expect(list.find('one')).toMatchObject(node('one'));
    expect(seen()).toEqual(['one', 'two']);
  });

  test('but for those that have missed two beats', async () => {
    time += 20_000;
    await list.show(node('two'));
    // Its record is as old as the clock says.
    await redis.ask((client) => client.pExpire('node:one', LEASE_MS - 26_000));
    await list.look();
    expect(seen()).toEqual(['two']);
    expect(list.find('one')).toBeDefined();
  });

  test('when none seems to be, it is this process that has not looked', () => {
    time += 60_000;
    expect(seen()).toEqual(['one', 'two']);
  });

  test('pages of a node that is gone still come from a node; others do not', async () => {
    await list.leave('one');
    await list.look();
    expect(list.find('one')).toBeUndefined();
    expect(list.isNode('https://one.example:8443')).toBe(true);
    expect(list.isNode('https://one.example')).toBe(false);
    expect(list.isNode('https://evil.example')).toBe(false);
  });

  test('what another program has put there is no node', async () => {
    await redis.ask((client) =>
      Promise.all([
        client.sAdd('nodes', 'odd'),
        client.hSet('node:odd', { url: 'javascript:alert(1)', version: '1', load: 'x' }),
      ]),
    );
    await list.look();
    expect(list.find('odd')).toBeUndefined();
    expect(await redis.ask((client) => client.sIsMember('nodes', 'odd'))).toBe(0);
  });
});
