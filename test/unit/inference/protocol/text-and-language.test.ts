import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceClient } from '../../../../inference/protocol/client.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { readIdentifyResult } from '../../../../inference/protocol/language-tensors.ts';
import { ProtocolServer } from '../../../../inference/protocol/server.ts';
import { MOST_CHARACTERS, type TaskModels } from '../../../../inference/protocol/task-models.ts';
import { readSpeechResult } from '../../../../inference/protocol/task-tensors.ts';
import type { Tensor } from '../../../../inference/protocol/tensors.ts';
import { readTextResult } from '../../../../inference/protocol/text-tensors.ts';
import { nothing } from '../../../support/fake-inference.ts';
import { FakeModels } from '../../../support/fake-models.ts';

const audio = Float32Array.of(0, 0.25, -0.25);
const SPEECH = { sequence: 3, start: true, end: true, audio, source: 'en', targets: ['es', 'ca'] };

let models: FakeModels;
let server: ProtocolServer;
let client: InferenceClient;
let outcomes: string[];

async function serve(served: TaskModels): Promise<void> {
  server = await ProtocolServer.create(served, {
    ...{ host: '127.0.0.1', port: 0, maxBodyBytes: 100_000 },
    onInfer: ({ model, outcome }) => {
      outcomes.push(`${model} ${outcome}`);
    },
  });
  client = new InferenceClient(server.url, { timeoutMs: 5_000, healthTimeoutMs: 5_000 });
}

beforeEach(async () => {
  models = new FakeModels();
  outcomes = [];
  await serve(models);
});

afterEach(async () => {
  await client.close();
  await server.close();
});

const post = (path: string, inputs: readonly object[]) =>
  fetch(server.url + path, {
    method: 'POST',
    body: JSON.stringify({ inputs }),
    headers: { 'content-type': 'application/json' },
  });
const input = (name: string, data: readonly (string | number)[], datatype = 'BYTES') => ({
  ...{ name, datatype, data },
  shape: [data.length],
});

describe('a written text', () => {
  it('goes to the model and comes back in each language', async () => {
    const request = { text: 'Grüß dich,\n漢字 🙂', source: 'de', targets: ['es', 'ca'] };
    const { translations } = await client.text(request);
    expect(models.engine.textRequests).toEqual([request]);
    expect(translations).toEqual([`es: ${request.text}`, `ca: ${request.text}`]);
    expect(outcomes).toEqual(['text ok']);
  });

  it('may be wanted in no language', async () => {
    const { translations } = await client.text({ text: 'x', source: 'de', targets: [] });
    expect(translations).toEqual([]);
  });

  it.each(['badRequest', 'unavailable', 'overloaded', 'failed'] as const)(
    'may meet the error %s',
    async (code) => {
      models.engine.failText(new InferenceError(code, 'because'));
      const asking = client.text({ text: 'x', source: 'de', targets: ['es'] });
      await expect(asking).rejects.toMatchObject({ code, message: 'because' });
    },
  );

  it('is let go when the asker goes', async () => {
    models.engine.holdText();
    const asker = new AbortController();
    const asking = client.text({ text: 'x', source: 'de', targets: ['es'] }, asker.signal);
    await expect.poll(() => models.engine.textRequests.length).toBe(1);
    asker.abort(new Error('no longer wanted'));
    await expect(asking).rejects.toThrow('no longer wanted');
    await expect.poll(() => outcomes).toEqual(['text cancelled']);
  });

  it('is refused when it is too long, and its words are in no error', async () => {
    const text = 'x'.repeat(MOST_CHARACTERS + 1);
    const asking = client.text({ text, source: 'de', targets: ['es'] });
    await expect(asking).rejects.toMatchObject({ code: 'badRequest' });
    await expect(asking).rejects.not.toThrow('xxx');
    expect(models.engine.textRequests).toEqual([]);
  });

  it.each([
    ['no text', [input('source', ['de']), input('targets', ['es'])]],
    ['two texts', [input('text', ['a', 'b']), input('source', ['de']), input('targets', ['es'])]],
    ['no source', [input('text', ['a']), input('targets', ['es'])]],
    ['no targets', [input('text', ['a']), input('source', ['de'])]],
    ['numbers', [input('text', [1], 'FP32'), input('source', ['de']), input('targets', ['es'])]],
  ])('is refused with %s', async (_, inputs) => {
    const response = await post('/v2/models/text/infer', inputs);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'badRequest' });
  });
});

