import { createEncoder } from 'libopus-wasm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { concatenate } from '../../../../media/audio.ts';
import type { PcmFrame } from '../../../../media/audio.ts';
import { Ingest } from '../../../../media/ingest/ingest.ts';
import type { Filling } from '../../../../media/ingest/ingest.ts';
import { SpeechDecoder } from '../../../../media/opus/decoder.ts';
import { difference, level, tone } from '../../../support/pcm.ts';
import { audioPacket, opusPackets, speechPackets } from '../../../support/rtp-builder.ts';
import { sentence } from '../../../support/speech.ts';

const FRAME = 320;

/** 20 ms by its first byte, yet no valid packet: RFC 6716 section 3.2.3. */
const TWO_EQUAL_FRAMES_OF_ODD_LENGTH = Uint8Array.of(0b0000_0001, 1, 2, 3);

let speech: readonly Uint8Array[];
let clean: Float32Array;
let drops: string[];
let filled: Filling[];
let lost: number;
let decoder: SpeechDecoder;
let ingest: Ingest;

beforeAll(async () => {
  speech = await speechPackets(sentence('0870').audio.subarray(0, 3 * 16_000));
  using reference = await SpeechDecoder.create();
  clean = concatenate(speech.map((payload) => reference.decode(payload) ?? new Float32Array()));
});

beforeEach(async () => {
  drops = [];
  filled = [];
  lost = 0;
  decoder = await SpeechDecoder.create();
  ingest = new Ingest(decoder, {
    dropped: (reason) => drops.push(reason),
    lost: (packets) => {
      lost += packets;
    },
    filled: (how) => filled.push(how),
  });
});

afterEach(() => {
  decoder[Symbol.dispose]();
});

interface Sent {
  readonly index: number;
  readonly timestamp?: number;
  readonly payload?: Uint8Array | undefined;
}

/** Pushes packets of the recording; `index` decides sequence number and, unless given, timestamp. */
const push = ({ index, timestamp, payload }: Sent): readonly PcmFrame[] =>
  kept(
    ingest.push(
      audioPacket({
        sequence: index,
        timestamp: timestamp ?? index * 960,
        payload: payload ?? speech[index] ?? Uint8Array.of(0),
        arrivedAt: index * 20,
      }),
    ),
  );

const advance = (now: number): readonly PcmFrame[] => kept(ingest.advance(now));

/** Frames are valid until the next call. */
const kept = (frames: readonly PcmFrame[]): readonly PcmFrame[] =>
  frames.map((frame) => ({ ...frame, samples: frame.samples.slice() }));

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, offset) => from + offset);

const pushRange = (from: number, to: number): PcmFrame[] =>
  range(from, to).flatMap((index) => [...push({ index })]);

const pcm = (frames: readonly PcmFrame[]): Float32Array =>
  concatenate(frames.map(({ samples }) => samples));

const endOf = (frames: readonly PcmFrame[]): number => {
  const last = frames.at(-1);
  return (last?.position ?? 0) + (last?.samples.length ?? 0);
};

const expectWithoutHoles = (frames: readonly PcmFrame[]): void => {
  for (const [at, frame] of frames.slice(1).entries()) {
    const before = frames[at];
    expect(frame.position).toBe((before?.position ?? 0) + (before?.samples.length ?? 0));
  }
};

describe('Ingest of an intact stream', () => {
  it('decodes every packet to 20 ms at 16 kHz on its RTP time', () => {
    const frames = pushRange(0, 100);
    expectWithoutHoles(frames);
    expect(frames[50]?.position).toBe(50 * FRAME);
    const heard = pcm(frames).subarray(FRAME);
    expect(difference(clean.subarray(FRAME, 100 * FRAME), heard)).toBe(0);
    expect(filled).toEqual([]);
  });
});

