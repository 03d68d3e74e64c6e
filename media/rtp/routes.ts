import type { Clock } from '../clock.ts';
import type { RtpStream } from '../messages.ts';
import type { StageMeter } from '../stage.ts';
import { FloodGate } from './flood-gate.ts';
import { AudioPacket, kindOf, ssrcOf } from './packet.ts';
import { durationMs } from '../opus/toc.ts';

/** Takes the packets of one stream. */
export interface PacketSink {
  /** While false, packets are counted and dropped unparsed. */
  readonly listening: boolean;
  /** The packet is valid until this returns. */
  receive(packet: AudioPacket): void;
}

interface Route {
  readonly payloadType: number;
  readonly sink: PacketSink;
  readonly gate: FloodGate;
}

/** Source port and SSRC in one number, so that the lookup per packet allocates nothing. */
const keyOf = (port: number, ssrc: number): number => port * 0x1_0000_0000 + ssrc;

/** Finds the stream of each datagram. Only streams announced by the server are looked at. */
export class Routes {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #meter: StageMeter;
  readonly #routes = new Map<number, Route>();
  /** Every datagram is read into this one packet. */
  readonly #packet = new AudioPacket();

  constructor(clock: Pick<Clock, 'now'>, meter: StageMeter) {
    this.#clock = clock;
    this.#meter = meter;
  }

  /** Hands the stream's packets to the sink until disposed. */
  listen({ port, ssrc, payloadType }: RtpStream, sink: PacketSink): Disposable {
    const key = keyOf(port, ssrc);
    const route = { payloadType, sink, gate: new FloodGate() };
    this.#routes.set(key, route);
    return {
      [Symbol.dispose]: () => {
        if (this.#routes.get(key) === route) this.#routes.delete(key);
      },
    };
  }

  clear(): void {
    this.#routes.clear();
  }

  /** What came from a port on loopback. Whatever is in it, nothing is thrown. */
  receive(datagram: Uint8Array, port: number): void {
    this.#meter.in();
    const kind = kindOf(datagram);
    if (kind !== 'rtp') {
      this.#meter.drop(kind);
      return;
    }
    const route = this.#routes.get(keyOf(port, ssrcOf(datagram)));
    if (route === undefined) this.#meter.drop('foreign');
    else if (!route.sink.listening) this.#meter.drop('unwanted');
    else this.#deliver(datagram, route);
  }

  #deliver(datagram: Uint8Array, { payloadType, sink, gate }: Route): void {
    const now = this.#clock.now();
    const packet = this.#packet;
    if (!gate.admits(now)) this.#meter.drop('flood');
    else if (!packet.read(datagram, now)) this.#meter.drop('malformed');
    else if (packet.payloadType !== payloadType) this.#meter.drop('payload-type');
    else if (!gate.carries(durationMs(packet.payload), now)) this.#meter.drop('flood');
    else {
      this.#meter.out(1);
      sink.receive(packet);
    }
  }
}
