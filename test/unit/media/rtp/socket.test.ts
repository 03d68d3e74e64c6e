import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../media/clock.ts';
import type { AudioPacket } from '../../../../media/rtp/packet.ts';
import { RtpSocket } from '../../../../media/rtp/socket.ts';
import { eventually } from '../../../support/eventually.ts';
import { rtpDatagram } from '../../../support/rtp-builder.ts';

const drops: string[] = [];
const counts = { in: 0, out: 0 };
const meter = {
  in: () => {
    counts.in += 1;
  },
  out: (count: number) => {
    counts.out += count;
  },
  drop: (reason: string) => {
    drops.push(reason);
  },
  took: () => undefined,
};

let router: Socket;
let stranger: Socket;
let rtp: RtpSocket;
let received: number[];

const bound = async (): Promise<Socket> => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

beforeEach(async () => {
  drops.length = 0;
  counts.in = 0;
  received = [];
  router = await bound();
  stranger = await bound();
  rtp = await RtpSocket.create(systemClock, meter, 1_000_000);
});

afterEach(async () => {
  await rtp.close();
  router.close();
  stranger.close();
});

const stream = () => ({ port: router.address().port, ssrc: 7, payloadType: 100 });
const sink = (listening: boolean) => ({
  listening,
  receive: ({ sequence }: AudioPacket) => {
    received.push(sequence);
  },
});

describe('RtpSocket', () => {
  it('hands a stream its packets, by the port they come from and their SSRC', async () => {
    rtp.listen(stream(), sink(true));
    router.send(rtpDatagram({ sequence: 1, ssrc: 7 }), rtp.port, '127.0.0.1');
    await eventually(() => received.length === 1);
    expect(received).toEqual([1]);
  });

  it('counts what is not for anybody', async () => {
    rtp.listen(stream(), sink(true));
    stranger.send(rtpDatagram({ sequence: 1, ssrc: 7 }), rtp.port, '127.0.0.1');
    await eventually(() => drops.length === 1);
    expect(drops).toEqual(['foreign']);
    expect(counts.in).toBe(1);
    expect(received).toEqual([]);
  });

  it('closes twice as well as once', async () => {
    await rtp.close();
    await rtp.close();
  });
});
