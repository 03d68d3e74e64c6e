import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import type { RedisAddress } from '../cluster/redis.ts';
import { ClusterNews } from '../cluster/news.ts';
import type { ClusterBus } from '../cluster/news.ts';

const LONGEST_WAIT_MS = 1_000;
/** News of an hour ago is none. */
const MAX_STREAM = 1_000;

/**
 * News between nodes, by socket.io's redis-streams adapter: a server of its own that listens nowhere
 * and talks only to its like. Pages have nothing to do with it.
 */
export async function openClusterBus(
  { url, password }: RedisAddress,
  onNews: (news: ClusterNews) => void,
): Promise<ClusterBus> {
  const client = createClient({
    url,
    ...(password !== undefined && { password }),
    name: 'parley-bus',
    maintNotifications: 'disabled',
    socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_WAIT_MS) },
  });
  // The other connection to the same Redis tells of it.
  client.on('error', () => undefined);
  await client.connect();
  const io = new Server({
    adapter: createAdapter(client, {
      ...{ streamName: 'parley:news', channelPrefix: 'parley:news' },
      ...{ maxLen: MAX_STREAM, onlyPlaintext: true },
    }),
    serveClient: false,
  });
  io.on('news', (given: unknown) => {
    const news = ClusterNews.safeParse(given);
    if (news.success) onNews(news.data);
  });
  return {
    tell: (news) => {
      if (client.isReady) io.serverSideEmit('news', news);
    },
    close: async () => {
      await io.of('/').adapter.close();
      if (client.isOpen) client.destroy();
    },
  };
}
