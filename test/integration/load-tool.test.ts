import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '../load/report.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, startParley } from '../support/parley.ts';
import type { Parley } from '../support/parley.ts';

const MAIN = join(import.meta.dirname, '../load/main.ts');

const resources = new AsyncDisposableStack();
let folder: string;
/** Somebody else's server, which lets two people into a meeting. */
let theirs: Parley;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-load-'));
  resources.defer(() => rm(folder, { recursive: true }));
  theirs = resources.use(
    await startParley({ PARLEY_ROOMS_MAX_PEERS: '2', PARLEY_LOG_LEVEL: 'error' }),
  );
});
afterAll(() => resources.disposeAsync());

/** The tool as `npm run load` starts it. */
function load(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  return {
    said: () => said,
    interrupt: () => child.kill('SIGINT'),
    ended: once(child, 'exit').then(() => child.exitCode),
  };
}

async function reportAt(file: string): Promise<Report> {
  return Report.parse(JSON.parse(await readFile(file, 'utf8')));
}

// How much is heard in so short a time depends on who else uses the machine: a second try.
describe('the load tool', { timeout: 120_000, retry: 1 }, () => {
  test('loads a server of its own, and all that was asked for is there', async () => {
    const file = join(folder, 'own.json');
    const size = ['--rooms', '2', '--peers', '3', '--speakers', '1', '--languages', '2'];
    const limits = ['--max-join-ms', '30000', '--max-late-frames', '0.9', '--min-heard', '0.01'];
    const tool = load(...size, '--minutes', '0.3', '--report', file, ...limits);
    const code = await tool.ended;
    expect(code, tool.said()).toBe(0);
    const report = await reportAt(file);
    expect(report).toMatchObject({
      ...{ ended: 'over', server: 'own', refusals: {} },
      joins: { asked: 6, done: 6 },
    });
    expect(report.frames.received).toBeGreaterThan(0);
    expect(report.phrases.heard).toBeGreaterThan(0);
    expect(report.processes.map(({ name }) => name).toSorted()).toEqual([
      ...['inference', 'media', 'server', 'sfu'],
    ]);
    for (const { memoryBytes } of report.processes) expect(memoryBytes).toBeGreaterThan(1e6);
    expect(tool.said()).toMatch(/6 of 6 in/);
    expect(await readFile(file.replace('.json', '.svg'), 'utf8')).toMatch(/^<svg/);
  });

  test('loads a running server, and says who was refused and what decides about it', async () => {
    const file = join(folder, 'theirs.json');
    const size = ['--rooms', '1', '--peers', '3', '--minutes', '0.02'];
    const tool = load('--url', theirs.url, ...size, '--report', file, '--max-refusals', '0');
    expect(await tool.ended, tool.said()).toBe(1);
    expect(await reportAt(file)).toMatchObject({
      joins: { asked: 3, done: 2 },
      refusals: { 'join: roomFull': 1 },
      thresholds: [{ name: 'maxRefusals', met: false }],
    });
    expect(tool.said()).toMatch(/real load for http/);
    expect(tool.said()).toMatch(/PARLEY_ROOMS_MAX_PEERS decides/);
    await expect.poll(() => theirs.metric('parley_server_peers')).toBe(0);
  });

  test('ends at Ctrl-C, lets everybody leave and writes the report', async () => {
    const file = join(folder, 'interrupted.json');
    const size = ['--rooms', '1', '--peers', '2', '--minutes', '60'];
    const tool = load('--url', theirs.url, ...size, '--report', file);
    await eventually(() => /2 of 2 in/.test(tool.said()));
    tool.interrupt();
    expect(await tool.ended, tool.said()).toBe(0);
    expect(await reportAt(file)).toMatchObject({ ended: 'interrupted', joins: { done: 2 } });
    await expect.poll(() => theirs.metric('parley_server_peers')).toBe(0);
  });

  test('sends packets straight to a media process', async () => {
    const file = join(folder, 'rtp.json');
    const size = ['--rtp', '--rooms', '2', '--speakers', '1', '--languages', '1'];
    const tool = load(...size, '--minutes', '0.2', '--report', file, '--min-heard', '0.01');
    expect(await tool.ended, tool.said()).toBe(0);
    const report = await reportAt(file);
    expect(report).toMatchObject({ way: 'rtp', joins: { asked: 2, done: 2 } });
    expect(report.frames.received).toBeGreaterThan(0);
    expect(report.processes.map(({ name }) => name).toSorted()).toEqual(['inference', 'media']);
  });

  test('says when nobody is there, or what it was asked for cannot be', async () => {
    const gone = load('--url', `http://localhost:${await freePort()}`);
    expect(await gone.ended).toBe(2);
    expect(gone.said()).toMatch(/No Parley server answers/);
    const many = load('--url', theirs.url, '--peers', '21', '--languages', '20');
    expect(await many.ended).toBe(2);
    expect(many.said()).toMatch(/translates English into/);
    const wrong = load('--rooms', 'some');
    expect(await wrong.ended).toBe(2);
    expect(wrong.said()).toMatch(/--rooms/);
  });
});
