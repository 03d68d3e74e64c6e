import { setImmediate } from 'node:timers/promises';
import { createDecoder } from 'libopus-wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatenate } from '../../../../media/audio.ts';
import { Egress } from '../../../../media/egress/egress.ts';
import type { VoiceOutlet } from '../../../../media/egress/ports.ts';
import { isDtx } from '../../../../media/opus/toc.ts';
import { SentPackets } from '../../../support/sent-packets.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { mediaOptions } from '../../../support/media-options.ts';
import { level, tone } from '../../../support/pcm.ts';

const stream = { port: 5004, ssrc: 99, payloadType: 111 };

let clock: FakeClock;
let sent: SentPackets;
let egress: Egress;
let outlet: VoiceOutlet;
let events: string[];
let encoded: number;

beforeEach(async () => {
  clock = new FakeClock(10_000);
  sent = new SentPackets(clock);
  [events, encoded] = [[], 0];
  egress = await Egress.create({
    options: mediaOptions({ playoutMs: 5000 }),
    clock,
    socket: sent,
    packets: { pacerLate: () => undefined, encoded: () => (encoded += 1) },
  });
  outlet = await egress.open(stream);
});

afterEach(() => {
  outlet[Symbol.dispose]();
  egress[Symbol.dispose]();
});

/** Voices come at 48 kHz here, so nothing but the queue stands between them and the packets. */
async function play(name: string, ms: number, sampleRate = 48_000): Promise<void> {
  outlet.speak(
    { audio: tone(ms, sampleRate), sampleRate, speechEndedAt: clock.now() },
    {
      started: (at) => events.push(at === clock.now() ? `${name} started` : 'wrong time'),
      ended: () => events.push(`${name} ended`),
      dropped: (reason) => events.push(`${name} dropped: ${reason}`),
    },
  );
  await setImmediate();
}

