import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { receive } from './receive.ts';

/**
 * A side that runs one program per stream, which listens on a port and writes 16 kHz samples of 16
 * bit to a pipe. This process reads the pipes, as a media server would.
 */
export async function receiveByChildren(
  command: string,
  argumentsFor: (port: number, payloadType: number) => Promise<readonly string[]>,
): Promise<void> {
  await receive(async ({ streams, payloadType }, deliver) => {
    const children = new Set<ReturnType<typeof spawn>>();
    process.once('exit', () => {
      for (const child of children) child.kill('SIGKILL');
    });
    const ports: number[] = [];
    for (let stream = 0; stream < streams; stream += 1) {
      const port = await freePort();
      const child = spawn(command, await argumentsFor(port, payloadType), {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.add(child);
      child.stdout.on('data', (bytes: Buffer) => {
        deliver(stream, bytes.length / 2);
      });
      await bound(port);
      ports.push(port);
    }
    return ports;
  });
}

/** An even port: ffmpeg takes the next one for RTCP. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port % 2 === 0 ? port : freePort();
}

/** Resolves once somebody listens on a UDP port. */
async function bound(port: number): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const isBound = async (): Promise<boolean> => {
    const tables = await Promise.all(
      ['udp', 'udp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8')),
    );
    return tables.some((text) => text.includes(`:${hex} `));
  };
  while (!(await isBound())) await setTimeout(50);
}
