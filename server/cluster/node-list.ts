import { z } from 'zod';
import type { NodeInfo } from './placement.ts';
import { LOAD_OF_A_ROOM } from './placement.ts';
import type { Redis } from './redis.ts';

const NODES = 'nodes';
const ORIGINS = 'origins';
/** Pages stay open for longer than the node they came from. */
const ORIGINS_KEPT_MS = 24 * 3_600_000;
const keyOf = (id: string) => `node:${id}`;

const StoredNode = z.object({
  url: z.url({ protocol: /^https?$/ }),
  version: z.string(),
  load: z.coerce.number(),
  rooms: z.coerce.number(),
  people: z.coerce.number(),
  state: z.enum(['ready', 'draining']),
});

/** A node that has missed two beats may be gone: nothing new is given to it. */
const MISSED_BEATS = 2.5;

interface Listed extends NodeInfo {
  /** When it was last heard of, by this process's clock. */
  readonly heardAt: number;
}

export interface NodeListOptions {
  readonly redis: Redis;
  readonly beatMs: number;
  readonly leaseMs: number;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/** The nodes that are up, as they were at the last beat. */
export class NodeList {
  readonly #redis: Redis;
  readonly #options: NodeListOptions;
  #nodes = new Map<string, Listed>();
  #origins: ReadonlySet<string> = new Set();

  constructor(options: NodeListOptions) {
    this.#redis = options.redis;
    this.#options = options;
  }

  /** Those that show themselves as often as they should; when none does, it is we who did not look. */
  get lively(): readonly NodeInfo[] {
    const { now, beatMs } = this.#options;
    const since = now() - MISSED_BEATS * beatMs;
    const all = [...this.#nodes.values()];
    const lively = all.filter(({ heardAt }) => heardAt >= since);
    return lively.length > 0 ? lively : all;
  }

  find(id: string): NodeInfo | undefined {
    return this.#nodes.get(id);
  }

  /** Shows this node to the others. Rejects with a RequestError 'unavailable'. */
  async show({ id, url, version, load, rooms, people, state }: NodeInfo): Promise<void> {
    const fields = { url, version, load, rooms, people, state };
    const { leaseMs } = this.#options;
    const now = Date.now();
    await this.#redis.ask((client) =>
      client
        .multi()
        .hSet(keyOf(id), fields)
        .pExpire(keyOf(id), leaseMs)
        .sAdd(NODES, id)
        .zAdd(ORIGINS, { value: new URL(url).origin, score: now })
        .zRemRangeByScore(ORIGINS, '-inf', now - ORIGINS_KEPT_MS)
        .exec(),
    );
  }

  /** Whether pages of this origin come from a node, even one that is gone by now. */
  isNode(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** Looks who is there. Rejects with a RequestError 'unavailable'. */
  async look(): Promise<void> {
    const [ids, origins] = await this.#redis.ask((client) =>
      Promise.all([client.sMembers(NODES), client.zRange(ORIGINS, 0, -1)]),
    );
    this.#origins = new Set(origins);
    const found = await this.#redis.ask((client) =>
      Promise.all(
        ids.map((id) => Promise.all([client.hGetAll(keyOf(id)), client.pTTL(keyOf(id))])),
      ),
    );
    const now = this.#options.now();
    const nodes = ids.flatMap((id, i) => {
      const [fields, left = 0] = found[i] ?? [];
      const { data } = StoredNode.safeParse(fields);
      return data ? [{ id, ...data, heardAt: now - (this.#options.leaseMs - left) }] : [];
    });
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    const gone = ids.filter((id) => !this.#nodes.has(id));
    if (gone.length > 0) await this.#redis.ask((client) => client.sRem(NODES, gone));
  }

  /** A node was given a meeting, which its own figures do not show yet. */
  given(id: string): void {
    this.#change(id, ({ load, rooms }) => ({
      load: Math.min(0.99, load + LOAD_OF_A_ROOM),
      rooms: rooms + 1,
    }));
  }

  /** A node has said that it takes nothing new. */
  draining(id: string): void {
    this.#change(id, () => ({ state: 'draining' }));
  }

  /** This node is no more. Rejects with a RequestError 'unavailable'. */
  async leave(id: string): Promise<void> {
    await this.#redis.ask((client) => client.multi().del(keyOf(id)).sRem(NODES, id).exec());
  }

  #change(id: string, how: (node: NodeInfo) => Partial<NodeInfo>): void {
    const node = this.#nodes.get(id);
    if (node) this.#nodes.set(id, { ...node, ...how(node) });
  }
}
