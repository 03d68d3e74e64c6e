import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pssBytes } from '../bench/proc.ts';
import { eventually } from '../support/eventually.ts';
import { INSPECTABLE, Inspected, type Facts } from '../support/inspected.ts';
import { startParley, type Parley } from '../support/parley.ts';
import { descendants } from '../support/processes.ts';
import { Visitor } from '../support/visitor.ts';

/**
 * A meeting that many come to and leave again. Its own process holds a listener who hears Spanish,
 * so that each visitor is tapped, interpreted and given a Spanish track.
 */
const WARM_UP = 100;
const VISITS = 300;
const AT_ONCE = 5;
const SLOPE_PER_100 = 1_000_000;
/** Timers and sockets that come and go by themselves: a poll of the engine, a connection kept alive. */
const BREATHING = 4;

const resources = new AsyncDisposableStack();
let parley: Parley;
let processes: readonly Inspected[];
let room: string;
let listener: Visitor;

beforeAll(async () => {
  parley = resources.use(
    await startParley({
      ...INSPECTABLE,
      PARLEY_LIMITS_CONNECTIONS_PER_ADDRESS: '10000',
      PARLEY_LIMITS_REQUESTS_PER_ADDRESS: '100000',
      PARLEY_LIMITS_JOINS_PER_ADDRESS: '10000',
    }),
  );
  processes = await Inspected.all(parley.output());
  for (const one of processes) resources.use(one);
  room = await parley.createRoom();
  listener = resources.use(await Visitor.join(parley.url, room, 'es', 'es'));
}, 60_000);

afterAll(() => resources.disposeAsync());

async function visit(): Promise<void> {
  using visitor = await Visitor.join(parley.url, room, 'en', 'en');
  await visitor.speak();
  await eventually(() => listener.translated.has(visitor.peerId));
  await visitor.request('leave', {});
}

async function visits(count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, visit));
  }
  for (const gauge of ['producers', 'consumers']) {
    await expect.poll(() => parley.metric(`parley_server_${gauge}`)).toBe(0);
  }
}

interface Holdings {
  readonly node: readonly Facts[];
  /** Bytes of each mediasoup worker. */
  readonly workers: readonly number[];
  readonly gauges: Readonly<Record<string, number | undefined>>;
}

async function holdings(): Promise<Holdings> {
  const workers = descendants(parley.pid).filter(({ command }) => command.includes('mediasoup'));
  const gauges: Record<string, number | undefined> = {};
  for (const name of ['peers', 'routers', 'transports', 'producers', 'consumers']) {
    gauges[name] = await parley.metric(`parley_server_${name}`);
  }
  gauges['speakers'] = await parley.metric('parley_media_speakers');
  return {
    node: await Promise.all(processes.map((one) => one.look())),
    workers: await Promise.all(workers.map(({ pid }) => pssBytes(pid))),
    gauges,
  };
}

/** Open files and sockets by process. */
async function descriptors(): Promise<ReadonlyMap<string, number>> {
  const family = [{ pid: parley.pid, command: 'server' }, ...descendants(parley.pid)];
  const counts = await Promise.all(
    family.map(async ({ pid, command }): Promise<[string, number]> => {
      return [`${pid} ${command}`, (await readdir(`/proc/${pid}/fd`)).length];
    }),
  );
  return new Map(counts);
}

/** Growth of memory for every hundred visits between two looks. */
const slope = (before: number, after: number): number =>
  (after - before) / ((VISITS - WARM_UP) / 100);

test(
  'after 300 joins and leaves everything is as after the first 100, and memory has not grown',
  { timeout: 180_000 },
  async () => {
    await visits(WARM_UP);
    const before = await holdings();
    const open = await descriptors();
    await visits(VISITS - WARM_UP);
    const after = await holdings();

    expect(before.node.map(({ script }) => script.split('/').at(-2))).toEqual(
      expect.arrayContaining(['server', 'media', 'inference']),
    );
    expect(after.gauges).toEqual(before.gauges);
    expect(after.gauges['speakers']).toBe(0);
    // Connections of this test's own that were kept alive close a few seconds later. A process that
    // was not there before has all of its descriptors too many.
    const more = async () =>
      Array.from(await descriptors())
        .map(([name, count]): [string, number] => [name, count - (open.get(name) ?? 0)])
        .filter(([, count]) => count > BREATHING);
    await expect.poll(more, { timeout: 15_000 }).toEqual([]);
    for (const [index, { script, heldBytes, resources }] of after.node.entries()) {
      const earlier = before.node[index];
      for (const [kind, count] of Object.entries(resources)) {
        const more = count - (earlier?.resources[kind] ?? 0);
        expect(more, `${kind} more in ${script}`).toBeLessThanOrEqual(BREATHING);
      }
      expect(
        slope(earlier?.heldBytes ?? 0, heldBytes),
        `bytes ${script} grew by in 100 visits`,
      ).toBeLessThan(SLOPE_PER_100);
    }
    for (const [index, bytes] of after.workers.entries()) {
      expect(
        slope(before.workers[index] ?? 0, bytes),
        'bytes a worker grew by in 100 visits',
      ).toBeLessThan(SLOPE_PER_100);
    }
  },
);
