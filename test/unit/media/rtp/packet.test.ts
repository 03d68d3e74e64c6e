import fc from 'fast-check';
import { RtpPacket } from 'rtp.js/packets';
import { describe, expect, it } from 'vitest';
import { AudioPacket, kindOf, MAX_DATAGRAM_BYTES, ssrcOf } from '../../../../media/rtp/packet.ts';
import { rtpDatagram } from '../../../support/rtp-builder.ts';

const SEED = 20_261_121;

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

describe('kindOf', () => {
  it('knows an RTP packet, and its SSRC', () => {
    expect(kindOf(intact)).toBe('rtp');
    expect(ssrcOf(intact)).toBe(0xcafe_babe);
  });

  it.each([200, 201, 202, 203, 204, 205, 206, 207])('knows RTCP type %i by its range', (type) => {
    expect(kindOf(Uint8Array.of(0x80, type, 0, 6, ...new Uint8Array(24)))).toBe('rtcp');
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(0x80)],
    ['a header cut short', intact.subarray(0, 11)],
    ['another version', forged({ 0: 0x40 })],
    ['STUN', Uint8Array.of(0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Uint8Array(12))],
  ])('calls %s malformed', (_, bytes) => {
    expect(kindOf(bytes)).toBe('malformed');
  });

  it('calls more than a network carries oversized', () => {
    expect(kindOf(new Uint8Array(MAX_DATAGRAM_BYTES + 1).fill(0x80))).toBe('oversized');
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

  it('reads one packet after the other into the same memory', () => {
    const packet = new AudioPacket();
    packet.read(intact, 1);
    const kept = new AudioPacket();
    kept.copy(packet);
    packet.read(rtpDatagram({ sequence: 7, payload: Uint8Array.of(9, 9) }), 2);
    expect(packet).toMatchObject({ sequence: 7, payload: Uint8Array.of(9, 9), arrivedAt: 2 });
    expect(kept).toMatchObject({ sequence: 0x1234, payload: Uint8Array.of(1, 2, 3), arrivedAt: 1 });
  });

  it.each([
    ['no payload', intact.subarray(0, 12)],
    ['more sources than bytes', forged({ 0: 0x8f })],
    ['an extension that is not there', forged({ 0: 0x90 })],
    ['an extension longer than the packet', forged({ 0: 0x90, 14: 0xff })],
    ['more padding than packet', forged({ 0: 0xa0, 14: 200 })],
    ['nothing but padding', forged({ 0: 0xa0, 14: 3 })],
  ])('is not made from %s', (_, bytes) => {
    expect(AudioPacket.parse(bytes, 0)).toBeUndefined();
  });
});

describe('AudioPacket beside rtp.js', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: arbitrary });
  /** Headers of every shape, honest or not about what follows. */
  const datagram = fc
    .record({
      sources: fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 }), { maxLength: 15 }),
      claimedSources: rarely(fc.integer({ min: 0, max: 15 })),
      extension: fc.option(
        fc.record({
          profile: fc.constantFrom([0xab, 0xcd], [0xbe, 0xde], [0x10, 0x00]),
          words: fc.integer({ min: 0, max: 4 }),
          claimedWords: rarely(octet),
          body: fc.uint8Array({ minLength: 16, maxLength: 16 }),
        }),
      ),
      fixed: fc.uint8Array({ minLength: 11, maxLength: 11 }),
      payload: fc.uint8Array({ maxLength: 40 }),
      padding: rarely(octet),
      cut: rarely(fc.constantFrom(1, 5)),
    })
    .map(({ sources, claimedSources, extension, fixed, payload, padding, cut }) => {
      const first =
        0x80 |
        (claimedSources ?? sources.length) |
        (extension === null ? 0 : 0x10) |
        (padding === null ? 0 : 0x20);
      const words = extension === null ? [] : [...extension.body.subarray(0, extension.words * 4)];
      const bytes = [
        first,
        (fixed[0] ?? 0) & 0x3f,
        ...fixed.subarray(1),
        ...sources.flatMap((source) => [...source]),
        ...(extension === null
          ? []
          : [...extension.profile, 0, extension.claimedWords ?? extension.words, ...words]),
        ...payload,
        ...(padding === null ? [] : [...new Uint8Array(Math.max(0, (padding % 8) - 1)), padding]),
      ];
      return Uint8Array.from(bytes).subarray(0, bytes.length - (cut ?? 0));
    });

  const reference = (bytes: Uint8Array) => {
    try {
      const packet = new RtpPacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
      const { buffer, byteOffset, byteLength } = packet.getPayload();
      if (byteLength === 0) return undefined;
      return {
        sequence: packet.getSequenceNumber(),
        timestamp: packet.getTimestamp(),
        payloadType: packet.getPayloadType(),
        payload: new Uint8Array(buffer, byteOffset, byteLength),
      };
    } catch {
      return undefined;
    }
  };

  /** Parley skips extensions as a whole; rtp.js also refuses those whose elements do not add up. */
  const withPlainExtension = (bytes: Uint8Array): Uint8Array => {
    const at = 12 + ((bytes[0] ?? 0) & 0x0f) * 4;
    const hasExtension = ((bytes[0] ?? 0) & 0x10) !== 0;
    return bytes.map((byte, index) =>
      hasExtension && (index === at || index === at + 1) ? 0xab : byte,
    );
  };

  it('reads and refuses the same packets', { timeout: 60_000 }, () => {
    let read = 0;
    fc.assert(
      fc.property(datagram, (bytes) => {
        const plain = withPlainExtension(bytes);
        const expected = reference(plain);
        const ours = AudioPacket.parse(plain, 0);
        if (expected === undefined) {
          expect(ours).toBeUndefined();
          return;
        }
        read += 1;
        expect(ours).toMatchObject(expected);
        expect(AudioPacket.parse(bytes, 0)?.payload).toEqual(expected.payload);
      }),
      { numRuns: 5000, seed: SEED },
    );
    expect(read).toBeGreaterThan(1000);
  });
});
