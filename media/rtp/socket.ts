import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from '../clock.ts';
import type { RtpStream } from '../messages.ts';
import type { StageMeter } from '../stage.ts';
import { Routes } from './routes.ts';
import type { PacketSink } from './routes.ts';

const LOOPBACK = '127.0.0.1';

/** The one UDP socket that hears, on loopback, for all routers. */
export class RtpSocket {
  readonly port: number;
  readonly #socket: Socket;
  readonly #meter: StageMeter;
  readonly #routes: Routes;
  #closed = false;

  private constructor(socket: Socket, clock: Clock, meter: StageMeter) {
    this.#socket = socket;
    this.#meter = meter;
    this.#routes = new Routes(clock, meter);
    this.port = socket.address().port;
    socket.on('message', (datagram, from) => {
      this.#routes.receive(datagram, from.port);
    });
    // A router that is gone answers with "connection refused"; its streams are about to be closed.
    socket.on('error', () => {
      this.#meter.drop('socket');
    });
  }

  static async create(
    clock: Clock,
    meter: StageMeter,
    receiveBufferBytes: number,
  ): Promise<RtpSocket> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: receiveBufferBytes });
    socket.bind(0, LOOPBACK);
    await once(socket, 'listening');
    return new RtpSocket(socket, clock, meter);
  }

  /** Hands the stream's packets to the sink until disposed. */
  listen(stream: RtpStream, sink: PacketSink): Disposable {
    return this.#routes.listen(stream, sink);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#routes.clear();
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
