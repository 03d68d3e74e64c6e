import { expect, test } from 'vitest';
import { Account } from '../../load/account.ts';
import type { Tally } from '../../load/crew/messages.ts';
import { partsOf } from '../../load/crews.ts';
import { costs, figuresOfMetrics } from '../../load/figures.ts';

const BEGAN = 50_000;

function tally(
  changes: Partial<Omit<Tally, 'counts'>>,
  counts: Partial<Tally['counts']> = {},
): Tally {
  const zero = { present: 0, received: 0, late: 0, lost: 0, said: 0, heard: 0, captions: 0 };
  return {
    ...{ joins: [], firstVoices: [], voices: [], refusals: {}, faults: {}, loopDelayMs: 0 },
    ...changes,
    counts: { ...zero, ...counts },
  };
}

test('an account adds up what several crews tell', () => {
  const account = new Account(BEGAN);
  const joins = [{ at: BEGAN + 900, ms: 100 }];
  account.add(tally({ joins, refusals: { 'join: roomFull': 1 } }, { present: 1, received: 90 }));
  account.add(tally({ joins, refusals: { 'join: roomFull': 2 } }, { present: 1, late: 10 }));
  account.tick(BEGAN + 1_000);
  account.add(tally({}, { received: 50, said: 4, heard: 3, captions: 4 }));
  account.tick(BEGAN + 2_000);
  expect(account.measures(3)).toMatchObject({
    joins: { asked: 3, done: 2, ms: { count: 2, p50: 100 } },
    frames: { received: 140, late: 10, lateShare: 10 / 150 },
    phrases: { said: 4, heardShare: 0.75, captionsEach: 1 },
    refusals: { 'join: roomFull': 3 },
    voiceMs: null,
  });
  expect(account.series.seconds).toEqual([
    { atMs: 1_000, present: 2, frames: 100, lateFrames: 10 },
    { atMs: 2_000, present: 2, frames: 50, lateFrames: 0 },
  ]);
  expect(account.series.joins[0]).toEqual({ atMs: 900, ms: 100 });
});

test('a long load keeps a picture of bounded size', () => {
  const account = new Account(BEGAN);
  const voices = Array.from({ length: 50_000 }, (_, at) => ({ at: BEGAN + at, ms: at }));
  account.add(tally({ voices }));
  const { series } = account;
  expect(series.voices.length).toBeLessThanOrEqual(4_000);
  expect(series.voices.at(-1)?.ms).toBeGreaterThan(49_900);
  expect(account.measures(1).voiceMs).toMatchObject({ count: 50_000, max: 49_999 });
});

test('crews are held up only once everybody is in', () => {
  const account = new Account(BEGAN);
  account.add(tally({ loopDelayMs: 900 }));
  account.complete();
  account.add(tally({ loopDelayMs: 7 }));
  expect(account.loopDelayMs).toBe(7);
});

test.each([
  { rooms: 1, peers: 3, cores: 16, parts: 1 },
  { rooms: 50, peers: 10, cores: 16, parts: 15 },
  { rooms: 10, peers: 10, cores: 16, parts: 4 },
  { rooms: 10, peers: 10, cores: 1, parts: 1 },
])('$rooms meetings of $peers are $parts processes on $cores cores', (load) => {
  const parts = partsOf(load.rooms, load.peers, load.cores);
  expect(parts).toHaveLength(load.parts);
  let next = 0;
  for (const { firstRoom, rooms } of parts) {
    expect(firstRoom).toBe(next);
    expect(rooms).toBeGreaterThan(0);
    next += rooms;
  }
  expect(next).toBe(load.rooms);
});

test('what processes used is read from /metrics, those of a kind together', () => {
  const text = [
    '# HELP parley_media_process_cpu_seconds_total Total user and system CPU time.',
    'parley_server_process_cpu_seconds_total 1.5',
    'parley_server_process_resident_memory_bytes 1000',
    'parley_media_process_cpu_seconds_total{process="0"} 2',
    'parley_media_process_cpu_seconds_total{process="1"} 3',
    'parley_media_process_cpu_user_seconds_total{process="1"} 77',
  ].join('\n');
  expect(figuresOfMetrics(text)).toEqual(
    new Map([
      ['server', { cpuMs: 1_500, memoryBytes: 1_000 }],
      ['media', { cpuMs: 5_000, memoryBytes: 0 }],
    ]),
  );
});

test('costs are what was used between two looks; a process that began anew cost nothing less', () => {
  const before = new Map([
    ['server', { cpuMs: 1_000, memoryBytes: 1 }],
    ['media', { cpuMs: 9_000, memoryBytes: 1 }],
  ]);
  const after = new Map([
    ['server', { cpuMs: 1_500, memoryBytes: 2 }],
    ['media', { cpuMs: 100, memoryBytes: 3 }],
  ]);
  expect(costs(before, after, 10_000)).toEqual([
    { name: 'server', cpuMsPerSecond: 50, memoryBytes: 2 },
    { name: 'media', cpuMsPerSecond: 0, memoryBytes: 3 },
  ]);
});
