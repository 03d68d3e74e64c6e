import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { seededRandom } from './seeded-random.ts';

/** What happens to packets on the way, in each direction. */
export interface Weather {
  readonly seed: number;
  /** Part of the packets that is lost, 0 to 1. */
  readonly loss: number;
  /** Each packet takes between these times, by itself: packets overtake each other. */
  readonly delayMs: readonly [least: number, most: number];
  readonly duplicates?: number;
}

const LOOPBACK = '127.0.0.1';

/**
 * A bad network on loopback: forwards datagrams to a port and answers back, as a NAT does, with a
 * socket of its own for each sender. Which packet meets which fate is decided by the seed.
 */
export class UdpRelay implements AsyncDisposable {
  readonly #front: Socket;
  readonly #targetPort: number;
  readonly #weather: Weather;
  readonly #random: () => number;
  readonly #paths = new Map<number, Socket>();
  readonly #underWay = new Set<NodeJS.Timeout>();
  /** Packets by fate. */
  readonly fates = { sent: 0, lost: 0, duplicated: 0 };

  private constructor(front: Socket, targetPort: number, weather: Weather) {
    this.#front = front;
    this.#targetPort = targetPort;
    this.#weather = weather;
    this.#random = seededRandom(weather.seed);
    front.on('message', (datagram, { port }) => {
      this.#carry(() => {
        this.#path(port).send(datagram, this.#targetPort, LOOPBACK);
      });
    });
  }

  static async open(targetPort: number, weather: Weather): Promise<UdpRelay> {
    const front = createSocket('udp4').bind(0, LOOPBACK);
    await once(front, 'listening');
    return new UdpRelay(front, targetPort, weather);
  }

  get port(): number {
    return this.#front.address().port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#underWay) clearTimeout(timer);
    const sockets = [this.#front, ...this.#paths.values()];
    await Promise.all(
      sockets.map(async (socket) => {
        socket.close();
        await once(socket, 'close');
      }),
    );
  }

  #path(client: number): Socket {
    const known = this.#paths.get(client);
    if (known) return known;
    const path = createSocket('udp4').bind(0, LOOPBACK);
    path.on('message', (datagram) => {
      this.#carry(() => {
        this.#front.send(datagram, client, LOOPBACK);
      });
    });
    this.#paths.set(client, path);
    return path;
  }

  #carry(forward: () => void): void {
    const { loss, duplicates = 0 } = this.#weather;
    if (this.#random() < loss) {
      this.fates.lost += 1;
      return;
    }
    this.fates.sent += 1;
    this.#later(forward);
    if (this.#random() >= duplicates) return;
    this.fates.duplicated += 1;
    this.#later(forward);
  }

  #later(forward: () => void): void {
    const [least, most] = this.#weather.delayMs;
    const timer = setTimeout(
      () => {
        this.#underWay.delete(timer);
        forward();
      },
      least + this.#random() * (most - least),
    );
    this.#underWay.add(timer);
  }
}
