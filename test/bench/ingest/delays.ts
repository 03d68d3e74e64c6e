import type { Session } from './session.ts';

/** Samples of one 20 ms packet at 16 kHz. */
const PACKET_SAMPLES = 320;

/**
 * From sending each packet to the delivery of its last sample, in milliseconds: the packet's samples
 * are known by their count from the beginning of the stream, for the network loses nothing. Whole
 * packets that were never delivered are taken to have been lost while the program started, which is
 * the faster reading: it is not held against a side that holds a packet back. `skip` packets at the
 * beginning do not count.
 */
export function delaysOf({ sentAt, deliveries }: Session, skip: number): readonly number[] {
  return sentAt.flatMap((packets, stream) => {
    const delivered = deliveries[stream] ?? [];
    const total = delivered.at(-1)?.samples ?? 0;
    const never = Math.max(0, Math.floor(packets.length - total / PACKET_SAMPLES));
    let at = 0;
    return packets.flatMap((sent, packet) => {
      const end = (packet + 1 - never) * PACKET_SAMPLES;
      while ((delivered[at]?.samples ?? Infinity) < end) at += 1;
      const found = delivered[at];
      return found === undefined || packet < skip ? [] : [found.at - sent];
    });
  });
}
