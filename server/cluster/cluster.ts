import { setTimeout } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import { StartError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { LocalRooms } from './directory.ts';
import { Busyness, loadOf } from './load.ts';
import type { Shares } from './load.ts';
import type { ClusterBus, ClusterNews, OpenBus } from './news.ts';
import { NodeList } from './node-list.ts';
import type { ClusterOptions } from './options.ts';
import { place } from './placement.ts';
import { Redis } from './redis.ts';
import type { RedisAddress } from './redis.ts';
import { RoomStore } from './room-store.ts';
import { SharedDirectory } from './shared-directory.ts';

export interface ClusterParts {
  readonly options: ClusterOptions;
  readonly redis: RedisAddress;
  /** How long a meeting is known after anybody was heard of in it. */
  readonly keepMs: number;
  readonly version: string;
  /** The same on all nodes, and nobody else knows it. */
  readonly fingerprint: string;
  readonly rooms: LocalRooms & {
    /** Ends a meeting for everyone, if it is here. */
    end(id: RoomId): void;
  };
  /** How full this node is. */
  readonly figures: () => {
    readonly rooms: number;
    readonly people: number;
    readonly shares: Pick<Shares, 'rooms' | 'people' | 'streams'>;
  };
  /** The way to the other nodes, over this Redis. */
  readonly openBus: (address: RedisAddress, ...args: Parameters<OpenBus>) => ReturnType<OpenBus>;
  readonly log: Logger;
}

/** How long leaving may take: what is not told then runs out by itself. */
const LEAVE_MS = 1_500;

/** This server as one of several nodes: shows itself, renews its meetings, and hands them over. */
export class Cluster {
  readonly directory: SharedDirectory;
  readonly #parts: ClusterParts;
  readonly #redis: Redis;
  readonly #nodes: NodeList;
  readonly #id: string;
  readonly #bus: ClusterBus;
  readonly #busyness = new Busyness();
  #url = '';
  #load = 0;
  #timer: NodeJS.Timeout | undefined;
  #beating = false;

  private constructor(
    parts: ClusterParts,
    made: {
      redis: Redis;
      nodes: NodeList;
      id: string;
      bus: ClusterBus;
      directory: SharedDirectory;
    },
  ) {
    this.#parts = parts;
    this.#redis = made.redis;
    this.#nodes = made.nodes;
    this.#id = made.id;
    this.#bus = made.bus;
    this.directory = made.directory;
  }

  /** Rejects with a StartError when Redis cannot be reached, or other nodes have another secret. */
  static async create(parts: ClusterParts): Promise<Cluster> {
    const { options, rooms, version, keepMs, log } = parts;
    const { beatMs, leaseMs, captionsMs } = options;
    const redis = await Redis.connect(parts.redis, log).catch((cause: unknown) => {
      throw new StartError('Redis, which PARLEY_CLUSTER_REDIS_URL names, cannot be reached.', {
        cause,
      });
    });
    try {
      await requireSameSecret(redis, parts.fingerprint);
      const id = nanoid();
      const nodes = new NodeList({ redis, beatMs, leaseMs, now: () => performance.now() });
      const store = new RoomStore({ redis, node: id, leaseMs, captionsMs, keepMs });
      const directory = new SharedDirectory({ store, nodes, rooms, id, version });
      const bus = await parts.openBus(parts.redis, (news) => {
        hear(news, { nodes, rooms });
      });
      return new Cluster(parts, { redis, nodes, id, bus, directory });
    } catch (error) {
      redis.close();
      throw error;
    }
  }

  /** Whether Redis is there. */
  get connected(): boolean {
    return this.#redis.up;
  }

  /** Nodes that are up, this one among them. */
  get nodes(): number {
    return this.#nodes.lively.length;
  }

  get load(): number {
    return this.#load;
  }

  /** Whether a page of this origin comes from one of the nodes. */
  isNode(origin: string): boolean {
    return this.#nodes.isNode(origin);
  }

  /** From now on this node takes meetings; `url` is where it listens. */
  async start(url: string): Promise<void> {
    this.#url = this.#parts.options.url || url;
    await this.#beat();
    this.#timer = setInterval(() => void this.#beat(), this.#parts.options.beatMs);
  }

  /** Ends a meeting for everyone, on whichever node it is, or on none. Rejects without Redis. */
  async endRoom(roomId: RoomId): Promise<void> {
    this.#parts.rooms.end(roomId);
    this.#bus.tell({ type: 'endRoom', roomId });
    await this.directory.forget(roomId);
  }

  /**
   * Takes nothing new and hands every meeting to another node, one after the other. Resolves when
   * nobody is left and people have had the time to change over, or when it is called off. `onStuck` is
   * called once if no other node takes them; it is tried again and again.
   */
  async drain(onStuck: () => unknown, signal: AbortSignal): Promise<void> {
    const { options, log } = this.#parts;
    this.directory.draining = true;
    this.#nodes.draining(this.#id);
    this.#bus.tell({ type: 'draining', node: this.#id });
    await this.#beat();
    let stuck = false;
    let moved = 0;
    const pause = (ms: number) => setTimeout(ms, undefined, { signal }).catch(() => undefined);
    while (!signal.aborted && this.#parts.figures().people > 0) {
      const now = await this.#moveAll(pause);
      moved += now;
      if (now > 0) continue;
      if (!stuck) onStuck();
      stuck = true;
      await pause(options.beatMs);
    }
    log.info({ meetings: moved }, 'handed over to other nodes');
    if (moved > 0) await pause(options.lingerMs);
  }

  /** Lets go of everything, so that other nodes need not wait until it runs out. Idempotent. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.race([this.#leave().catch(() => undefined), setTimeout(LEAVE_MS)]);
    await this.#bus.close();
    this.#redis.close();
  }

  async #leave(): Promise<void> {
    await Promise.all([this.directory.releaseAll(), this.#nodes.leave(this.#id)]);
  }

  async #moveAll(pause: (ms: number) => Promise<unknown>): Promise<number> {
    const { rooms, version, options } = this.#parts;
    let moved = 0;
    for (const id of rooms.ids) {
      const others = this.#nodes.lively.filter((node) => node.id !== this.#id);
      const heir = place(others, { version, atLeast: version });
      if (!heir) return moved;
      try {
        await this.directory.handOver(id, heir, options.lingerMs);
      } catch {
        return moved;
      }
      moved += 1;
      // Everyone comes back at once otherwise.
      await pause(2 * Math.random() * options.moveSpacingMs);
    }
    return moved;
  }

  /** Without Redis there is nothing to do but to try again. */
  async #beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    try {
      await this.#nodes.show(this.#self());
      await this.#nodes.look();
      await this.directory.renew();
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'a beat was missed');
    } finally {
      this.#beating = false;
    }
  }

  #self() {
    const { rooms, people, shares } = this.#parts.figures();
    this.#load = loadOf({ ...shares, ...this.#busyness.look() });
    return {
      ...{ id: this.#id, url: this.#url, version: this.#parts.version, load: this.#load },
      ...({ rooms, people, state: this.directory.draining ? 'draining' : 'ready' } as const),
    };
  }
}

function hear(
  news: ClusterNews,
  { nodes, rooms }: { readonly nodes: NodeList; readonly rooms: ClusterParts['rooms'] },
): void {
  switch (news.type) {
    case 'draining':
      nodes.draining(news.node);
      break;
    case 'endRoom':
      rooms.end(news.roomId);
      break;
  }
}

/** Links and tokens of one node must be good at all. */
async function requireSameSecret(redis: Redis, fingerprint: string): Promise<void> {
  const known = await redis.ask(async (client) => {
    await client.set('secret', fingerprint, { condition: 'NX' });
    return client.get('secret');
  });
  if (known === fingerprint) return;
  throw new StartError(
    'The other nodes of this cluster have another secret. Give all of them the same file in ' +
      'PARLEY_SECRET_FILE. If it was changed on purpose, stop all nodes and delete the key ' +
      'parley:secret in Redis.',
  );
}
