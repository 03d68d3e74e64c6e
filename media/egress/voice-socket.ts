import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';

const LOOPBACK = '127.0.0.1';

/** The UDP socket that translated voices leave by. What comes in is feedback nobody needs. */
export class VoiceSocket {
  readonly port: number;
  readonly #socket: Socket;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
  }

  static async create(): Promise<VoiceSocket> {
    const socket = createSocket('udp4');
    socket.bind(0, LOOPBACK);
    await once(socket, 'listening');
    // A router that is gone answers with "connection refused"; its streams are about to be closed.
    socket.on('error', () => undefined);
    return new VoiceSocket(socket);
  }

  send(packet: Uint8Array, port: number): void {
    if (!this.#closed) this.#socket.send(packet, port, LOOPBACK);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
