import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { costsOf, PLAN } from '../../load/capacity/costs.ts';
import type { Cost } from '../../load/capacity/costs.ts';
import { requireGood } from '../../load/capacity/require-good.ts';
import { RunError } from '../../load/run.ts';
import { reportWith } from './reports.ts';
import { costTable, filled, sizeTable } from '../../load/capacity/page.ts';
import { meetingCost, redisOperations, sizeOf } from '../../load/capacity/sizes.ts';

const ROOMS = 4;
const truth = { rest: 10, speaker: 30, listener: 2, language: 8 };

/** What would be measured if everything cost just so. */
const measured = (peers: number, speakers: number, languages: number, rooms = ROOMS) => {
  const { rest, speaker, listener, language } = truth;
  const each = speakers * (speaker + languages * language) + (peers - speakers) * listener;
  const figure = rest + rooms * each;
  return [{ name: 'media', cpuMsPerSecond: figure, memoryBytes: 1e6 * figure }];
};
const plan = ({ peers, speakers, languages }: (typeof PLAN)[keyof typeof PLAN]) =>
  measured(peers, speakers, languages);

const amount = (figure: number) => ({ cpuMsPerSecond: figure, memoryBytes: 1e6 * figure });
const media: Cost = {
  process: 'media',
  rest: amount(10),
  speaker: amount(30),
  listener: amount(2),
  language: amount(8),
};

describe('costs', () => {
  test('are found again in the loads that they made', () => {
    const found = costsOf(
      {
        rest: measured(0, 0, 0, 0),
        few: plan(PLAN.few),
        listeners: plan(PLAN.listeners),
        languages: plan(PLAN.languages),
      },
      ROOMS,
    );
    expect(found).toHaveLength(1);
    for (const what of ['rest', 'speaker', 'listener', 'language'] as const) {
      expect(found[0]?.[what].cpuMsPerSecond, what).toBeCloseTo(truth[what], 6);
      expect(found[0]?.[what].memoryBytes, what).toBeCloseTo(1e6 * truth[what], 0);
    }
  });

  test('too small to be seen are nothing, never less', () => {
    const figure = (cpuMsPerSecond: number) => [{ name: 'sfu', cpuMsPerSecond, memoryBytes: 0 }];
    const noise = { few: figure(21), listeners: figure(20), languages: figure(19.5) };
    const [cost] = costsOf({ rest: figure(1), ...noise }, ROOMS);
    expect(cost?.listener.cpuMsPerSecond).toBe(0);
    expect(cost?.language.cpuMsPerSecond).toBe(0);
  });
});

describe('a load that is to tell what things cost', () => {
  const { joins, phrases, bots } = reportWith();

  test('is one in which everybody was there and nearly all was heard', () => {
    expect(() => {
      requireGood(reportWith());
    }).not.toThrow();
  });

  test.each([
    ['in which somebody is missing', { joins: { ...joins, done: 5 } }],
    ['of which little was heard', { phrases: { ...phrases, heard: 2, heardShare: 0.1 } }],
    ['in which nothing was said', { phrases: { ...phrases, said: 0, heard: 0, heardShare: null } }],
    ['that fills the machine', { bots: { ...bots, cpuMsPerSecond: 1_700 } }],
  ])('is not one %s', (_, changes) => {
    expect(() => {
      requireGood(reportWith(changes));
    }).toThrow(RunError);
  });
});

describe('sizes', () => {
  test('are the meeting times the meetings', () => {
    // One speaker in two languages, three who listen.
    expect(meetingCost(media).cpuMsPerSecond).toBe(30 + 2 * 8 + 3 * 2);
    const size = sizeOf(1_000, [media], 0.1);
    expect(size).toMatchObject({ people: 4_000, tracks: 6_000, allCores: 52, workers: 15 });
    expect(size.nodes).toBe(Math.ceil(52 / 12.8));
    expect(size.memoryBytes).toBe(1_000 * 52e6);
  });

  test('count commands to Redis: beats that look at every node, leases, captions', () => {
    expect(redisOperations({ rooms: 0, nodes: 1, captionsPerSecond: 0 })).toBe(11 / 4);
    expect(redisOperations({ rooms: 100, nodes: 10, captionsPerSecond: 0.1 })).toBe(
      (10 * 29 + 100) / 4 + 10,
    );
  });
});

describe('the page', () => {
  const page = readFileSync(new URL('../../../docs/capacity.md', import.meta.url), 'utf8');

  test('has places for both tables, and keeps what is around them', () => {
    const once = filled(
      filled(page, 'costs', costTable([media])),
      'sizes',
      sizeTable([sizeOf(10, [media], 0.1)]),
    );
    expect(once).toMatch(/\| media \| 10 \| 30 \| 2 \| 8 \| 52 \|/);
    expect(once).toMatch(/\| people \| 40 \|/);
    const twice = filled(filled(once, 'costs', 'a'), 'sizes', 'b');
    const bare = (text: string) =>
      text.replace(/(<!-- begin:(\w+) -->)[^]*?(<!-- end:\2 -->)/g, '$1$3');
    expect(bare(twice)).toBe(bare(page));
  });

  test('without a place is not filled', () => {
    expect(() => filled('nothing here', 'costs', 'a')).toThrow(/costs/);
  });
});
