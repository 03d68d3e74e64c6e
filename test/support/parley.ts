import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

/** Answer of POST /api/rooms. */
const Made = z.object({ roomId: z.string(), guestKey: z.string() });

const ROOT = join(import.meta.dirname, '../..');

/** A Parley server as `npm start` runs it, in a process of its own. */
export interface Parley extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Everything it printed, so that a failing test can show why. */
  output(): string;
  /** Makes a meeting as the home page does and returns what follows `/r/` in the link for guests. */
  createRoom(): Promise<string>;
  /** Sum of a metric over its labels, or over those with one given; undefined when it is absent. */
  metric(name: string, label?: string): Promise<number | undefined>;
  /** Sends Ctrl-C and waits for the end. */
  stop(): Promise<number | null>;
  /** Resolves to the exit code when it ends. */
  readonly ended: Promise<number | null>;
}

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const PATIENCE_MS = 30_000;

/**
 * Starts a server and resolves once `/readyz` says that it can translate. On a free port, unless
 * PARLEY_PORT is given.
 */
export async function startParley(
  env: Record<string, string> = {},
  patienceMs = PATIENCE_MS,
): Promise<Parley> {
  const port = Number(env['PARLEY_PORT'] ?? (await freePort()));
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, PARLEY_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  const pid = child.pid;
  if (pid === undefined) throw new Error('the server did not start');

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    return exited;
  };
  await ready({ url, exited, patienceMs, output: () => output }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url,
    pid,
    stop,
    ended: exited,
    output: () => output,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
    createRoom: async () => {
      const response = await fetch(`${url}/api/rooms`, { method: 'POST' });
      const body: unknown = await response.json();
      const { roomId, guestKey } = Made.parse(body);
      return `${roomId}#k=${guestKey}`;
    },
    metric: async (name, label) =>
      metricValue(await (await fetch(`${url}/metrics`)).text(), name, label),
  };
}

/** Polls `/readyz`; fails when the server ends and when patience does, with what it printed. */
async function ready(starting: {
  readonly url: string;
  readonly exited: Promise<unknown>;
  readonly patienceMs: number;
  readonly output: () => string;
}): Promise<void> {
  const { url, exited, patienceMs, output } = starting;
  const ended = new AbortController();
  void exited.then(() => {
    ended.abort();
  });
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(patienceMs)]);
  for (;;) {
    const answer = await fetch(`${url}/readyz`, { signal }).catch(() => undefined);
    if (answer?.ok === true) return;
    if (signal.aborted) throw new Error(`Parley is not ready:\n${output()}`);
    await setTimeout(100);
  }
}

export function metricValue(text: string, name: string, label = ''): number | undefined {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .filter((line) => line.includes(label))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
