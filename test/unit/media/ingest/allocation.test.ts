import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { Ingest } from '../../../../media/ingest/ingest.ts';
import { JitterBuffer } from '../../../../media/ingest/jitter-buffer.ts';
import type { AudioPacket } from '../../../../media/rtp/packet.ts';
import { Routes } from '../../../../media/rtp/routes.ts';
import { CountingMeter } from '../../../support/counting-meter.ts';
import { rtpDatagram } from '../../../support/rtp-builder.ts';

const PACKETS = 40_000;
/** Some numbers in boxes. The lists and objects this path would make otherwise are 800 and more. */
const MOST_BYTES = 100;
/** Where processors are busy the code may not be compiled yet, and allocates more: the least counts. */
const ROUNDS = 5;

const sound = new Float32Array(320).fill(0.1);
/** Stands for the decoder, whose library makes one new array per packet. */
const decoder = { decode: () => sound, recover: () => sound, conceal: () => sound };
const port = 6000;

let collect: () => void;

beforeAll(() => {
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
});

/** Moving it allocates nothing. */
class SteppingClock {
  time = 0;

  now(): number {
    return this.time;
  }
}

/** Bytes of heap per packet from datagram to frame. The second half counts: the code is warm then. */
function bytesPerPacket(datagrams: readonly Uint8Array[], keep: (packet: AudioPacket) => void) {
  const clock = new SteppingClock();
  const routes = new Routes(clock, new CountingMeter());
  const order = new JitterBuffer(
    { holdMs: 60, maxPackets: 50 },
    { dropped: () => undefined, reordered: () => undefined },
  );
  const ingest = new Ingest(decoder, {
    dropped: () => undefined,
    lost: () => undefined,
    filled: () => undefined,
  });
  let samples = 0;
  routes.listen(
    { port, ssrc: 1, payloadType: 100 },
    {
      listening: true,
      receive: (packet) => {
        keep(packet);
        for (const ordered of order.push(packet)) {
          for (const frame of ingest.push(ordered)) samples += frame.samples.length;
        }
      },
    },
  );
  const half = datagrams.length / 2;
  let before = 0;
  let index = 0;
  for (const datagram of datagrams) {
    if (index === half) {
      collect();
      before = process.memoryUsage().heapUsed;
    }
    clock.time += 20;
    routes.receive(datagram, port);
    index += 1;
  }
  const bytes = process.memoryUsage().heapUsed - before;
  expect(samples).toBe(datagrams.length * 320);
  return bytes / half;
}

function leastBytesPerPacket(keep: (packet: AudioPacket) => void): number {
  const datagrams = Array.from({ length: PACKETS }, (_, index) =>
    rtpDatagram({ sequence: index % 0x1_0000, payload: new Uint8Array(100).fill(0x78) }),
  );
  return Math.min(...Array.from({ length: ROUNDS }, () => bytesPerPacket(datagrams, keep)));
}

describe('The way of a packet that is in order', () => {
  it('allocates nothing from datagram to frame', () => {
    expect(leastBytesPerPacket(() => undefined)).toBeLessThan(MOST_BYTES);
  });

  it('is measured finely enough to see one small object per packet', () => {
    let last: object | undefined;
    const keep = ({ sequence }: AudioPacket) => {
      last = { first: last === undefined, numbers: [sequence, sequence, sequence, sequence] };
    };
    expect(leastBytesPerPacket(keep)).toBeGreaterThan(MOST_BYTES);
  });
});
