import { createEncoder, getPacketInfo } from 'libopus-wasm';
import { describe, expect, it } from 'vitest';
import { carriesFec, durationMs, isDtx } from '../../../../media/opus/toc.ts';
import { tone } from '../../../support/pcm.ts';
import { speechPackets } from '../../../support/rtp-builder.ts';
import { sentence } from '../../../support/speech.ts';

describe('durationMs', () => {
  it.each([120, 480, 960, 1920, 2880])(
    'agrees with libopus on packets of %i samples',
    async (size) => {
      using encoder = await createEncoder({ sampleRate: 48_000, channels: 1, frameSize: size });
      const packet = encoder.encodeFloat(tone(size / 48, 48_000));
      expect(durationMs(packet)).toBe((await getPacketInfo(packet)).durationMs);
    },
  );

  it('adds up the frames of one packet', () => {
    const twoFramesOf20Ms = Uint8Array.of(0b1111_1001, 1, 2);
    const threeFramesOf20Ms = Uint8Array.of(0b1111_1011, 3, 1, 2, 3);
    expect([durationMs(twoFramesOf20Ms), durationMs(threeFramesOf20Ms)]).toEqual([40, 60]);
  });

  it('is 0 for what cannot be Opus: nothing, no frames, more than 120 ms', () => {
    const noFrames = Uint8Array.of(0b1111_1011, 0);
    const sevenOf20Ms = Uint8Array.of(0b1111_1011, 7);
    expect([new Uint8Array(0), noFrames, sevenOf20Ms].map(durationMs)).toEqual([0, 0, 0]);
  });
});

describe('carriesFec', () => {
  it('finds the repetition that the encoder was asked for, and none where it was not', async () => {
    const { audio } = sentence('0880');
    const withFec = await speechPackets(audio, { fec: true });
    const without = await speechPackets(audio, { fec: false });
    expect(withFec.filter(carriesFec).length).toBeGreaterThan(withFec.length * 0.6);
    expect(without.some(carriesFec)).toBe(false);
  });

  it('is false for a packet without a frame', () => {
    expect(carriesFec(Uint8Array.of(0x08))).toBe(false);
  });
});

describe('isDtx', () => {
  it('takes packets of one or two bytes for silence', () => {
    expect([1, 2, 3].map((length) => isDtx(new Uint8Array(length)))).toEqual([true, true, false]);
  });
});
