import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Egress } from '../../../../media/egress/egress.ts';
import type { VoiceOutlet } from '../../../../media/egress/ports.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { mediaOptions } from '../../../support/media-options.ts';
import { join, silence, tone } from '../../../support/pcm.ts';
import { SentPackets } from '../../../support/sent-packets.ts';

const RATE = 48_000;
const BAND = { lagLowMs: 2000, lagHighMs: 4500, lagMaxMs: 20_000, maxTempo: 1.25 };

let clock: FakeClock;
let sent: SentPackets;
let egress: Egress;
let outlet: VoiceOutlet;
let lags: number[];
let events: string[];

beforeEach(async () => {
  clock = new FakeClock();
  sent = new SentPackets(clock);
  [lags, events] = [[], []];
  egress = await Egress.create({
    options: mediaOptions({ ...BAND, opusComplexity: 0 }),
    clock,
    socket: sent,
    packets: { pacerLate: () => undefined, encoded: () => undefined },
  });
  outlet = await egress.open({ port: 1, ssrc: 1, payloadType: 111 });
});

afterEach(() => {
  outlet[Symbol.dispose]();
  egress[Symbol.dispose]();
});

function speak(name: string, audio: Float32Array, speechEndedAt = clock.now()): void {
  outlet.speak(
    { audio, sampleRate: RATE, speechEndedAt },
    {
      started: (at) => {
        lags.push(at - speechEndedAt);
        events.push(`${name} started`);
      },
      ended: () => events.push(`${name} ended`),
      dropped: (reason) => events.push(`${name} dropped: ${reason}`),
    },
  );
}

/** Time passes; gives the fastest tempo seen. */
async function pass(ms: number): Promise<number> {
  let fastest = 1;
  for (let passed = 0; passed < ms; passed += 20) {
    await setImmediate();
    clock.advance(20);
    fastest = Math.max(fastest, outlet.figures.tempo);
  }
  return fastest;
}

describe('a translated voice', () => {
  it('is played as it was spoken while it is near its speaker', async () => {
    speak('one', join(tone(500, RATE), silence(1000, RATE), tone(500, RATE)));
    await pass(3000);
    expect(sent.voiced).toHaveLength(100);
  });

  it('has its pauses shortened first when it falls behind', async () => {
    const audio = join(tone(500, RATE), silence(1000, RATE), tone(500, RATE));
    speak('one', audio, clock.now() - 2100);
    const fastest = await pass(3000);
    expect(sent.voiced.length * 20).toBeGreaterThan(1100);
    expect(sent.voiced.length * 20).toBeLessThan(1200);
    expect(fastest).toBeLessThan(1.05);
  });

  it('hurries when it is far behind, and calms down when it has caught up', async () => {
    speak('one', tone(10_000, RATE), clock.now() - 6000);
    expect(await pass(5000)).toBeCloseTo(1.25);
    await pass(5000);
    expect(events).toEqual(['one started', 'one ended']);
    expect(sent.voiced.length * 20).toBeLessThan(8700);
    speak('two', tone(1000, RATE));
    expect(await pass(2000)).toBe(1);
  });

  it('stays where it was after a minute when translations are 1.2 times as long', async () => {
    for (let utterance = 0; utterance < 30; utterance++) {
      await pass(6000);
      speak('next', tone(7200, RATE));
    }
    await pass(12_000);
    expect(events.filter((event) => event.includes('dropped'))).toEqual([]);
    expect(lags).toHaveLength(30);
    const [minute, end] = [lags[10] ?? 0, lags[29] ?? 0];
    expect(minute).toBeLessThan(BAND.lagHighMs);
    expect(Math.abs(end - minute)).toBeLessThan(300);
  });

  it('gives up the oldest phrases for what would come too late, and only those', async () => {
    speak('long', tone(28_000, RATE));
    await pass(1000);
    speak('one', tone(1000, RATE));
    speak('two', tone(1000, RATE), clock.now() + 5000);
    expect(events).toEqual(['long started', 'one dropped: late']);
    await pass(26_000);
    expect(events).toEqual([
      'long started',
      'one dropped: late',
      'long ended',
      'two started',
      'two ended',
    ]);
  });
});
