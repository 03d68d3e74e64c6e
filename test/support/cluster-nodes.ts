import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { RoomId, RoomKey } from '../../server/protocol/ids.ts';
import { FakeEndpoint } from './endpoints.ts';
import { startParley } from './parley.ts';
import type { Parley } from './parley.ts';
import { startRedis } from './redis-server.ts';
import type { RedisServer } from './redis-server.ts';

const Made = z.object({ roomId: RoomId, hostKey: RoomKey, guestKey: RoomKey });
export type Made = z.infer<typeof Made>;

/** Some seconds of a real cluster take one here. */
export const QUICK = {
  PARLEY_CLUSTER_BEAT_MS: '500',
  PARLEY_CLUSTER_LEASE_MS: '2500',
  PARLEY_CLUSTER_LINGER_MS: '4000',
  PARLEY_CLUSTER_IDLE_MS: '5000',
} as const;

/** Several start on a machine that is busy with them. */
const START_MS = 80_000;

/** Servers in processes of their own that share a Redis, a secret and one server of models. */
export class ClusterNodes implements AsyncDisposable {
  readonly redis: RedisServer;
  readonly models: FakeEndpoint;
  readonly #env: Readonly<Record<string, string>>;
  readonly #nodes: Parley[] = [];
  readonly #directory: string;

  private constructor(
    parts: { redis: RedisServer; models: FakeEndpoint; directory: string },
    env: Readonly<Record<string, string>>,
  ) {
    this.redis = parts.redis;
    this.models = parts.models;
    this.#directory = parts.directory;
    this.#env = env;
  }

  /** Redis and models; nodes follow. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ClusterNodes> {
    const redis = await startRedis();
    const models = await FakeEndpoint.start();
    const directory = await mkdtemp(join(tmpdir(), 'parley-nodes-'));
    const secret = join(directory, 'secret');
    await writeFile(secret, randomBytes(48).toString('base64'), { mode: 0o600 });
    return new ClusterNodes(
      { redis, models, directory },
      {
        PARLEY_CLUSTER_REDIS_URL: redis.url,
        PARLEY_SECRET_FILE: secret,
        PARLEY_INFERENCE_URLS: models.url,
        PARLEY_RTC_WORKERS: '1',
        PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS: '10000',
        PARLEY_LIMITS_JOINS_PER_ADDRESS: '10000',
        PARLEY_LIMITS_ROOMS_PER_ADDRESS: '10000',
        ...env,
      },
    );
  }

  async add(env: Readonly<Record<string, string>> = {}): Promise<Parley> {
    const node = await startParley({ ...this.#env, ...env }, START_MS);
    this.#nodes.push(node);
    return node;
  }

  /** Everything the nodes printed. */
  output(): string {
    return this.#nodes.map((node) => `${node.url}\n${node.output()}`).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node[Symbol.asyncDispose]()));
    await this.models[Symbol.asyncDispose]();
    await this.redis[Symbol.asyncDispose]();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Makes a meeting at a node; it may be placed at another. */
export async function makeRoom({ url }: Pick<Parley, 'url'>): Promise<Made> {
  const response = await fetch(`${url}/api/rooms`, { method: 'POST' });
  if (!response.ok) throw new Error(`no meeting: ${await response.text()}`);
  return Made.parse(await response.json());
}

const Answer = z.object({
  code: z.string().optional(),
  token: z.string().optional(),
  peers: z.number().optional(),
  entry: z.string().optional(),
  node: z.object({ url: z.string() }).optional(),
  doors: z.array(z.string()).optional(),
});

/** What the door of a node says of a meeting; `owner` is where the socket is to be opened. */
export async function knockAt(
  { url }: Pick<Parley, 'url'>,
  { roomId, guestKey }: Made,
): Promise<z.infer<typeof Answer> & { readonly owner: string }> {
  const response = await fetch(`${url}/api/rooms/${roomId}/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key: guestKey }),
  });
  const answer = Answer.parse(await response.json());
  return { ...answer, owner: answer.node?.url ?? url };
}
