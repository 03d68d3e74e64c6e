import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../../../inference/metrics.ts';
import { CanarySpeech } from '../../../inference/translate/speech.ts';
import { toyFiles, ToyModel } from '../../support/canary-model.ts';
import { canaryOptions } from '../../support/canary-options.ts';
import { canaryPython, readWithPython } from '../../support/canary-python.ts';
import { librivox } from '../../support/speech.ts';

const python = await canaryPython().catch((error: unknown) => new Error(String(error)));
const title = 'the Canary that Triton serves';
const why = python instanceof Error ? (python.message.split('\n', 1)[0] ?? '') : '';
if (why)
  process.stderr.write(`Skipped ${title}: onnxruntime cannot be installed from PyPI: ${why}\n`);

const PART_MS = 500;
const recordings = librivox().map(({ audio }) => audio);
const directions = [
  ['en', 'de'],
  ['en', 'en'],
  ['en', 'ru'],
  ['de', 'en'],
] as const;
const never = new AbortController().signal;
const beginning = (audio: Float32Array) => audio.subarray(0, 3 * 16_000);

async function read(directory: string, said: readonly Float32Array[]) {
  if (python instanceof Error) throw python;
  const folder = await mkdtemp(join(tmpdir(), 'parley-triton-'));
  try {
    const paths = said.map((_, index) => join(folder, `${index}.f32`));
    for (const [index, path] of paths.entries()) {
      await writeFile(path, said[index] ?? new Float32Array(0));
    }
    return await readWithPython(python, {
      directory,
      recordings: paths,
      directions,
      partMs: PART_MS,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf(python instanceof Error)(title, () => {
  it.each(['ends', 'never', 'stuck'] as const)(
    'writes what our own engine writes, of texts whose end is: %s',
    { timeout: 60_000 },
    async (kind) => {
      await using model = await ToyModel.create(toyFiles('v2', { kind }));
      // What never ends takes long.
      const said =
        kind === 'never' ? recordings.slice(0, 1).map(beginning) : recordings.slice(0, 3);
      const theirs = await read(model.directory, said);
      await using ours = await CanarySpeech.create({
        options: canaryOptions(model.directory),
        log: pino({ level: 'silent' }),
        metrics: new InferenceMetrics(),
      });
      await expect.poll(() => ours.ready(), { timeout: 30_000 }).toBe(true);
      for (const [index, audio] of said.entries()) {
        for (const [at, [source, target]] of directions.entries()) {
          const whole = { sequence: 1, start: true, end: true, audio, source, targets: [target] };
          const { translations, logprob } = await ours.speech(whole, never);
          const their = theirs.texts[index]?.[at];
          expect(their).toMatchObject(translations[0] ?? {});
          expect(their?.logprob).toBeCloseTo(logprob, 5);
        }
      }
      const whole = theirs.texts[0]?.[0]?.committed ?? '';
      let committed = '';
      for (const part of theirs.parts) {
        expect(part.committed.startsWith(committed)).toBe(true);
        committed = part.committed;
      }
      expect(theirs.parts.some(({ tentative }) => tentative !== '')).toBe(true);
      expect(theirs.parts.at(-1)?.tentative).toBe('');
      expect(whole).not.toBe('');
    },
  );

  it('has NeMo’s front end, and refuses what it cannot hear without harm to others', async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    const { golden, refused } = await read(model.directory, recordings.slice(0, 1));
    // inference.md, section 2.
    const wanted = {
      ...{ frames: 101, length: 100, weights: 4.0904876412, impulse: -4.348812 },
      ...{ 'L[0,0]': -9.57649, 'L[21,50]': -4.61191, 'L[64,50]': -11.02427 },
      ...{ 'L[127,99]': -7.41012, 'L[64,100]': -8.46873, silence: -16.635532 },
      ...{ 'N[0,0]': 5.65629, 'N[21,50]': 0.38917, 'N[64,50]': -1.23563 },
      ...{ 'N[127,0]': -4.01983, 'N[64,100]': 0 },
    };
    expect(Object.keys(golden).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, value] of Object.entries(wanted)) expect(golden[name]).toBeCloseTo(value, 4);
    const wrong = ['unknown', 'unreachable', 'unstarted', 'endless', 'empty', 'infinite'];
    expect(refused).toEqual(Object.fromEntries(wrong.map((name) => [name, 'badRequest'])));
  });
});
