import { setImmediate } from 'node:timers/promises';
import { createDecoder } from 'libopus-wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatenate } from '../../../../media/audio.ts';
import { Egress } from '../../../../media/egress/egress.ts';
import { Pacer } from '../../../../media/egress/pacer.ts';
import { Metrics } from '../../../../media/metrics.ts';
import { SentPackets } from '../../../support/sent-packets.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { mediaOptions } from '../../../support/media-options.ts';
import { level, tone } from '../../../support/pcm.ts';

const stream = { port: 5004, ssrc: 99, payloadType: 111 };

let clock: FakeClock;
let sent: SentPackets;
let egress: Egress;
let events: string[];

beforeEach(async () => {
  clock = new FakeClock(10_000);
  sent = new SentPackets(clock);
  events = [];
  const pacer = new Pacer(clock, 100, () => undefined);
  const shared = { pacer, socket: sent, metrics: new Metrics() };
  egress = await Egress.create(stream, shared, mediaOptions({ playoutMs: 5000 }));
});

afterEach(() => {
  egress[Symbol.dispose]();
});

async function* chunks(...audio: readonly Float32Array[]): AsyncGenerator<Float32Array> {
  for (const chunk of audio) {
    await setImmediate();
    yield chunk;
  }
}

const play = (name: string, ms: number): Promise<void> =>
  egress.play(chunks(tone(ms, 48_000)), {
    started: () => events.push(`${name} started`),
    ended: () => events.push(`${name} ended`),
    dropped: () => events.push(`${name} dropped`),
  });

const steps = (values: readonly number[]): number[] =>
  values.slice(1).map((value, at) => value - (values[at] ?? 0));

describe('Egress', () => {
  it('sends one packet every 20 ms with the stream it was given', async () => {
    await play('one', 200);
    clock.advance(1000);
    expect(sent.all).toHaveLength(10);
    expect(new Set(sent.all.map(({ port }) => port))).toEqual(new Set([5004]));
    expect(sent.all.every(({ ssrc, payloadType }) => ssrc === 99 && payloadType === 111)).toBe(
      true,
    );
    expect(steps(sent.all.map(({ at }) => at))).toEqual(Array(9).fill(20));
    expect(steps(sent.all.map(({ timestamp }) => timestamp))).toEqual(Array(9).fill(960));
  });

  it('marks the start of each talk spurt, and nothing else', async () => {
    await play('one', 60);
    clock.advance(500);
    await play('two', 60);
    clock.advance(500);
    expect(sent.all.map(({ marker }) => marker)).toEqual([true, false, false, true, false, false]);
  });

  it('lets timestamps advance with wall time over silence, while the sequence goes on', async () => {
    await play('one', 60);
    clock.advance(5000);
    await play('two', 60);
    clock.advance(500);
    const [, , last, first] = sent.all;
    const silence = (first?.at ?? 0) - (last?.at ?? 0);
    expect(silence).toBeGreaterThan(4900);
    expect(((first?.timestamp ?? 0) - (last?.timestamp ?? 0) + 2 ** 32) % 2 ** 32).toBe(
      silence * 48,
    );
    expect(
      steps(sent.all.map(({ sequence }) => sequence)).every(
        (step) => step === 1 || step === -65_535,
      ),
    ).toBe(true);
  });

  it('is off by less than a frame after hours of pauses', async () => {
    for (let pause = 0; pause < 200; pause++) {
      await play('word', 20);
      clock.advance(60_007);
    }
    const [first, last] = [sent.all[0], sent.all.at(-1)];
    const played = ((last?.timestamp ?? 0) - (first?.timestamp ?? 0) + 2 ** 32) % 2 ** 32;
    const passed = ((last?.at ?? 0) - (first?.at ?? 0)) * 48;
    expect(Math.abs(played - passed)).toBeLessThan(960);
  });

  it('plays phrases in the order they came, never over each other', async () => {
    await Promise.all([play('one', 100), play('two', 100)]);
    clock.advance(1000);
    expect(events).toEqual(['one started', 'one ended', 'two started', 'two ended']);
    expect(sent.all).toHaveLength(10);
    expect(sent.all.filter(({ marker }) => marker)).toHaveLength(1);
  });

  it('catches up after a stall without sending faster than time has passed', async () => {
    await play('one', 400);
    clock.advance(40);
    const before = sent.all.length;
    clock.stall(60);
    expect(sent.all.length - before).toBe(3);
    expect(steps(sent.all.map(({ timestamp }) => timestamp))).toEqual(
      Array(sent.all.length - 1).fill(960),
    );
  });

  it('starts a new spurt after a stall too long to catch up with', async () => {
    await play('one', 1000);
    clock.advance(100);
    clock.stall(400);
    clock.advance(100);
    expect(sent.all.filter(({ marker }) => marker)).toHaveLength(2);
  });

  it('says which phrases were dropped to make room', async () => {
    await play('one', 3000);
    clock.advance(40);
    await play('two', 1500);
    await play('three', 2000);
    expect(events).toEqual(['one started', 'two dropped']);
  });

  it('ends a phrase that has no sound', async () => {
    await egress.play(chunks(), {
      started: () => events.push('started'),
      ended: () => events.push('ended'),
      dropped: () => events.push('dropped'),
    });
    expect(events).toEqual(['ended']);
  });

  it('passes on why a voice broke off, and plays the next one', async () => {
    async function* broken(): AsyncGenerator<Float32Array> {
      yield tone(100, 48_000);
      await setImmediate();
      throw new Error('voice gone');
    }
    const observer = { started: () => undefined, ended: () => undefined, dropped: () => undefined };
    await expect(egress.play(broken(), observer)).rejects.toThrow('voice gone');
    await play('two', 40);
    clock.advance(500);
    expect(events).toEqual(['two started', 'two ended']);
  });

  it('sounds like what it was given', async () => {
    await play('one', 500);
    clock.advance(1000);
    using decoder = await createDecoder({ sampleRate: 48_000, channels: 1 });
    const heard = concatenate(sent.all.map(({ payload }) => decoder.decodeFloat(payload)));
    expect(level(heard.subarray(4800))).toBeCloseTo(level(tone(500, 48_000)), 1);
  });

  it('sends nothing once closed', async () => {
    await play('one', 200);
    clock.advance(40);
    egress[Symbol.dispose]();
    const before = sent.all.length;
    clock.advance(1000);
    expect(sent.all).toHaveLength(before);
  });
});
