import { z } from 'zod';
import type { RoomId } from '../protocol/ids.ts';
import type { RoomPast } from '../rooms/chronicle.ts';
import type { Decisions } from '../rooms/moderation.ts';
import type { Redis } from './redis.ts';
import { roomKeys } from './scripts.ts';
import { readDecisions, readLines, readMessages, readReaders } from './stored.ts';

/** Lines of one meeting that are kept, the newest; some more while Redis tidies up. */
export const MAX_LINES = 2_000;

export interface RoomStoreOptions {
  readonly redis: Redis;
  /** This node. */
  readonly node: string;
  /** How long each is kept without news of it. */
  readonly leaseMs: number;
  readonly captionsMs: number;
  readonly keepMs: number;
}

/** Who has a meeting, and the number that fences off who had it before. */
export interface Claim {
  readonly node: string;
  readonly generation: string;
}

export interface Seen {
  /** Undefined: nobody has it. */
  readonly node: string | undefined;
  /** False: nobody knows of it. */
  readonly known: boolean;
  /** Of the node that had it last. */
  readonly version: string | undefined;
  readonly people: number;
  readonly decisions: Decisions | undefined;
}

/** What is to be changed: fields of what was decided, and lines that are added. */
export interface Change {
  readonly fields: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  /** Forget all lines first. */
  readonly clear?: boolean;
}

const ClaimReply = z.tuple([z.string(), z.string()]);
const RenewReply = z.enum(['held', 'emptied', 'lost']);
const WriteReply = z.enum(['written', 'refused']);

/**
 * What all nodes know of meetings, in Redis. Everything rejects with a RequestError 'unavailable'
 * while there is none.
 */
export class RoomStore {
  readonly #options: RoomStoreOptions;

  constructor(options: RoomStoreOptions) {
    this.#options = options;
  }

  /** Makes a meeting known. */
  async found(id: RoomId): Promise<void> {
    const [, , meta = ''] = roomKeys(id);
    const { redis, keepMs } = this.#options;
    await redis.ask((client) =>
      client.multi().hSet(meta, 'made', '1').pExpire(meta, keepMs).exec(),
    );
  }

  async look(id: RoomId): Promise<Seen> {
    const [lease = '', , meta = ''] = roomKeys(id);
    const [node, all] = await this.#options.redis.ask((client) =>
      Promise.all([client.hGet(lease, 'node'), client.hGetAll(meta)]),
    );
    const { version, people, decisions } = all;
    return {
      node: node ?? undefined,
      known: Object.keys(all).length > 0,
      version,
      people: node === null ? 0 : Number(people ?? 0),
      decisions: readDecisions(decisions),
    };
  }

  /** Gives a meeting that nobody has to `node`; who has it then. */
  async claim(id: RoomId, node: string): Promise<Claim> {
    const { leaseMs, keepMs } = this.#options;
    const args = [node, String(leaseMs), String(keepMs)];
    const reply = await this.#options.redis.ask((client) => client.claim(roomKeys(id), args));
    const [owner, generation] = ClaimReply.parse(reply);
    return { node: owner, generation };
  }

  /** 'emptied': it is still this node's, but Redis has lost what was decided. */
  async renew(id: RoomId, generation: string): Promise<z.infer<typeof RenewReply>> {
    const { node, leaseMs, keepMs, captionsMs } = this.#options;
    const args = [node, generation, String(leaseMs), String(keepMs), String(captionsMs)];
    return RenewReply.parse(
      await this.#options.redis.ask((client) => client.renew(roomKeys(id), args)),
    );
  }

  async write(
    id: RoomId,
    generation: string,
    { fields, lines, clear = false }: Change,
  ): Promise<z.infer<typeof WriteReply>> {
    const { node, keepMs, captionsMs } = this.#options;
    const pairs = Object.entries(fields);
    const times = [String(keepMs), String(captionsMs), String(MAX_LINES)];
    const head = [node, generation, ...times, clear ? 'clear' : '', String(pairs.length)];
    const args = [...head, ...pairs.flat(), ...lines];
    return WriteReply.parse(
      await this.#options.redis.ask((client) => client.write(roomKeys(id), args)),
    );
  }

  /** False when it was not this node's any more. */
  async handOver(id: RoomId, generation: string, heir: string): Promise<boolean> {
    const { redis, node, leaseMs } = this.#options;
    const args = [node, generation, heir, String(leaseMs)];
    return (await redis.ask((client) => client.handOver(roomKeys(id), args))) !== 'lost';
  }

  async letGo(id: RoomId, generation: string): Promise<void> {
    const { redis, node } = this.#options;
    await redis.ask((client) => client.letGo(roomKeys(id), [node, generation]));
  }

  /** Makes a meeting that no node has unknown again; leaves others alone. */
  async forget(id: RoomId): Promise<void> {
    await this.#options.redis.ask((client) => client.forget(roomKeys(id), []));
  }

  /** A meeting as it was before. */
  async past(id: RoomId): Promise<RoomPast> {
    const [, , meta = '', captions = ''] = roomKeys(id);
    const [decided, entries] = await this.#options.redis.ask((client) =>
      Promise.all([
        client.hGetAll(meta),
        client.xRevRange(captions, '+', '-', { COUNT: MAX_LINES }),
      ]),
    );
    const { decisions, readers } = decided;
    const texts = (entries ?? []).reverse().flatMap(({ message }) => message['line'] ?? []);
    return {
      lines: readLines(texts),
      messages: readMessages(texts),
      readers: readReaders(readers),
      decisions: readDecisions(decisions),
    };
  }
}
