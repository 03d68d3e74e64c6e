import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { InferenceClient } from '../../inference/protocol/client.ts';
import { CanarySpeech } from '../../inference/translate/speech.ts';
import { toyFiles, ToyModel } from '../support/canary-model.ts';
import { canaryOptions } from '../support/canary-options.ts';
import { poolOf } from '../support/endpoints.ts';
import { makePackage } from '../support/silero.ts';
import { librivox } from '../support/speech.ts';
import { triton, TritonServer, type ServedModel } from '../support/triton.ts';

/** docker/triton on a real Triton, spoken to as Parley does. */

const here = await triton().catch((error: unknown) => new Error(String(error)));
const title = 'a real Triton with the models of docker/triton';
if (here instanceof Error) process.stderr.write(`Skipped ${title}: ${here.message}\n`);
const hasTorch = !(here instanceof Error) && here.hasTorch;
if (!hasTorch) process.stderr.write('Skipped Silero on Triton: there is no torch of Debian’s\n');

const recordings = librivox().map(({ audio }) => audio);
const never = new AbortController().signal;
const timeouts = { timeoutMs: 30_000, healthTimeoutMs: 5_000 };
const PART = 16_000;

const speech = (directory: string): ServedModel => ({
  name: 'speech',
  edit: (config) =>
    config
      .replace('"/models/canary-1b-v2"', JSON.stringify(directory))
      .replace('count: 1 kind: KIND_GPU gpus: [ 0 ]', 'count: 1 kind: KIND_CPU')
      .replace('max_queue_delay_microseconds: 2000', 'max_queue_delay_microseconds: 200000'),
});

function serverOf(...models: readonly ServedModel[]): Promise<TritonServer> {
  if (here instanceof Error) throw here;
  return TritonServer.start(here, models);
}

describe.skipIf(here instanceof Error)(title, () => {
  it('hears what our own engine hears, many at once in one run', { timeout: 120_000 }, async () => {
    await using model = await ToyModel.create(toyFiles('v2'));
    await using server = await serverOf(speech(model.directory));
    await using client = new InferenceClient(server.url, timeouts);
    await using ours = await CanarySpeech.create({
      options: canaryOptions(model.directory),
      log: pino({ level: 'silent' }),
      metrics: new InferenceMetrics(),
    });
    await expect.poll(() => ours.ready(), { timeout: 30_000 }).toBe(true);

    const known = await client.languages();
    expect(known).toEqual({ ...ours.languages, engine: 'canary-1b-v2' });
    expect(await client.ready()).toBe(true);

    const whole = { start: true, end: true, source: 'en', speaker: 'ann' };
    const asked = recordings.flatMap((audio, at) => [
      { ...whole, sequence: 2 * at + 1, audio, targets: ['de', 'en', 'uk-UA'] },
      { ...whole, sequence: 2 * at + 2, audio, targets: [] },
    ]);
    const told = await Promise.all(asked.map((request) => client.speech(request)));
    for (const [index, request] of asked.entries()) {
      const { logprob, ...texts } = await ours.speech(request, never);
      expect(told[index]).toMatchObject(texts);
      expect(told[index]?.logprob).toBeCloseTo(logprob, 5);
    }
    const { requests, runs } = await server.runs('speech');
    expect(requests).toBe(asked.length);
    expect(runs).toBeLessThan(requests);

    await expect(
      client.speech({
        ...whole,
        sequence: 1,
        audio: new Float32Array(PART),
        source: 'eo',
        targets: [],
      }),
    ).rejects.toMatchObject({ code: 'badRequest' });
  });

  it(
    'keeps utterances that come in parts, and a pool goes on without it',
    { timeout: 120_000 },
    async () => {
      await using model = await ToyModel.create(toyFiles('v2'));
      await using one = await serverOf(speech(model.directory));
      await using other = await serverOf(speech(model.directory));
      await using pool = await poolOf([one, other], { checkMs: 500 });
      const [audio = new Float32Array(0)] = recordings;
      const request = { sequence: 2 ** 40 + 7, source: 'en', targets: ['de'] };
      const whole = await pool.speech({ ...request, start: true, end: true, audio });
      const parts = Array.from({ length: Math.ceil(audio.length / PART) }, (_, at) =>
        audio.subarray(at * PART, (at + 1) * PART),
      );
      let told = whole;
      for (const [at, part] of parts.entries()) {
        const end = at === parts.length - 1;
        told = await pool.speech({ ...request, start: at === 0, end, audio: part });
        if (at !== 1) continue;
        const busy = pool.figures.findIndex(({ utterances }) => utterances === 1);
        process.kill([one, other][busy]?.pid ?? 0, 'SIGKILL');
      }
      expect(told.transcript.committed).not.toBe('');
      expect(pool.figures.map(({ failovers }) => failovers).toSorted()).toEqual([0, 1]);
      expect(whole.transcript.committed).not.toBe('');
    },
  );

  it.skipIf(!hasTorch)('speaks with Silero’s voices', { timeout: 120_000 }, async () => {
    const models = await mkdtemp(join(tmpdir(), 'parley-silero-'));
    try {
      const folder = join(models, 'silero-ru');
      await mkdir(folder);
      const file = join(folder, 'v5_5_ru.pt');
      const sha256 = await makePackage({ file, voices: { aidar: 100, xenia: 220 } });
      const manifest = JSON.stringify({ files: { 'v5_5_ru.pt': { sha256 } } });
      await writeFile(join(folder, 'manifest.json'), manifest);
      const sidecar = join(import.meta.dirname, '../../inference/silero/sidecar');
      await using server = await serverOf({
        name: 'voice',
        edit: (config) =>
          config
            .replace('"/opt/parley/inference/silero/sidecar"', JSON.stringify(sidecar))
            .replace('"/models"', JSON.stringify(models))
            .replace('count: 2', 'count: 1'),
      });
      await using client = new InferenceClient(server.url, timeouts);
      expect(await client.speaks()).toEqual(['ru']);
      const said = await client.voice({ text: 'Добрый день.', language: 'ru', voice: 'female-0' });
      expect(said.sampleRate).toBe(48_000);
      expect(said.audio.length).toBeGreaterThan(1_000);
      const foreign = client.voice({ text: 'Hi.', language: 'en', voice: 'male' });
      await expect(foreign).rejects.toMatchObject({ code: 'badRequest' });
      await using pool = await poolOf([server]);
      await pool.voice({ text: 'Добрый день.', language: 'ru', voice: 'male-1' });
    } finally {
      await rm(models, { recursive: true });
    }
  });
});
