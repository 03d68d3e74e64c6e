import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../support/eventually.ts';
import { opusCapabilities } from '../support/fake-sfu.ts';
import { ask, startSignaling } from '../support/signaling-server.ts';
import type { SignalingServer } from '../support/signaling-server.ts';

let server: SignalingServer;
let socket: Socket;

beforeEach(async () => {
  server = await startSignaling({ limits: { probes: 3, probesPerAddress: 3 } });
  socket = await server.connect();
});
afterEach(() => server.close());

const person = {
  ...{ displayName: 'Ann', speak: 'en', hear: 'es', hearOwn: false, keepWords: false },
  rtpCapabilities: opusCapabilities,
};
const Opened = z.object({ data: z.object({ id: z.string() }) });
const failed = (code: string) => ({ ok: false, error: { code } });

describe('trying the way to the SFU from the door', () => {
  test('is granted to who has a token, and tells how to connect', async () => {
    expect(await ask(socket, 'probe', {})).toMatchObject({
      ok: true,
      data: { iceParameters: {}, iceCandidates: [], dtlsParameters: {}, iceServers: [] },
    });
    expect(server.sfu.count('transport')).toBe(1);
  });

  test('takes the place of an earlier one, however often it is asked for', async () => {
    for (let times = 0; times < 10; times += 1) {
      expect(await ask(socket, 'probe', {})).toMatchObject({ ok: true });
    }
    expect(server.sfu.count('transport')).toBe(1);
  });

  test('asked for many times at once leaves no more than one', async () => {
    await Promise.all(Array.from({ length: 5 }, () => ask(socket, 'probe', {})));
    expect(server.sfu.count('transport')).toBeLessThanOrEqual(1);
    socket.disconnect();
    await eventually(() => server.sfu.openObjects === 0);
  });

  test('ends when the meeting is joined, and is refused from then on', async () => {
    await ask(socket, 'probe', {});
    expect(await ask(socket, 'join', person)).toMatchObject({ ok: true });
    expect(server.sfu.openObjects).toBe(0);
    expect(await ask(socket, 'probe', {})).toMatchObject(failed('badRequest'));
  });

  test('ends when the page goes, by its own word or without one', async () => {
    const other = await server.connect();
    await Promise.all([ask(socket, 'probe', {}), ask(other, 'probe', {})]);
    expect(server.sfu.count('transport')).toBe(2);
    socket.disconnect();
    other.io.engine.close();
    await eventually(() => server.sfu.openObjects === 0);
  });

  test('is refused to an address that has too many running', async () => {
    for (const page of [socket, await server.connect(), await server.connect()]) {
      expect(await ask(page, 'probe', {})).toMatchObject({ ok: true });
    }
    const fourth = await server.connect();
    expect(await ask(fourth, 'probe', {})).toMatchObject(failed('rateLimited'));
    expect(server.sfu.count('transport')).toBe(3);
  });

  test('lets nothing else be done with what it opens', async () => {
    const { id } = Opened.parse(await ask(socket, 'probe', {})).data;
    expect(await ask(socket, 'join', person)).toMatchObject({ ok: true });
    expect(await ask(socket, 'restartIce', { transportId: id })).toMatchObject(failed('notFound'));
  });
});
