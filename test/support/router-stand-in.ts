import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { pause, systemClock } from '../../media/clock.ts';
import type { RtpStream } from '../../media/messages.ts';
import { rtpDatagram } from './rtp-builder.ts';
import { readPacket, voicedOf } from './sent-packets.ts';
import type { SentPacket } from './sent-packets.ts';

/**
 * Stands where a mediasoup router's plain transport does: sends a microphone's packets in real
 * time and keeps the translated ones that come back.
 */
export class RouterStandIn implements AsyncDisposable {
  readonly received: SentPacket[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes, from) => {
      this.received.push({ ...readPacket(bytes), port: from.port, at: systemClock.now() });
    });
  }

  static async open(): Promise<RouterStandIn> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RouterStandIn(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  stream(ssrc: number): RtpStream {
    return { port: this.port, ssrc, payloadType: 111 };
  }

  /** What is to be heard of a stream. */
  of({ ssrc }: RtpStream): readonly SentPacket[] {
    return voicedOf(this.received.filter((packet) => packet.ssrc === ssrc));
  }

  send(bytes: Uint8Array, toPort: number): void {
    this.#socket.send(bytes, toPort, '127.0.0.1');
  }

  /** One packet every 20 ms of wall time; resolves when the last has been sent. */
  async play(payloads: readonly Uint8Array[], stream: RtpStream, toPort: number): Promise<void> {
    const never = new AbortController().signal;
    const start = systemClock.now();
    for (const [sequence, payload] of payloads.entries()) {
      await pause(systemClock, start + sequence * 20 - systemClock.now(), never);
      const { ssrc, payloadType } = stream;
      this.send(rtpDatagram({ sequence, ssrc, payloadType, payload }), toPort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
