import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort } from './parley.ts';

/** Whether Debian's redis-server is installed; what needs it says so and is left out otherwise. */
export const redisInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** A real Redis of one test, on loopback, that keeps nothing on disk. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Kills it; it comes back, empty, with `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const directory = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory];
  const launch = async () => {
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    await once(child, 'spawn');
    await answers(url);
    return child;
  };
  let child = await launch();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    get pid() {
      return child.pid ?? 0;
    },
    kill,
    start: async () => {
      child = await launch();
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    try {
      await client.connect();
      client.destroy();
      return;
    } catch {
      await setTimeout(20);
    }
  }
  throw new Error('redis-server does not answer');
}
