/** What a datagram is, told by its first bytes. */
export type DatagramKind = 'rtp' | 'rtcp' | 'malformed' | 'oversized';

/** Loopback would carry 64 KiB; what came over a network fits an Ethernet frame. */
export const MAX_DATAGRAM_BYTES = 1500;

/** The header that RTP and RTCP have in common, and the fixed one of RTP. */
const SHORTEST_BYTES = 4;
const RTP_HEADER_BYTES = 12;

const uint16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const uint32 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) * 0x1_0000 + uint16(bytes, at + 2);

/**
 * Tells RTP from RTCP on one port (RFC 5761 section 4) without parsing: packets that nobody wants
 * are to cost next to nothing.
 */
export function kindOf(datagram: Uint8Array): DatagramKind {
  if (datagram.length > MAX_DATAGRAM_BYTES) return 'oversized';
  if (datagram.length < SHORTEST_BYTES) return 'malformed';
  if ((datagram[0] ?? 0) >> 6 !== 2) return 'malformed';
  const type = datagram[1] ?? 0;
  if (type >= 192 && type <= 223) return 'rtcp';
  return datagram.length < RTP_HEADER_BYTES ? 'malformed' : 'rtp';
}

/** Of a datagram that is RTP. */
export const ssrcOf = (datagram: Uint8Array): number => uint32(datagram, 8);

/**
 * What Parley needs of an RTP packet, in memory of its own that one packet after the other is read
 * into: nothing is allocated for a packet. Whoever keeps a packet copies it.
 */
export class AudioPacket {
  sequence = 0;
  timestamp = 0;
  payloadType = 0;
  payload: Uint8Array;
  /** On the monotonic clock. */
  arrivedAt = 0;
  readonly #bytes = new Uint8Array(MAX_DATAGRAM_BYTES);
  /** Beginnings of the memory by length, made when first needed. */
  readonly #views: Uint8Array[] = [];

  constructor() {
    this.payload = this.#bytes.subarray(0, 0);
  }

  /** A packet that is kept. Undefined when the datagram is not an RTP packet with a payload. */
  static parse(datagram: Uint8Array, arrivedAt: number): AudioPacket | undefined {
    const packet = new AudioPacket();
    return packet.read(datagram, arrivedAt) ? packet : undefined;
  }

  /** RFC 3550 section 5.1. False, and nothing is read, for what is not RTP with a payload. */
  read(datagram: Uint8Array, arrivedAt: number): boolean {
    if (kindOf(datagram) !== 'rtp') return false;
    const first = datagram[0] ?? 0;
    let start = RTP_HEADER_BYTES + (first & 0x0f) * 4;
    if ((first & 0x10) !== 0) {
      if (start + 4 > datagram.length) return false;
      start += 4 + uint16(datagram, start + 2) * 4;
    }
    const padding = (first & 0x20) === 0 ? 0 : (datagram[datagram.length - 1] ?? 0);
    const end = datagram.length - padding;
    if (start >= end) return false;
    this.payloadType = (datagram[1] ?? 0) & 0x7f;
    this.sequence = uint16(datagram, 2);
    this.timestamp = uint32(datagram, 4);
    this.arrivedAt = arrivedAt;
    this.#bytes.set(datagram);
    this.#bytes.copyWithin(0, start, end);
    this.payload = this.#view(end - start);
    return true;
  }

  copy(other: AudioPacket): void {
    this.payloadType = other.payloadType;
    this.sequence = other.sequence;
    this.timestamp = other.timestamp;
    this.arrivedAt = other.arrivedAt;
    this.#bytes.set(other.payload);
    this.payload = this.#view(other.payload.length);
  }

  #view(length: number): Uint8Array {
    return (this.#views[length] ??= this.#bytes.subarray(0, length));
  }
}
