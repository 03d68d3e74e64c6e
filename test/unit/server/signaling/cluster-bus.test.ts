import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClusterBus, ClusterNews } from '../../../../server/cluster/news.ts';
import { newRoomId } from '../../../../server/rooms/room-id.ts';
import { openClusterBus } from '../../../../server/signaling/cluster-bus.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisInstalled, startRedis } from '../../../support/redis-server.ts';
import type { RedisServer } from '../../../support/redis-server.ts';

const end: ClusterNews = { type: 'endRoom', roomId: newRoomId() };

describe.skipIf(!redisInstalled)('news between nodes', () => {
  let redis: RedisServer;
  let buses: ClusterBus[];
  const heard: ClusterNews[][] = [[], [], []];

  beforeEach(async () => {
    redis = await startRedis();
    for (const each of heard) each.length = 0;
    buses = await Promise.all(
      heard.map((mine) =>
        openClusterBus({ url: redis.url }, (news) => {
          mine.push(news);
        }),
      ),
    );
  });
  afterEach(async () => {
    await Promise.all(buses.map((bus) => bus.close()));
    await redis[Symbol.asyncDispose]();
  });

  /** Told again until all others have heard it: whoever has not subscribed yet hears nothing. */
  async function reaches(news: ClusterNews): Promise<void> {
    const [, two = [], three = []] = heard;
    const again = setInterval(() => buses[0]?.tell(news), 50);
    await eventually(() => two.length > 0 && three.length > 0);
    clearInterval(again);
  }

  test('all others hear it, and not who has told it', async () => {
    await reaches(end);
    expect(heard[1]?.[0]).toEqual(end);
    expect(heard[2]?.[0]).toEqual(end);
    expect(heard[0]).toEqual([]);
  });

  test('it goes on when Redis has been away', async () => {
    await reaches(end);
    await redis.kill();
    buses[0]?.tell(end);
    await redis.start();
    for (const each of heard) each.length = 0;
    const news: ClusterNews = { type: 'draining', node: 'one' };
    await reaches(news);
    expect(heard[1]?.at(-1)).toEqual(news);
  });
});