describe('Ingest of a stream with loss', () => {
  it('rebuilds single lost frames from the packet that follows', () => {
    const frames = range(0, 140)
      .filter((index) => index % 10 !== 5)
      .flatMap((index) => [...push({ index })]);
    const zeroFilled = clean
      .subarray(0, 140 * FRAME)
      .map((sample, at) => (Math.floor(at / FRAME) % 10 === 5 ? 0 : sample));
    expectWithoutHoles(frames);
    expect(filled.filter((how) => how === 'fec').length).toBeGreaterThanOrEqual(13);
    const reference = clean.subarray(0, 140 * FRAME);
    expect(difference(reference, pcm(frames))).toBeLessThan(
      difference(reference, zeroFilled) * 0.5,
    );
  });

  it('conceals a longer loss for 120 ms, then is silent, and ends it with FEC', () => {
    const before = pushRange(0, 60);
    const after = push({ index: 75 });
    expectWithoutHoles([...before, ...after]);
    const kinds = ['concealed', 'concealed', 'concealed', 'concealed', 'concealed', 'concealed'];
    expect(filled).toEqual([...kinds, 'silence', 'fec']);
    const gap = pcm(after).subarray(0, 15 * FRAME);
    expect(level(gap.subarray(0, FRAME))).toBeGreaterThan(0.001);
    expect(level(gap.subarray(6 * FRAME, 14 * FRAME))).toBe(0);
    expect(after.at(-1)?.position).toBe(75 * FRAME);
  });

  it('conceals a packet that is not Opus and carries on', () => {
    pushRange(0, 20);
    const broken = push({ index: 20, payload: TWO_EQUAL_FRAMES_OF_ODD_LENGTH });
    const next = push({ index: 21 });
    expect(drops).toEqual(['undecodable']);
    expectWithoutHoles([...broken, ...next]);
    expect(next.at(-1)?.position).toBe(21 * FRAME);
  });

  it('drops a payload that has no duration', () => {
    expect(push({ index: 0, payload: Uint8Array.of(0b1111_1011, 0, 0) })).toEqual([]);
    expect(drops).toEqual(['undecodable']);
  });
});

describe('Ingest of a sender that falls silent (DTX)', () => {
  it('takes a jump in time without a gap in sequence for silence, never for loss', () => {
    const before = pushRange(0, 50);
    const after = push({ index: 50, timestamp: 70 * 960 });
    expectWithoutHoles([...before, ...after]);
    expect(filled).toEqual(['dtx']);
    expect(level(pcm(after).subarray(FRAME, 20 * FRAME))).toBe(0);
    expect(after.at(-1)?.position).toBe(70 * FRAME);
  });

  it('puts silence out as time passes, before the next packet says so', () => {
    pushRange(0, 50);
    push({ index: 50, payload: Uint8Array.of(0xf8) });
    expect(ingest.advance(50 * 20 + 60)).toEqual([]);
    const silent = advance(50 * 20 + 60 + 400);
    expect(silent).not.toEqual([]);
    expect(level(pcm(silent))).toBe(0);
    const resumed = push({
      index: 51,
      timestamp: 80 * 960,
      payload: speech[60] ?? Uint8Array.of(),
    });
    expectWithoutHoles([...silent, ...resumed]);
    expect(resumed.at(-1)?.position).toBe(80 * FRAME);
  });

  it('does not invent silence while packets carry speech', () => {
    pushRange(0, 50);
    expect(ingest.advance(50 * 20 + 1000)).toEqual([]);
  });

  it('keeps positions on RTP time when speech comes back inside the silence put out', () => {
    pushRange(0, 50);
    push({ index: 50, payload: Uint8Array.of(0xf8) });
    const silent = advance(50 * 20 + 60 + 200);
    const early = push({
      index: 51,
      timestamp: 60 * 960 - 480,
      payload: speech[60] ?? Uint8Array.of(),
    });
    const end = endOf(silent);
    expect(early[0]?.position).toBe(end);
    expect((early[0]?.position ?? 0) + (early[0]?.samples.length ?? 0)).toBe(60.5 * FRAME);
  });

  it('jumps over a silence too long to write out', () => {
    pushRange(0, 50);
    const after = push({ index: 50, timestamp: 50 * 960 + 60 * 48_000 });
    const silent = after.slice(0, -1).reduce((sum, { samples }) => sum + samples.length, 0);
    expect(silent).toBe(2.5 * 16_000);
    expect(after.at(-1)?.position).toBe(50 * FRAME + 60 * 16_000);
  });
});

/** Largest step from one sample to the next: a click is a large one. */
const steepest = (samples: Float32Array): number =>
  samples.reduce(
    (most, sample, at) => Math.max(most, Math.abs(sample - (samples[at - 1] ?? sample))),
    0,
  );

