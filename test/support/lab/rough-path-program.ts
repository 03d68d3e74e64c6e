import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { seededRandom } from '../seeded-random.ts';
import type { RoughPathOrder } from './rough-path.ts';

/**
 * Run by `openRoughPath`: takes datagrams, prints the port it takes them at, and forwards each to the
 * target after a time of its own; answers likewise. As a NAT does, it has a socket for each sender.
 */
const { target, weather } = JSON.parse(process.argv[2] ?? '') as RoughPathOrder;
const [least, most] = weather.delayMs;
const random = seededRandom(weather.seed);
const paths = new Map<string, Socket>();

const front = createSocket('udp4').bind(0);
front.on('message', (datagram, { address, port }) => {
  later(() => {
    pathOf(address, port).send(datagram, target.port, target.address);
  });
});
await once(front, 'listening');
process.stdout.write(`${front.address().port}\n`);

function pathOf(address: string, port: number): Socket {
  const sender = `${address}:${port}`;
  const known = paths.get(sender);
  if (known) return known;
  const path = createSocket('udp4').bind(0);
  path.on('message', (datagram) => {
    later(() => {
      front.send(datagram, port, address);
    });
  });
  paths.set(sender, path);
  return path;
}

function later(forward: () => void): void {
  setTimeout(forward, least + random() * (most - least));
}
