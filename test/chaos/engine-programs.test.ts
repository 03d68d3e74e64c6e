import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { OfflineEngine } from '../../inference/offline/offline-engine.ts';
import { startEspeak } from '../../inference/offline/voice/voice.ts';
import { ApertiumPipeline } from '../../inference/offline/translator/pipeline.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';
import { eventually } from '../support/eventually.ts';
import { alive, descendants } from '../support/processes.ts';
import { sentence } from '../support/speech.ts';

/** A quarter second of speech. */
const PART = 4_000;
const WITHIN_MS = 10_000;
const never = new AbortController().signal;
const { audio } = sentence('0870');

let engine: OfflineEngine;
let undisturbed: string;
let metrics: InferenceMetrics;
let sequences = 0;

beforeAll(async () => {
  metrics = new InferenceMetrics();
  const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
  const parts = { options, log: pino({ level: 'silent' }), metrics };
  engine = OfflineEngine.start({ ...parts, voice: startEspeak(parts) });
  await eventually(() => engine.ready());
  undisturbed = await say('es');
});

afterAll(async () => {
  await engine.close();
  expect(descendants(process.pid).filter(isProgram)).toEqual([]);
});

const isProgram = ({ command }: { command: string }) =>
  /program\.ts|apertium|lt-proc|lrx-proc|cg-proc|lsx-proc/.test(command);

/** Says the sentence as it would be said live, a little faster; resolves to its Spanish. */
async function say(target: string, midway: () => void = () => undefined): Promise<string> {
  const sequence = ++sequences;
  for (let start = 0; ; start += PART) {
    if (start === 3 * PART) midway();
    const end = start + PART >= audio.length;
    const request = { sequence, start: start === 0, end, source: 'en', targets: [target] };
    const part = audio.subarray(start, start + PART);
    const { translations } = await engine.speech({ ...request, audio: part }, never);
    if (end) return translations[0]?.committed ?? '';
  }
}

/** The pids of a program, or of one stage of the Spanish translator. */
function pidsOf(words: string): readonly number[] {
  return descendants(process.pid)
    .filter(({ command }) => command.includes(words) && !command.startsWith('bash'))
    .map(({ pid }) => pid);
}

function hit(words: string, signal: NodeJS.Signals): void {
  const pids = pidsOf(words);
  expect(pids, words).not.toEqual([]);
  for (const pid of pids) process.kill(pid, signal);
}

async function hangsOf(program: string): Promise<number> {
  const { values } = await metrics.hangs.get();
  return values.find(({ labels }) => labels.program === program)?.value ?? 0;
}

const recovered = () => expect.poll(() => engine.ready(), { timeout: WITHIN_MS }).toBe(true);

const PROGRAMS = ['recogniser/program.ts', 'eng-spa.automorf', 'eng-spa.t1x', 'eng-spa.autopgen'];

describe.each(['SIGKILL', 'SIGSTOP'] as const)('%s in the middle of a sentence', (signal) => {
  test.each(PROGRAMS)('of %s: the sentence is understood all the same', async (words) => {
    await recovered();
    const began = performance.now();
    const disturbed = await say('es', () => {
      hit(words, signal);
    });
    expect(disturbed).toBe(undisturbed);
    expect(performance.now() - began).toBeLessThan(WITHIN_MS);
  });

  test('of the voice: the phrase is spoken all the same', async () => {
    await recovered();
    const spoken = engine.voice(
      { text: 'hola '.repeat(400), language: 'es', voice: 'male' },
      never,
    );
    const began = performance.now();
    hit('voice/program.ts', signal);
    expect((await spoken).audio.length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(WITHIN_MS);
  });
});

test('a pipeline ends at once, though nobody asks it anything, when any of its stages dies', async () => {
  const mode = join(defaults.inference.apertiumModes, 'eng-spa.mode');
  const before = new Set(pidsOf('eng-spa'));
  for (let stage = 0; stage < before.size; stage++) {
    const pipeline = await ApertiumPipeline.start(mode, WITHIN_MS, never);
    const victim = pidsOf('eng-spa').filter((pid) => !before.has(pid))[stage];
    if (victim === undefined) throw new Error(`there is no stage ${stage}`);
    process.kill(victim, 'SIGKILL');
    const began = performance.now();
    await pipeline.ended;
    expect(performance.now() - began).toBeLessThan(1_000);
  }
});

test('what stands still while nobody speaks is found and replaced', async () => {
  for (const words of ['recogniser/program.ts', 'voice/program.ts', 'en-gl.t2x']) {
    await recovered();
    const pids = pidsOf(words);
    hit(words, 'SIGSTOP');
    await expect.poll(() => pids.some(alive), { timeout: WITHIN_MS }).toBe(false);
  }
  await recovered();
  for (const program of ['recogniser', 'voice', 'translator-gl']) {
    expect(await hangsOf(program), program).toBeGreaterThanOrEqual(1);
  }
});

test('a translator that hangs holds up neither the words nor other languages', async () => {
  await recovered();
  hit('en-eo.t1x', 'SIGSTOP');
  const began = performance.now();
  const sequence = ++sequences;
  const request = { sequence, start: true, end: false, source: 'en', targets: ['eo', 'es'] };
  const first = await engine.speech({ ...request, audio: audio.subarray(0, 24_000) }, never);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(first.transcript.tentative).not.toBe('');
  expect(first.translations[1]?.tentative).not.toBe('');
  expect(await say('es')).not.toBe('');
  expect(performance.now() - began).toBeLessThan(4_500);
  const rest = { ...request, start: false, end: true, audio: audio.subarray(24_000) };
  expect((await engine.speech(rest, never)).translations[0]?.committed).not.toBe('');
  expect(performance.now() - began).toBeLessThan(WITHIN_MS);
});

test('a program stopped for a moment goes on without being replaced', async () => {
  await recovered();
  const pids = pidsOf('recogniser/program.ts');
  hit('recogniser/program.ts', 'SIGSTOP');
  await setTimeout(1_500);
  hit('recogniser/program.ts', 'SIGCONT');
  expect(await say('es')).not.toBe('');
  expect(pidsOf('recogniser/program.ts')).toEqual(pids);
});
