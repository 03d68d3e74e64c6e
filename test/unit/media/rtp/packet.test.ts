import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioPacket, inspect } from '../../../../media/rtp/packet.ts';
import { rtpDatagram } from '../../../support/rtp-builder.ts';

const intact = rtpDatagram({
  sequence: 0x1234,
  timestamp: 0xdead_beef,
  ssrc: 0xcafe_babe,
  payloadType: 111,
  payload: Uint8Array.of(1, 2, 3),
});

/** The packet with some bytes changed. */
const forged = (changes: Readonly<Record<number, number>>): Uint8Array =>
  intact.map((byte, at) => changes[at] ?? byte);

describe('inspect', () => {
  it('finds the SSRC of an RTP packet', () => {
    expect(inspect(intact)).toEqual({ kind: 'rtp', ssrc: 0xcafe_babe });
  });

  it.each([200, 201, 202, 203, 204, 205, 206, 207])('knows RTCP type %i by its range', (type) => {
    const report = Uint8Array.of(0x80, type, 0, 6, ...new Uint8Array(24));
    expect(inspect(report)).toEqual({ kind: 'rtcp' });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(0x80)],
    ['a header cut short', intact.subarray(0, 11)],
    ['another version', forged({ 0: 0x40 })],
    ['STUN', Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Uint8Array(12))],
  ])('calls %s malformed', (_, bytes) => {
    expect(inspect(bytes)).toEqual({ kind: 'malformed' });
  });
});

describe('AudioPacket', () => {
  it('holds what the header says', () => {
    expect(AudioPacket.parse(intact, 42)).toMatchObject({
      sequence: 0x1234,
      timestamp: 0xdead_beef,
      payloadType: 111,
      payload: Uint8Array.of(1, 2, 3),
      arrivedAt: 42,
    });
  });

  it('reads a packet in the middle of a larger buffer', () => {
    const pool = new Uint8Array([9, 9, 9, ...intact, 9, 9]);
    const packet = AudioPacket.parse(pool.subarray(3, 3 + intact.length), 0);
    expect(packet?.payload).toEqual(Uint8Array.of(1, 2, 3));
  });

  it.each([
    ['no payload', intact.subarray(0, 12)],
    ['more sources than bytes', forged({ 0: 0x8f })],
    ['an extension that is not there', forged({ 0: 0x90 })],
    ['more padding than packet', forged({ 0: 0xa0, 14: 200 })],
    ['nothing but padding', forged({ 0: 0xa0, 14: 3 })],
  ])('is not made from %s', (_, bytes) => {
    expect(AudioPacket.parse(bytes, 0)).toBeUndefined();
  });

  it('survives whatever comes in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const packet = AudioPacket.parse(bytes, 0);
        if (packet !== undefined) expect(packet.payload.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
