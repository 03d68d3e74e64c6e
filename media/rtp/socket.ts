import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Clock } from '../clock.ts';
import type { RtpStream } from '../messages.ts';
import type { StageMeter } from '../stage.ts';
import { AudioPacket, inspect } from './packet.ts';

/** Takes the packets of one stream. */
export interface PacketSink {
  /** While false, packets are counted and dropped unparsed. */
  readonly listening: boolean;
  receive(packet: AudioPacket): void;
}

const LOOPBACK = '127.0.0.1';

/** Source port and SSRC in one number, so that the lookup per packet allocates nothing. */
const keyOf = (port: number, ssrc: number): number => port * 0x1_0000_0000 + ssrc;

/**
 * The one UDP socket of the media process, on loopback, for all routers and both directions. Only
 * packets of streams announced by the server are looked at.
 */
export class RtpSocket {
  readonly port: number;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #meter: StageMeter;
  readonly #sinks = new Map<number, { stream: RtpStream; sink: PacketSink }>();
  #closed = false;

  private constructor(socket: Socket, clock: Clock, meter: StageMeter) {
    this.#socket = socket;
    this.#clock = clock;
    this.#meter = meter;
    this.port = socket.address().port;
    socket.on('message', (datagram, from) => {
      this.#route(datagram, from.port);
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
    const key = keyOf(stream.port, stream.ssrc);
    const entry = { stream, sink };
    this.#sinks.set(key, entry);
    return {
      [Symbol.dispose]: () => {
        if (this.#sinks.get(key) === entry) this.#sinks.delete(key);
      },
    };
  }

  send(packet: Uint8Array, port: number): void {
    if (this.#closed) return;
    this.#socket.send(packet, port, LOOPBACK);
    this.#meter.out(1);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#sinks.clear();
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #route(datagram: Uint8Array, port: number): void {
    this.#meter.in();
    const seen = inspect(datagram);
    if (seen.kind !== 'rtp') {
      this.#meter.drop(seen.kind);
      return;
    }
    const entry = this.#sinks.get(keyOf(port, seen.ssrc));
    if (entry === undefined) {
      this.#meter.drop('foreign');
      return;
    }
    if (!entry.sink.listening) {
      this.#meter.drop('unwanted');
      return;
    }
    const packet = AudioPacket.parse(datagram, this.#clock.now());
    if (packet === undefined) this.#meter.drop('malformed');
    else if (packet.payloadType !== entry.stream.payloadType) this.#meter.drop('payload-type');
    else entry.sink.receive(packet);
  }
}
