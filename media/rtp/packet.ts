import { isRtcp, isRtp, RtpPacket } from 'rtp.js/packets';

export type Datagram =
  { readonly kind: 'rtp'; readonly ssrc: number } | { readonly kind: 'rtcp' | 'malformed' };

/** The header that RTP and RTCP have in common. */
const SHORTEST_BYTES = 4;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Tells RTP from RTCP on one port (RFC 5761 section 4) and finds whose packet it is, without
 * parsing it: streams that nobody wants are to cost next to nothing.
 */
export function inspect(datagram: Uint8Array): Datagram {
  if (datagram.byteLength < SHORTEST_BYTES) return { kind: 'malformed' };
  const view = viewOf(datagram);
  if (isRtcp(view)) return { kind: 'rtcp' };
  if (!isRtp(view)) return { kind: 'malformed' };
  return { kind: 'rtp', ssrc: view.getUint32(8) };
}

/** What Parley needs of an RTP packet. Only `parse` makes one. */
export class AudioPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly payload: Uint8Array;
  /** On the monotonic clock. */
  readonly arrivedAt: number;

  private constructor(packet: RtpPacket, arrivedAt: number) {
    const payload = packet.getPayload();
    this.sequence = packet.getSequenceNumber();
    this.timestamp = packet.getTimestamp();
    this.payloadType = packet.getPayloadType();
    this.payload = new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength);
    this.arrivedAt = arrivedAt;
  }

  /** Undefined when the datagram is not an RTP packet with a payload. */
  static parse(datagram: Uint8Array, arrivedAt: number): AudioPacket | undefined {
    if (inspect(datagram).kind !== 'rtp') return undefined;
    try {
      const packet = new AudioPacket(new RtpPacket(viewOf(datagram)), arrivedAt);
      return packet.payload.byteLength > 0 ? packet : undefined;
    } catch {
      // rtp.js throws TypeError or RangeError for every way in which a packet can be cut or forged.
      return undefined;
    }
  }
}
