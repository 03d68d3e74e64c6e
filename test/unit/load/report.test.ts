import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { pictureOf } from '../../load/picture.ts';
import { hints } from '../../load/refusals.ts';
import { Report } from '../../load/report.ts';
import { summaryOf } from '../../load/summary.ts';
import { exitCode, judge } from '../../load/thresholds.ts';
import { ConfigSchema } from '../../../config/schema.ts';
import { settings } from '../../../config/environment.ts';
import { reportWith } from './reports.ts';

describe('thresholds', () => {
  test('are met on the line and missed beyond it', () => {
    const report = reportWith();
    const thresholds = { maxJoinMs: 200, maxLateFrames: 0.0005, minHeard: 0.95, minCaptions: 1.5 };
    expect(judge(thresholds, report).map(({ name, met }) => [name, met])).toEqual([
      ['maxLateFrames', false],
      ['maxJoinMs', true],
      ['minHeard', true],
      ['minCaptions', false],
    ]);
  });

  test('are missed when nothing was measured', () => {
    const report = reportWith({ voiceMs: null });
    expect(judge({ maxVoiceMs: 9_000 }, report)).toEqual([
      { name: 'maxVoiceMs', limit: 9_000, value: null, met: false },
    ]);
  });

  test('count every refusal', () => {
    const report = reportWith({ refusals: { 'join: roomFull': 2, 'door: rateLimited': 1 } });
    expect(judge({ maxRefusals: 2 }, report)).toMatchObject([{ value: 3, met: false }]);
  });

  test('decide about the exit code, unless nobody came in', () => {
    const met = { name: 'maxJoinMs', limit: 1, value: 1, met: true };
    const { joins } = reportWith();
    expect(exitCode({ joins, thresholds: [] })).toBe(0);
    expect(exitCode({ joins, thresholds: [met] })).toBe(0);
    expect(exitCode({ joins, thresholds: [met, { ...met, met: false }] })).toBe(1);
    expect(exitCode({ joins: { ...joins, done: 0 }, thresholds: [met] })).toBe(2);
  });
});

describe('a report', () => {
  test('is read back as it was written', () => {
    const report = reportWith();
    expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  test('of another version is not read', () => {
    expect(Report.safeParse({ ...reportWith(), version: 2 }).success).toBe(false);
  });

  test('says to a person what was missed, and when the bots themselves were slow', () => {
    const late = { name: 'maxLateFrames', limit: 0.01, value: 0.2, met: false };
    const bots = { processes: 1, cpuMsPerSecond: 900, loopDelayMs: 300 };
    const text = summaryOf(reportWith({ thresholds: [late], bots, faults: { 'media reset': 2 } }));
    expect(text).toMatch(/maxLateFrames +0\.2, limit 0\.01: MISSED/);
    expect(text).toMatch(/media reset +2 times/);
    expect(text).toMatch(/bots were held up/);
    expect(summaryOf(reportWith())).not.toMatch(/held up: /);
  });
});

describe('the picture of a load', () => {
  const drawn = (svg: string, mark: string) => svg.split(mark).length - 1;

  test('is well formed and has a mark for each join, voice and second', () => {
    const svg = pictureOf(reportWith());
    // expat, which takes nothing that is not XML.
    const check = 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())';
    execFileSync('/usr/bin/python3', ['-c', check], { input: svg });
    expect(drawn(svg, '<circle')).toBe(2);
    expect(drawn(svg, 'class="late"')).toBe(2);
  });

  test('has room for the largest value, whatever it is', () => {
    for (const ms of [3, 99, 1_001, 70_000]) {
      const svg = pictureOf(
        reportWith({ series: { seconds: [], joins: [{ atMs: 5, ms }], voices: [] } }),
      );
      const [, cy = ''] = /cy="([\d.-]+)"/.exec(svg) ?? [];
      expect(Number(cy)).toBeGreaterThan(296);
    }
  });

  test('of a load in which nothing happened is a picture all the same', () => {
    const series = { seconds: [], joins: [], voices: [] };
    expect(pictureOf(reportWith({ seconds: 0, series }))).toMatch(/Joins, ms: none/);
  });
});

test('who is refused is told a setting that exists', () => {
  const known = settings(ConfigSchema).map(({ variable }) => variable);
  const refusals = {
    ...{ 'rooms: rateLimited': 1, 'rooms: serverFull': 1, 'door: rateLimited': 1 },
    ...{ 'connect: rateLimited': 1, 'join: rateLimited': 1, 'join: roomFull': 1 },
    ...{ 'join: serverFull': 1, 'join: mediaFull': 1 },
    'createWebRtcTransport: serverFull': 1,
  };
  const told = hints(refusals).flatMap((hint) => hint.match(/PARLEY_\w+/g) ?? []);
  expect(told.length).toBeGreaterThanOrEqual(Object.keys(refusals).length);
  for (const variable of told) expect(known).toContain(variable);
  expect(hints({ 'join: badToken': 3 })).toEqual(['Refused 3 times at join: badToken']);
});
