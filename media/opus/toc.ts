/**
 * What an Opus packet says of itself in its first bytes, without decoding it (RFC 6716).
 */

/** Packets this short carry no speech: the encoder has gone silent (DTX). */
const LARGEST_DTX_BYTES = 2;

export const isDtx = (payload: Uint8Array): boolean => payload.length <= LARGEST_DTX_BYTES;

/**
 * A packet for the time after this one in which there is nothing to hear: the same configuration, one
 * frame of no bytes, which decoders take for DTX (RFC 6716 sections 2.1.9 and 3.2.1).
 */
export const silenceAfter = (payload: Uint8Array): Uint8Array =>
  Uint8Array.of((payload[0] ?? 0) & 0b1111_1100);

/** Frame sizes in units of 2.5 ms by configuration number: RFC 6716 section 3.1, table 2. */
function frameQuarters(config: number): number {
  if (config < 12) return [4, 8, 16, 24][config % 4] ?? 0;
  if (config < 16) return [4, 8][config % 2] ?? 0;
  return [1, 2, 4, 8][config % 4] ?? 0;
}

/** Frames in the packet: RFC 6716 section 3.2, by the code in the two lowest bits. */
function frameCount(payload: Uint8Array): number {
  switch ((payload[0] ?? 0) & 0b11) {
    case 0:
      return 1;
    case 3:
      return (payload[1] ?? 0) & 0b11_1111;
    default:
      return 2;
  }
}

/** Length of the packet's audio; 0 when the packet is not valid. */
export function durationMs(payload: Uint8Array): number {
  const toc = payload[0];
  if (toc === undefined) return 0;
  const quarters = frameQuarters(toc >> 3) * frameCount(payload);
  return quarters > 48 ? 0 : quarters * 2.5;
}

/**
 * Whether the packet repeats the frame before it at a lower rate (in-band FEC). Only SILK and
 * hybrid packets of one frame are looked into: RFC 6716 sections 4.2.3 and 4.2.4, the LBRR flag
 * comes right after one voice activity flag per 20 ms.
 */
export function carriesFec(payload: Uint8Array): boolean {
  const [toc, first] = payload;
  if (toc === undefined || first === undefined) return false;
  const config = toc >> 3;
  if (config >= 16 || (toc & 0b11) !== 0) return false;
  const silkFrames = Math.max(1, frameQuarters(config) / 8);
  const mono = (first >> (7 - silkFrames)) & 1;
  const stereo = (toc & 0b100) !== 0;
  const side = stereo ? (first >> (6 - 2 * silkFrames)) & 1 : 0;
  return (mono | side) === 1;
}
