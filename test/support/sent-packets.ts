import { RtpPacket } from 'rtp.js/packets';
import type { Clock } from '../../media/clock.ts';
import { CODED_SILENCE_FRAMES } from '../../media/egress/outlet.ts';
import { isDtx } from '../../media/opus/toc.ts';

export interface SentPacket {
  readonly port: number;
  /** When it was sent or, at a real socket, received; monotonic. */
  readonly at: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

/** Reads an RTP packet with rtp.js, apart from our own reader. */
export function readPacket(bytes: Uint8Array): Omit<SentPacket, 'port' | 'at'> {
  const packet = new RtpPacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const payload = packet.getPayload();
  return {
    sequence: packet.getSequenceNumber(),
    timestamp: packet.getTimestamp(),
    ssrc: packet.getSsrc(),
    payloadType: packet.getPayloadType(),
    marker: packet.getMarker(),
    payload: new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength),
  };
}

/**
 * The packets with something to hear, of one stream and in order: without those that tell of silence
 * and the coded silence right before the first of them.
 */
export function voicedOf(packets: readonly SentPacket[]): readonly SentPacket[] {
  const voiced: SentPacket[] = [];
  let silent = false;
  for (const packet of packets) {
    if (!isDtx(packet.payload)) voiced.push(packet);
    else if (!silent) voiced.splice(-CODED_SILENCE_FRAMES);
    silent = isDtx(packet.payload);
  }
  return voiced;
}

/** Stands where the socket does and keeps what is sent. */
export class SentPackets {
  readonly all: SentPacket[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get voiced(): readonly SentPacket[] {
    return voicedOf(this.all);
  }

  send(bytes: Uint8Array, port: number): void {
    this.all.push({ ...readPacket(bytes), port, at: this.#clock.now() });
  }
}
