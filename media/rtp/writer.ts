import { randomInt } from 'node:crypto';
import { RtpPacket } from 'rtp.js/packets';
import type { RtpStream } from '../messages.ts';
import { SEQUENCE_MODULUS, TIMESTAMP_MODULUS } from './sequence.ts';

/** Writes the RTP packets of one outgoing stream: sequence contiguous, start values random (RFC 3550 section 5.1). */
export class RtpWriter {
  readonly #stream: RtpStream;
  readonly #timestampBase = randomInt(TIMESTAMP_MODULUS);
  #sequence = randomInt(SEQUENCE_MODULUS);

  constructor(stream: RtpStream) {
    this.#stream = stream;
  }

  /** `time` counts RTP clock ticks from a fixed moment; `marker` says a talk spurt starts here. */
  write(payload: Uint8Array, time: number, marker: boolean): Uint8Array {
    const packet = new RtpPacket();
    packet.setPayloadType(this.#stream.payloadType);
    packet.setSsrc(this.#stream.ssrc);
    packet.setSequenceNumber(this.#sequence);
    packet.setTimestamp((this.#timestampBase + time) % TIMESTAMP_MODULUS);
    packet.setMarker(marker);
    packet.setPayload(new DataView(payload.buffer, payload.byteOffset, payload.byteLength));
    packet.serialize();
    this.#sequence = (this.#sequence + 1) % SEQUENCE_MODULUS;
    const view = packet.getView();
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  }
}