describe('Ingest of silence', () => {
  const dtx = Uint8Array.of(0xf8);

  it('is marked as silent where the sender said so, and is all zeros there', () => {
    const frames = [
      ...pushRange(0, 50),
      ...push({ index: 50, payload: dtx }),
      ...advance(50 * 20 + 460),
      ...push({ index: 51, timestamp: 100 * 960 }),
    ];
    expectWithoutHoles(frames);
    const silent = frames.filter((frame) => frame.silent);
    expect(pcm(silent).every((sample) => sample === 0)).toBe(true);
    expect(pcm(silent).length).toBe(50 * FRAME - 160);
  });

  it('is not marked as silent where packets were lost', () => {
    const frames = [...pushRange(0, 50), ...push({ index: 90 })];
    expect(frames.some(({ silent }) => silent)).toBe(false);
    expect(lost).toBe(40);
  });

  it('comes in one piece, however long it is', () => {
    pushRange(0, 50);
    push({ index: 50, payload: dtx });
    expect(advance(50 * 20 + 60 + 2000)).toHaveLength(1);
  });

  it('begins and ends without a click, in the middle of a loud tone', async () => {
    const packets = await opusPackets(tone(2000, 48_000));
    const loud = (index: number, timestamp = index * 960) =>
      push({ index, timestamp, payload: packets[index] ?? dtx });
    const whole = range(0, 30).flatMap((index) => [...loud(index)]);
    const smooth = steepest(pcm(whole).subarray(FRAME));
    const interrupted = [...whole, ...loud(30, 50 * 960), ...loud(31, 51 * 960)];
    const lossy = [...loud(60, 80 * 960), ...loud(61, 81 * 960)];
    expect(steepest(pcm([...interrupted, ...lossy]))).toBeLessThan(smooth * 1.5);
  });

  it('costs no more than time does, whatever timestamps say', () => {
    let samples = 0;
    for (let index = 0; index < 500; index += 1) {
      const frames = push({ index, timestamp: (index * 2400 * 48) % 0x1_0000_0000 });
      samples += frames.filter(({ silent }) => silent).reduce((n, f) => n + f.samples.length, 0);
    }
    expect(samples).toBeLessThan((5 + 10) * 16_000);
  });

  it('lets speech come through that the network delayed beyond the silence put out for it', () => {
    pushRange(0, 50);
    push({ index: 50, payload: dtx });
    advance(50 * 20 + 1060);
    const spoken = push({ index: 51, timestamp: 60 * 960 });
    expect(spoken).toMatchObject([{ position: 60 * FRAME, silent: false }]);
    expect(spoken[0]?.samples).toHaveLength(FRAME);
  });
});

describe('Ingest of a sender that changes what it sends', () => {
  it.each([
    ['mono', 10, 1],
    ['stereo', 20, 2],
    ['long packets', 60, 1],
  ] as const)('goes on in time when speech becomes %s of %i ms', async (_, ms, channels) => {
    using encoder = await createEncoder({ sampleRate: 48_000, channels, frameSize: ms * 48 });
    const loud = tone(ms * 40, 48_000);
    const changed = range(0, 40).map((index) => {
      const part = loud.subarray(index * ms * 48, (index + 1) * ms * 48);
      return encoder.encodeFloat(
        channels === 1
          ? part
          : Float32Array.from({ length: part.length * 2 }, (_x, at) => part[at >> 1] ?? 0),
      );
    });
    const before = pushRange(0, 50);
    const after = changed.flatMap((payload, index) => [
      ...push({ index: 50 + index, timestamp: 50 * 960 + index * ms * 48, payload }),
    ]);
    expectWithoutHoles([...before, ...after]);
    expect(endOf(after)).toBe(50 * FRAME + ms * 40 * 16);
    expect(filled).toEqual([]);
    expect(level(pcm(after).subarray(ms * 160))).toBeCloseTo(level(tone(500, 16_000)), 1);
  });

  it('starts anew in place and time where sequence numbers do', () => {
    pushRange(0, 50);
    const frames = push({ index: 30_000, timestamp: 49 * 960, payload: speech[50] });
    expect(frames).toMatchObject([{ position: 49 * FRAME }]);
    expect(lost).toBe(0);
  });
});

describe('Ingest at the edges of the counters', () => {
  it('goes over the wrap-around of timestamps', () => {
    const start = 0x1_0000_0000 - 10 * 960;
    const frames = range(0, 20).flatMap((index) => [
      ...push({ index, timestamp: (start + index * 960) % 0x1_0000_0000 }),
    ]);
    expectWithoutHoles(frames);
    expect(filled).toEqual([]);
  });

  it('starts anew where the sender starts anew', () => {
    push({ index: 0, timestamp: 1_000_000_000 });
    const frames = push({ index: 1, timestamp: 500_000_000 });
    expect(frames).toHaveLength(1);
    expect(frames[0]?.position).toBe(Math.floor(500_000_000 / 3));
  });

  it('hears a tone at its level', async () => {
    const packets = await opusPackets(tone(1000, 48_000));
    const frames = packets.flatMap((payload, index) => [...push({ index, payload })]);
    expect(level(pcm(frames).subarray(1600))).toBeCloseTo(level(tone(500, 16_000)), 1);
  });
});
