import { beforeEach, describe, expect, it } from 'vitest';
import { Routes } from '../../../../media/rtp/routes.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { CountingMeter } from '../../../support/counting-meter.ts';
import { rtpDatagram } from '../../../support/rtp-builder.ts';

const ROUTER = 6000;

let clock: FakeClock;
let meter: CountingMeter;
let routes: Routes;
let received: number[];

beforeEach(() => {
  clock = new FakeClock();
  meter = new CountingMeter();
  routes = new Routes(clock, meter);
  received = [];
});

const listen = (ssrc: number, listening = true): Disposable =>
  routes.listen(
    { port: ROUTER, ssrc, payloadType: 100 },
    {
      listening,
      receive: ({ sequence }) => {
        received.push(sequence);
      },
    },
  );

describe('Routes', () => {
  it('leads packets to their stream by port and SSRC', () => {
    listen(7);
    routes.receive(rtpDatagram({ sequence: 1, ssrc: 7 }), ROUTER);
    expect(received).toEqual([1]);
  });

  it.each([
    ['foreign', 'another SSRC', rtpDatagram({ sequence: 1, ssrc: 8 }), ROUTER],
    ['foreign', 'another port', rtpDatagram({ sequence: 1, ssrc: 7 }), ROUTER + 1],
    ['rtcp', 'a report', Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24)), ROUTER],
    ['malformed', 'noise', Uint8Array.of(1, 2, 3), ROUTER],
    ['malformed', 'a header', rtpDatagram({ sequence: 1, ssrc: 7 }).subarray(0, 12), ROUTER],
    [
      'payload-type',
      'another codec',
      rtpDatagram({ sequence: 1, ssrc: 7, payloadType: 13 }),
      ROUTER,
    ],
    ['oversized', 'a giant', new Uint8Array(2000).fill(0x80), ROUTER],
  ])('counts as %s: %s', (reason, _, datagram, port) => {
    listen(7);
    routes.receive(datagram, port);
    expect(received).toEqual([]);
    expect(meter.drops).toEqual({ [reason]: 1 });
  });

  it('drops the packets of a stream nobody listens to', () => {
    listen(7, false);
    routes.receive(rtpDatagram({ sequence: 1, ssrc: 7 }), ROUTER);
    expect(meter.drops).toEqual({ unwanted: 1 });
  });

  it('knows a stream no longer once its listening is disposed, but its successor', () => {
    const before = listen(7);
    listen(7);
    before[Symbol.dispose]();
    routes.receive(rtpDatagram({ sequence: 1, ssrc: 7 }), ROUTER);
    expect(received).toEqual([1]);
  });

  it('cuts off a stream at ten times its packet rate, and only that one', () => {
    listen(7);
    listen(8);
    for (let step = 0; step < 3000; step += 1) {
      clock.advance(2);
      routes.receive(rtpDatagram({ sequence: step, ssrc: 7 }), ROUTER);
      if (step % 10 === 0) routes.receive(rtpDatagram({ sequence: 60_000, ssrc: 8 }), ROUTER);
    }
    expect(meter.drops['flood']).toBeGreaterThan(2000);
    expect(received.filter((sequence) => sequence === 60_000)).toHaveLength(300);
  });

  it('counts a flood of packets that cannot even be parsed', () => {
    listen(7);
    const headerOnly = rtpDatagram({ sequence: 1, ssrc: 7 }).subarray(0, 12);
    for (let step = 0; step < 3000; step += 1) {
      clock.advance(2);
      routes.receive(headerOnly, ROUTER);
    }
    expect(meter.drops['flood']).toBeGreaterThan(1000);
  });
});
