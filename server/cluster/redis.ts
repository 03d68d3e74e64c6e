import { createClient } from 'redis';
import { RequestError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { scripts } from './scripts.ts';

/** A Redis that does not answer is as good as none. */
const ANSWER_MS = 2_000;
const CONNECT_MS = 2_000;
const LONGEST_WAIT_MS = 1_000;
/** What may wait for Redis at once; more is refused, and the caller tries again later. */
const MAX_QUEUE = 10_000;

export interface RedisAddress {
  readonly url: string;
  /** Undefined: the one in the address, or none. */
  readonly password?: string | undefined;
}

function clientFor({ url, password }: RedisAddress) {
  return createClient({
    url,
    ...(password !== undefined && { password }),
    scripts,
    keyPrefix: 'parley:',
    name: 'parley',
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_QUEUE,
    commandOptions: { timeout: ANSWER_MS },
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_WAIT_MS),
    },
  });
}

type Client = ReturnType<typeof clientFor>;

/**
 * The connection to Redis, made again by itself. While there is none every command is refused at once,
 * so that nobody waits and nothing piles up.
 */
export class Redis {
  readonly address: RedisAddress;
  readonly #client: Client;
  readonly #log: Logger;
  #up = false;

  private constructor(client: Client, address: RedisAddress, log: Logger) {
    this.#client = client;
    this.address = address;
    this.#log = log;
    client.on('ready', () => {
      this.#up = true;
      log.info('Redis is there');
    });
    client.on('error', (error: Error) => {
      if (this.#up) log.error({ err: error }, 'Redis is gone; no new meetings until it is back');
      this.#up = false;
    });
  }

  /** Rejects when it cannot be reached. */
  static async connect(address: RedisAddress, log: Logger): Promise<Redis> {
    const client = clientFor(address);
    const redis = new Redis(client, address, log);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new Error('no answer'));
    }, 2 * CONNECT_MS);
    const refused = new Promise<never>((_, fail) => client.once('error', fail));
    try {
      await Promise.race([client.connect(), refused, late]);
    } catch (error) {
      client.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return redis;
  }

  get up(): boolean {
    return this.#up && this.#client.isReady;
  }

  /** Rejects with a RequestError 'unavailable' when there is no Redis, or none that answers. */
  async ask<T>(command: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await command(this.#client);
    } catch (cause) {
      this.#log.debug({ err: cause }, 'Redis was asked in vain');
      throw new RequestError('unavailable', 'meetings cannot be looked up now', { cause });
    }
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }
}