describe('the language spoken', () => {
  it('is told with its probability, the likeliest first', async () => {
    const { languages } = await client.identify({ audio, among: ['de', 'fr'] });
    expect(languages).toEqual([
      { language: 'de', probability: 0.5 },
      { language: 'fr', probability: 0.25 },
    ]);
    expect(outcomes).toEqual(['language ok']);
  });

  it('may be any, or none that is known', async () => {
    expect(await client.identify({ audio, among: [] })).toEqual({ languages: [] });
  });

  it('is put in order where a server does not', () => {
    const outputs: Tensor[] = [
      { name: 'languages', datatype: 'BYTES', shape: [2], data: ['de', 'fr'] },
      { name: 'probabilities', datatype: 'FP32', shape: [2], data: Float32Array.of(0.25, 0.5) },
    ];
    expect(readIdentifyResult(outputs).languages[0]).toEqual({ language: 'fr', probability: 0.5 });
  });

  it.each([
    ['other numbers than languages', ['de'], [0.5, 0.25]],
    ['a probability above 1', ['de'], [1.5]],
    ['a probability that is no number', ['de'], [Number.NaN]],
  ])('is not believed with %s', (_, languages, probabilities) => {
    const outputs: Tensor[] = [
      { name: 'languages', datatype: 'BYTES', shape: [languages.length], data: languages },
      {
        ...{ name: 'probabilities', datatype: 'FP32', shape: [probabilities.length] },
        data: Float32Array.from(probabilities),
      },
    ];
    expect(() => readIdentifyResult(outputs)).toThrow(
      expect.objectContaining({ code: 'badRequest' }),
    );
  });

  it('is not asked for without audio', async () => {
    const response = await post('/v2/models/language/infer', [input('among', ['de'])]);
    expect(response.status).toBe(400);
  });
});

describe('a server without these models', () => {
  beforeEach(async () => {
    await client.close();
    await server.close();
    const { languages } = models;
    await serve({
      languages,
      ready: () => true,
      speech: (request) => Promise.resolve(nothing(request)),
      voice: () => Promise.resolve({ audio, sampleRate: 16_000 }),
      close: () => Promise.resolve(),
    });
  });

  it('says which it has, and is not asked again', async () => {
    for (const model of ['text', 'language']) {
      const response = await fetch(`${server.url}/v2/models/${model}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        error: `no model '${model}'; there are 'speech', 'voice'`,
      });
    }
    const text = client.text({ text: 'x', source: 'de', targets: ['es'] });
    await expect(text).rejects.toMatchObject({ code: 'badRequest', retryable: false });
    await expect(client.identify({ audio, among: [] })).rejects.toBeInstanceOf(InferenceError);
  });
});

describe('what an engine can do', () => {
  it('is told with what goes through another language', async () => {
    models.engine.known = {
      engine: 'canary',
      recognises: ['de', 'en'],
      pairs: [
        { source: 'de', target: 'en' },
        { source: 'de', target: 'fr', via: 'en' },
      ],
      texts: [{ source: 'de', target: 'fr' }],
      identifies: ['de', 'en'],
    };
    expect(await client.languages()).toEqual(models.engine.known);
  });

  it('has no texts and tells no languages apart where a server does not speak of them', async () => {
    const { texts: _, identifies: __, ...old } = models.engine.known;
    Object.defineProperty(models.engine, 'known', { value: old });
    expect(await client.languages()).toEqual({ ...old, texts: [], identifies: [] });
  });

  it('is in the metadata of all four models', async () => {
    for (const model of ['speech', 'voice', 'text', 'language']) {
      const response = await fetch(`${server.url}/v2/models/${model}`);
      expect(await response.json()).toMatchObject({ name: model, parameters: { engine: 'fake' } });
    }
  });
});

describe('speech', () => {
  it('may tell who speaks', async () => {
    await client.speech({ ...SPEECH, speaker: 'ann' });
    await client.speech({ ...SPEECH, sequence: 4 });
    const [named, unnamed] = models.engine.speechRequests;
    expect(named?.speaker).toBe('ann');
    expect(unnamed).not.toHaveProperty('speaker');
    expect(unnamed).not.toHaveProperty('abandoned');
    await client.speech({ ...SPEECH, abandoned: true });
    expect(models.engine.speechRequests.at(-1)?.abandoned).toBe(true);
  });

  it('may come without a translation that could not be made', async () => {
    models.engine.recognise = (request) => {
      const { transcript, logprob, translations } = nothing(request);
      const [first = transcript, second = transcript] = translations;
      return { transcript, logprob, translations: [first, { ...second, lost: true }] };
    };
    const { translations } = await client.speech(SPEECH);
    expect(translations[0]).not.toHaveProperty('lost');
    expect(translations[1]).toEqual({ committed: '', tentative: '', lost: true });
  });

  it('needs no word on that', () => {
    const text = (name: string, data: readonly string[]): Tensor => ({
      ...{ name, datatype: 'BYTES', data },
      shape: [data.length],
    });
    const outputs = [
      ...[text('committed', ['hola']), text('tentative', [''])],
      ...[text('transcript_committed', ['hello']), text('transcript_tentative', [''])],
      { name: 'logprob', datatype: 'FP32', shape: [1], data: Float32Array.of(0) } as const,
    ];
    expect(readSpeechResult(outputs, 1).translations).toEqual([
      { committed: 'hola', tentative: '' },
    ]);
    const short = { name: 'lost', datatype: 'INT32', shape: [0], data: new Int32Array(0) } as const;
    expect(() => readSpeechResult([...outputs, short], 1)).toThrow('lost');
  });
});

describe('an answer of another length', () => {
  it('is no answer', () => {
    const outputs = [{ name: 'translations', datatype: 'BYTES', shape: [1], data: ['a'] } as const];
    expect(() => readTextResult(outputs, 2)).toThrow('translations');
  });
});
