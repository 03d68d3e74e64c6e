import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { MediaWorker } from '../../../../server/sfu/media-worker.ts';
import { WorkerPool } from '../../../../server/sfu/worker-pool.ts';
import { eventually } from '../../../support/eventually.ts';
import { freePort } from '../../../support/parley.ts';
import { alive } from '../../../support/processes.ts';
import { silent } from '../../../support/room-stage.ts';

const IP = '127.0.0.1';
const seen = new Set<number>();
let pool: WorkerPool;

async function start(workers: number, port = 0): Promise<void> {
  seen.clear();
  pool = await WorkerPool.create({
    workers,
    port,
    addresses: [{ ip: IP }],
    maxConsumers: 400,
    log: silent,
  });
}

/** A worker, noted so that the test's end can see that it ended. */
async function next(): Promise<MediaWorker> {
  const host = await pool.leastLoaded();
  seen.add(host.worker.pid);
  return host;
}

async function kill(host: MediaWorker, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  process.kill(host.worker.pid, signal);
  await eventually(() => host.worker.closed);
}

afterEach(async () => {
  await pool.close();
  expect([...seen].filter(alive)).toEqual([]);
  expect(pool.census.counts.workers).toBe(0);
});

describe('a media worker', () => {
  test('that dies is replaced, and who was on it is told once', async () => {
    await start(1);
    const first = await next();
    let lost = 0;
    first.routers.add(() => (lost += 1));
    await kill(first);
    const second = await next();
    expect(second.worker.pid).not.toBe(first.worker.pid);
    expect({ lost, deaths: pool.deaths, hangs: pool.hangs }).toEqual({
      lost: 1,
      deaths: 1,
      hangs: 0,
    });
    expect(second.routers.size).toBe(0);
  });

  test('that is stopped is noticed within three seconds, killed, counted and replaced', async () => {
    await start(1);
    const first = await next();
    const began = performance.now();
    let lost = 0;
    first.routers.add(() => (lost += 1));
    await kill(first, 'SIGSTOP');
    expect(performance.now() - began).toBeLessThan(3_000);
    expect({ lost, deaths: pool.deaths, hangs: pool.hangs }).toEqual({
      lost: 1,
      deaths: 1,
      hangs: 1,
    });
    const second = await next();
    expect((await second.worker.getResourceUsage()).ru_maxrss).toBeGreaterThan(0);
  });

  test('leaves its port to the next one at once, even with connections open', async () => {
    const port = await freePort();
    await start(1, port);
    const first = await next();
    const caller = connect(port, IP);
    caller.on('error', () => undefined);
    await once(caller, 'connect');
    await kill(first);
    const began = performance.now();
    const second = await next();
    expect(performance.now() - began).toBeLessThan(1_000);
    const [info] = (await second.webRtcServer.dump()).tcpServers;
    expect(info?.port).toBe(port);
    caller.destroy();
  });

  test('that keeps dying is started again later and later', async () => {
    await start(1);
    const pauses: number[] = [];
    for (let life = 0; life < 3; life++) {
      await kill(await next());
      const died = performance.now();
      await next();
      pauses.push(performance.now() - died);
    }
    expect(pauses[1]).toBeGreaterThan(500);
    expect(pauses[2]).toBeGreaterThan(1_000);
    expect(pool.deaths).toBe(3);
  });

  test('that no longer answers gets nothing new while another one does', async () => {
    await start(2);
    const first = await next();
    process.kill(first.worker.pid, 'SIGSTOP');
    // Its neighbour has more to do, and yet is the better choice before the first is given up.
    const second = await eventuallyAnother(first);
    seen.add(second.worker.pid);
    second.routers.add(() => undefined);
    expect(await pool.leastLoaded()).toBe(second);
    expect(first.worker.closed).toBe(false);
    await eventually(() => first.worker.closed);
  });

  test('whose pool is closed while it is waited for is waited for no longer', async () => {
    await start(1);
    const first = await next();
    await kill(first);
    const waiting = pool.leastLoaded();
    await pool.close();
    await expect(waiting).rejects.toThrow('closed');
  });
});

/** The worker that is chosen once `host` is in doubt. */
async function eventuallyAnother(host: MediaWorker): Promise<MediaWorker> {
  for (;;) {
    const chosen = await pool.leastLoaded();
    if (chosen !== host) return chosen;
    await new Promise(setImmediate);
  }
}