/** Time passes tick by tick, and what waits for the event loop happens. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    clock.advance(20);
    await setImmediate();
  }
}

const steps = (values: readonly number[]): number[] =>
  values.slice(1).map((value, at) => value - (values[at] ?? 0));

describe('Egress', () => {
  it('sends one packet every 20 ms with the stream it was given', async () => {
    await play('one', 200);
    clock.advance(1000);
    expect(sent.voiced).toHaveLength(10);
    expect(new Set(sent.voiced.map(({ port }) => port))).toEqual(new Set([5004]));
    expect(sent.voiced.every(({ ssrc, payloadType }) => ssrc === 99 && payloadType === 111)).toBe(
      true,
    );
    expect(steps(sent.voiced.map(({ at }) => at))).toEqual(Array(9).fill(20));
    expect(steps(sent.voiced.map(({ timestamp }) => timestamp))).toEqual(Array(9).fill(960));
  });

  it('marks the start of each talk spurt, and nothing else', async () => {
    await play('one', 60);
    clock.advance(500);
    await play('two', 60);
    clock.advance(500);
    expect(sent.voiced.map(({ marker }) => marker)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  it('lets timestamps advance with wall time over silence, while the sequence goes on', async () => {
    await play('one', 60);
    clock.advance(5000);
    await play('two', 60);
    clock.advance(500);
    const [, , last, first] = sent.voiced;
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

  it('codes silence for 200 ms when it has nothing more to say, then tells of it every 400 ms', async () => {
    await play('one', 60);
    clock.advance(1000);
    await play('two', 60);
    clock.advance(50);
    const [, , last, ...then] = sent.all;
    const tellsOfSilence = then.filter(({ payload }) => isDtx(payload));
    expect(tellsOfSilence.map(({ at }) => at - (last?.at ?? 0))).toEqual([220, 620]);
    expect(then.findIndex(({ payload }) => isDtx(payload))).toBe(10);
    expect(then.findIndex(({ marker }) => marker)).toBe(12);
  });

  it('stops telling of silence when it is closed', async () => {
    await play('one', 60);
    clock.advance(1000);
    const before = sent.all.length;
    outlet[Symbol.dispose]();
    clock.advance(5000);
    expect(sent.all).toHaveLength(before);
  });

  it('is off by less than a frame after hours of pauses', async () => {
    for (let pause = 0; pause < 200; pause++) {
      await play('word', 20);
      clock.advance(60_007);
    }
    const [first, last] = [sent.voiced[0], sent.voiced.at(-1)];
    const played = ((last?.timestamp ?? 0) - (first?.timestamp ?? 0) + 2 ** 32) % 2 ** 32;
    const passed = ((last?.at ?? 0) - (first?.at ?? 0)) * 48;
    expect(Math.abs(played - passed)).toBeLessThan(960);
  });

  it('plays phrases in the order they came, never over each other and without a gap', async () => {
    await Promise.all([play('one', 100), play('two', 100)]);
    await pass(1000);
    expect(events).toEqual(['one started', 'one ended', 'two started', 'two ended']);
    expect(sent.voiced).toHaveLength(10);
    expect(sent.voiced.filter(({ marker }) => marker)).toHaveLength(1);
  });

  it('catches up after a stall without sending faster than time has passed', async () => {
    await play('one', 400);
    clock.advance(40);
    const before = sent.voiced.length;
    clock.stall(60);
    expect(sent.voiced.length - before).toBe(3);
    expect(steps(sent.voiced.map(({ timestamp }) => timestamp))).toEqual(
      Array(sent.voiced.length - 1).fill(960),
    );
  });

  it('starts a new spurt after a stall too long to catch up with', async () => {
    await play('one', 1000);
    clock.advance(100);
    clock.stall(400);
    clock.advance(100);
    expect(sent.voiced.filter(({ marker }) => marker)).toHaveLength(2);
  });

  it('never sends faster than time passes, whatever it was kept from', async () => {
    const begin = clock.now();
    await play('one', 4000);
    for (let stall = 0; stall < 10; stall++) {
      clock.stall(30 + 47 * stall);
      await pass(100);
    }
    expect(sent.voiced.length).toBeGreaterThan(60);
    for (const [count, { at }] of sent.voiced.entries()) {
      expect(count * 20).toBeLessThanOrEqual(at - begin);
      const within = sent.voiced.filter((other) => other.at === at);
      expect(within.length).toBeLessThanOrEqual(100 / 20);
    }
  });

  it('says which phrases were dropped to make room', async () => {
    await play('one', 4000);
    clock.advance(40);
    await play('two', 1500);
    await play('three', 4000);
    expect(events).toEqual(['one started', 'two dropped: overflow']);
  });

  it('ends a phrase that has no sound', async () => {
    await play('empty', 0);
    await play('two', 40);
    await pass(100);
    expect(events).toEqual(['empty ended', 'two started', 'two ended']);
  });

  it('brings a voice of any rate to its packets, and goes on after one it cannot convert', async () => {
    await play('odd', 100, 3);
    await play('one', 100, 22_050);
    while (!events.includes('one ended')) await pass(20);
    expect(events).toEqual(['odd dropped: failed', 'one started', 'one ended']);
    expect(sent.voiced).toHaveLength(5);
  });

  it('tells how much waits, how fast it is played and how much was encoded', async () => {
    await play('one', 1000);
    await pass(200);
    expect(outlet.figures).toEqual({ waitingMs: expect.closeTo(800, -2) as number, tempo: 1 });
    await pass(1000);
    expect(outlet.figures).toEqual({ waitingMs: 0, tempo: 1 });
    expect(encoded).toBe(50);
    expect(egress.snapshot().stages).toMatchObject([
      { stage: 'playout', in: 1, out: 1 },
      { stage: 'encode', in: 50, out: 50 },
    ]);
  });

  it('sounds like what it was given', async () => {
    await play('one', 500);
    await pass(1000);
    using decoder = await createDecoder({ sampleRate: 48_000, channels: 1 });
    const heard = concatenate(sent.voiced.map(({ payload }) => decoder.decodeFloat(payload)));
    expect(level(heard.subarray(4800))).toBeCloseTo(level(tone(500, 48_000)), 1);
  });

  it('sends nothing once closed', async () => {
    await play('one', 200);
    clock.advance(40);
    outlet[Symbol.dispose]();
    const before = sent.voiced.length;
    clock.advance(1000);
    expect(sent.voiced).toHaveLength(before);
  });
});
