import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What happens to datagrams on the way, in each direction by itself. */
export interface Weather {
  readonly seed: number;
  /** Each takes between these times, in milliseconds: they overtake each other. */
  readonly delayMs: readonly [least: number, most: number];
}

export interface RoughPath {
  /** Where datagrams come in. */
  readonly port: number;
  close(): Promise<void>;
}

/** What the program is told, as its one argument. */
export interface RoughPathOrder {
  readonly target: { readonly address: string; readonly port: number };
  readonly weather: Weather;
}

const PROGRAM = join(import.meta.dirname, 'rough-path-program.ts');

/** Runs a forwarder of datagrams inside a namespace: what this kernel's queues have no netem for. */
export async function openRoughPath(namespace: string, order: RoughPathOrder): Promise<RoughPath> {
  const program = [process.execPath, PROGRAM, JSON.stringify(order)];
  const child = spawn('ip', ['netns', 'exec', namespace, ...program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    port: Number(port),
    close: async () => {
      child.kill();
      await ended;
    },
  };
}
