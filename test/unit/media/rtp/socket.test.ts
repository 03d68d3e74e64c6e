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
let received: AudioPacket[];

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
  receive: (packet: AudioPacket) => {
    received.push(packet);
  },
});

describe('RtpSocket', () => {
  it('hands a stream its packets, by the port they come from and their SSRC', async () => {
    rtp.listen(stream(), sink(true));
    router.send(rtpDatagram({ sequence: 1, ssrc: 7 }), rtp.port, '127.0.0.1');
    await eventually(() => received.length === 1);
    expect(received[0]?.sequence).toBe(1);
  });

  it('counts and drops everything else, by reason', async () => {
    rtp.listen(stream(), sink(true));
    const send = (from: Socket, bytes: Uint8Array) => {
      from.send(bytes, rtp.port, '127.0.0.1');
    };
    send(router, rtpDatagram({ sequence: 1, ssrc: 8 }));
    await eventually(() => drops.length === 1);
    send(stranger, rtpDatagram({ sequence: 1, ssrc: 7 }));
    await eventually(() => drops.length === 2);
    send(router, Uint8Array.of(0x80, 200, 0, 6, ...new Uint8Array(24)));
    await eventually(() => drops.length === 3);
    send(router, Uint8Array.of(1, 2, 3));
    await eventually(() => drops.length === 4);
    send(router, rtpDatagram({ sequence: 1, ssrc: 7 }).subarray(0, 12));
    await eventually(() => drops.length === 5);
    send(router, rtpDatagram({ sequence: 1, ssrc: 7, payloadType: 13 }));
    await eventually(() => drops.length === 6);
    expect(drops).toEqual(['foreign', 'foreign', 'rtcp', 'malformed', 'malformed', 'payload-type']);
    expect(counts.in).toBe(6);
    expect(received).toEqual([]);
  });

  it('drops the packets of a stream nobody listens to', async () => {
    rtp.listen(stream(), sink(false));
    router.send(rtpDatagram({ sequence: 1, ssrc: 7 }), rtp.port, '127.0.0.1');
    await eventually(() => drops.length === 1);
    expect(drops).toEqual(['unwanted']);
  });

  it('knows a stream no longer once its listening is disposed', async () => {
    rtp.listen(stream(), sink(true))[Symbol.dispose]();
    router.send(rtpDatagram({ sequence: 1, ssrc: 7 }), rtp.port, '127.0.0.1');
    await eventually(() => drops.length === 1);
    expect(drops).toEqual(['foreign']);
  });

  it('sends from the port it listens on', async () => {
    const arrived = once(router, 'message');
    rtp.send(Uint8Array.of(1, 2, 3), router.address().port);
    const [bytes, from] = (await arrived) as [Buffer, { port: number }];
    expect([...bytes]).toEqual([1, 2, 3]);
    expect(from.port).toBe(rtp.port);
  });

  it('closes twice as well as once, and then sends nothing', async () => {
    await rtp.close();
    await rtp.close();
    expect(() => {
      rtp.send(Uint8Array.of(1), 9);
    }).not.toThrow();
  });
});
