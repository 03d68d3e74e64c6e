import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../media/clock.ts';
import type { PhraseObserver } from '../../../../media/egress/ports.ts';
import { EgressThread } from '../../../../media/egress/thread.ts';
import type { RtpStream } from '../../../../media/messages.ts';
import { eventually } from '../../../support/eventually.ts';
import { mediaOptions } from '../../../support/media-options.ts';
import { tone } from '../../../support/pcm.ts';
import { readPacket } from '../../../support/sent-packets.ts';

let router: Socket;
let stream: RtpStream;
let thread: EgressThread;
let failures: Error[];
let encoded: number;
let packets: { ssrc: number; from: number }[];
let events: string[];

beforeEach(async () => {
  [failures, encoded, packets, events] = [[], 0, [], []];
  router = createSocket('udp4').bind(0, '127.0.0.1');
  await once(router, 'listening');
  router.on('message', (bytes, { port }) => {
    packets.push({ ssrc: readPacket(bytes).ssrc, from: port });
  });
  stream = { port: router.address().port, ssrc: 5, payloadType: 111 };
  thread = await EgressThread.create({
    options: mediaOptions(),
    clock: systemClock,
    packets: { pacerLate: () => undefined, encoded: () => (encoded += 1) },
    onFailed: (error) => failures.push(error),
  });
});

afterEach(async () => {
  await thread.close();
  router.close();
});

const observer = (name: string, startedAt: number[] = []): PhraseObserver => ({
  started: (at) => {
    startedAt.push(at);
    events.push(`${name} started`);
  },
  ended: () => events.push(`${name} ended`),
  dropped: (reason) => events.push(`${name} dropped: ${reason}`),
});

const phrase = (ms: number) => ({
  audio: tone(ms, 22_050),
  sampleRate: 22_050,
  speechEndedAt: performance.now(),
});

describe('EgressThread', () => {
  it('sends a phrase from its own port, and tells when on the clock of the caller', async () => {
    using outlet = await thread.open(stream);
    const [before, startedAt]: [number, number[]] = [performance.now(), []];
    outlet.speak(phrase(100), observer('one', startedAt));
    await eventually(() => events.length === 2 && packets.length === 5);
    expect(events).toEqual(['one started', 'one ended']);
    expect(new Set(packets.map(({ from }) => from))).toEqual(new Set([thread.voicePort]));
    expect(startedAt[0]).toBeGreaterThan(before);
    expect(startedAt[0]).toBeLessThan(performance.now());
  });

  it('goes on while the calling thread is busy', async () => {
    using outlet = await thread.open(stream);
    const startedAt: number[] = [];
    outlet.speak(phrase(200), observer('one', startedAt));
    const busyUntil = performance.now() + 400;
    while (performance.now() < busyUntil);
    await eventually(() => events.includes('one ended'));
    expect(startedAt[0]).toBeLessThan(busyUntil - 200);
  });

  it('leaves the caller its audio', async () => {
    using outlet = await thread.open(stream);
    const spoken = phrase(40);
    outlet.speak(spoken, observer('one'));
    expect(spoken.audio).toEqual(tone(40, 22_050));
    await eventually(() => events.includes('one ended'));
  });

  it('tells its stages and, with them, every packet it encoded', async () => {
    using outlet = await thread.open(stream);
    outlet.speak(phrase(100), observer('one'));
    await eventually(() => events.includes('one ended'));
    const { stages } = await thread.snapshot();
    expect(stages).toMatchObject([
      { stage: 'playout', in: 1, out: 1, dropped: {} },
      { stage: 'encode', in: 5, out: 5, dropped: {} },
    ]);
    expect(encoded).toBe(5);
  });

  it('shows how much waits, and drops what comes too late', async () => {
    using outlet = await thread.open(stream);
    outlet.speak(phrase(3000), observer('one'));
    outlet.speak({ ...phrase(100), speechEndedAt: performance.now() - 60_000 }, observer('old'));
    await eventually(() => outlet.figures.waitingMs > 1000);
    expect(events).toContain('old dropped: late');
  });

  it('falls silent when an outlet is disposed, without a word', async () => {
    const outlet = await thread.open(stream);
    using other = await thread.open({ ...stream, ssrc: 6 });
    outlet.speak(phrase(5000), observer('one'));
    await eventually(() => packets.length > 2);
    outlet[Symbol.dispose]();
    outlet[Symbol.dispose]();
    outlet.speak(phrase(100), observer('two'));
    await thread.snapshot();
    other.speak(phrase(200), observer('other'));
    await eventually(() => events.includes('other started'));
    const isFirst = ({ ssrc }: { ssrc: number }): boolean => ssrc === 5;
    const heard = packets.filter(isFirst).length;
    await eventually(() => events.includes('other ended'));
    expect(packets.filter(isFirst)).toHaveLength(heard);
    expect(events).toEqual(['one started', 'other started', 'other ended']);
  });

  it('says so when it dies, and refuses what is asked of it then', async () => {
    using outlet = await thread.open({ ...stream, port: -1 });
    outlet.speak(phrase(100), observer('one'));
    await eventually(() => failures.length > 0);
    expect(failures).toHaveLength(1);
    await expect(thread.open(stream)).rejects.toThrow();
    await expect(thread.snapshot()).rejects.toThrow();
  });

  it('ends when it is closed, which is no failure', async () => {
    await thread.open(stream);
    await thread.close();
    await thread.close();
    expect(failures).toEqual([]);
    await expect(thread.open(stream)).rejects.toThrow('closed');
  });
});
