import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaults } from '../../../../config/defaults.ts';
import { LanguageIdentifier } from '../../../../inference/identify/identifier.ts';
import { withIdentifier } from '../../../../inference/identify/identifying-engine.ts';
import { InferenceMetrics } from '../../../../inference/metrics.ts';
import { inferenceOptionsSchema, type InferenceOptions } from '../../../../inference/options.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeModels } from '../../../support/fake-models.ts';
import {
  LABEL_ENCODER,
  speechOf,
  ToyIdentifier,
  toyIdentifier,
} from '../../../support/identifier-model.ts';
import { descendants } from '../../../support/processes.ts';

const never = new AbortController().signal;
const [ENGLISH, HEBREW, RUSSIAN, GERMAN] = [0, 1, 2, 3];

const parts = (changes: Partial<InferenceOptions> = {}) => {
  const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
  return {
    options: { ...options, logLevel: 'silent' as const, ...changes },
    log: pino({ level: 'silent' }),
    metrics: new InferenceMetrics(),
  };
};

async function stage(changes: Partial<InferenceOptions> = {}) {
  const model = await ToyIdentifier.create();
  const made = parts(changes);
  const identifier = await LanguageIdentifier.create(model.directory, made);
  return {
    ...{ identifier, ...made },
    identify: (audio: Float32Array, among: readonly string[] = [], signal = never) =>
      identifier.identify({ audio, among }, signal),
    pid: () =>
      descendants(process.pid).find(({ command }) => command.includes(model.directory))?.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await identifier.close();
      await model[Symbol.asyncDispose]();
    },
  };
}

describe('a language identifier', { timeout: 60_000 }, () => {
  it('says which language is spoken, the most probable first', async () => {
    await using toy = await stage();
    const { identify, identifier } = toy;
    expect(identifier.languages).toEqual(['en', 'he', 'ru', 'de']);
    const { languages } = await identify(speechOf(RUSSIAN));
    expect(languages).toHaveLength(4);
    expect(languages[0]?.language).toBe('ru');
    expect(languages.map(({ probability }) => probability)).toEqual(
      languages.map(({ probability }) => probability).sort((a, b) => b - a),
    );
  });

  it('chooses among the languages it is given alone, by their tags, and makes them 1 together', async () => {
    await using toy = await stage();
    const { identify } = toy;
    const { languages } = await identify(speechOf(RUSSIAN), ['de-AT', 'en-GB']);
    expect(languages.map(({ language }) => language)).toEqual(['de-AT', 'en-GB']);
    // German is one step away from Russian, English two.
    expect(languages[0]?.probability).toBeCloseTo(Math.E / (Math.E + 1), 4);
    expect(languages.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  });

  it('leaves out what it does not know, and refuses where it knows none', async () => {
    await using toy = await stage();
    const { identify } = toy;
    const { languages } = await identify(speechOf(HEBREW), ['tlh', 'he', 'en']);
    expect(languages.map(({ language }) => language)).toEqual(['he', 'en']);
    await expect(identify(speechOf(GERMAN), ['tlh', 'qya'])).rejects.toMatchObject({
      code: 'badRequest',
    });
  });

  it.each([
    ['no audio', new Float32Array(0)],
    ['too little', speechOf(RUSSIAN, 499)],
    ['a minute', speechOf(RUSSIAN, 60_000)],
    ['samples that are no numbers', speechOf(RUSSIAN).fill(NaN, 5, 6)],
  ])('refuses %s, for that call alone', async (_, audio) => {
    await using toy = await stage();
    const { identify } = toy;
    await expect(identify(audio)).rejects.toMatchObject({ code: 'badRequest' });
    expect((await identify(speechOf(ENGLISH))).languages[0]?.language).toBe('en');
  });

  it('answers all the same when its process dies under a question', async () => {
    await using toy = await stage();
    const { identify, identifier, pid } = toy;
    await eventually(() => identifier.ready());
    const asked = identify(speechOf(GERMAN));
    process.kill(pid(), 'SIGKILL');
    expect((await asked).languages[0]?.language).toBe('de');
  });

  it('lets no more than so many wait, and drops those who have gone', async () => {
    await using toy = await stage({ waitingUtterances: 2 });
    const { identify, metrics } = toy;
    const leaving = new AbortController();
    const first = identify(speechOf(GERMAN));
    await eventually(() => true);
    const left = identify(speechOf(GERMAN), [], leaving.signal);
    const waiting = identify(speechOf(RUSSIAN));
    const refused = await identify(speechOf(GERMAN)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InferenceError);
    expect(refused).toMatchObject({ code: 'overloaded' });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect((await first).languages[0]?.language).toBe('de');
    expect((await waiting).languages[0]?.language).toBe('ru');
    const { values } = await metrics.dropped.get();
    expect(values.map(({ labels }) => `${labels['queue']} ${labels['reason']}`).sort()).toEqual([
      'identifier cancelled',
      'identifier full',
    ]);
  });
});

describe('an engine with an identifier', { timeout: 60_000 }, () => {
  it('does what it did, and tells languages apart', async () => {
    await using model = await ToyIdentifier.create();
    const models = new FakeModels();
    const engine = await withIdentifier(models, parts({ identify: model.directory }));
    expect(engine.languages).toEqual({
      ...models.languages,
      identifies: ['en', 'he', 'ru', 'de'],
    });
    const found = await engine.identify?.({ audio: speechOf(HEBREW), among: ['he', 'ru'] }, never);
    expect(found?.languages[0]?.language).toBe('he');
    const spoken = await engine.voice({ text: 'hola', language: 'es', voice: 'male' }, never);
    expect(spoken.audio.length).toBeGreaterThan(0);
    await engine.close();
    expect(models.engine.closed).toBe(true);
  });

  it('is without one where none is wanted or there', async () => {
    const models = new FakeModels();
    for (const changes of [{ identify: 'off' }, { identify: 'auto', models: '/nowhere' }]) {
      expect(await withIdentifier(models, parts(changes))).toBe(models);
    }
  });

  it('finds one among the models by itself, and goes without where that is broken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-models-'));
    const model = join(folder, 'voxlingua107-ecapa');
    const models = new FakeModels();
    try {
      await mkdir(model);
      await writeFile(join(model, 'lang-id.onnx'), toyIdentifier());
      const auto = parts({ identify: 'auto', models: folder });
      expect(await withIdentifier(models, auto)).toBe(models);
      await writeFile(join(model, 'label_encoder.txt'), LABEL_ENCODER);
      const engine = await withIdentifier(models, auto);
      expect(engine.languages.identifies).toContain('ru');
      await engine.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is not started where one asked for by name cannot be used', async () => {
    for (const identify of ['/nowhere/at/all', 'voxlingua107-ecapa']) {
      const models = new FakeModels();
      await expect(withIdentifier(models, parts({ identify }))).rejects.toThrow(identify);
      expect(models.engine.closed).toBe(true);
    }
  });
});
