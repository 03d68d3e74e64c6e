import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceClient } from '../../../../inference/protocol/client.ts';
import { InferenceError } from '../../../../inference/protocol/inference-error.ts';
import { ProtocolServer } from '../../../../inference/protocol/server.ts';
import { FakeModels } from '../../../support/fake-models.ts';

const SPEECH = {
  sequence: 3,
  start: true,
  end: true,
  audio: Float32Array.of(0, 0.25, -0.25),
  source: 'en',
  targets: ['es', 'ca'],
};

let models: FakeModels;
let server: ProtocolServer;
let client: InferenceClient;
let outcomes: string[];

beforeEach(async () => {
  models = new FakeModels();
  outcomes = [];
  server = await ProtocolServer.create(models, {
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 10_000,
    metrics: () => Promise.resolve('parley_things_total 1\n'),
    onInfer: ({ model, outcome }) => {
      outcomes.push(`${model} ${outcome}`);
    },
  });
  client = new InferenceClient(server.url, { timeoutMs: 5_000, healthTimeoutMs: 5_000 });
});

afterEach(async () => {
  await client.close();
  await server.close();
});

const post = (path: string, body: string) =>
  fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': 'text/plain' } });

describe('the client and the server', () => {
  it('carry speech to the model and its texts back', async () => {
    const result = await client.speech(SPEECH);
    expect(models.engine.speechRequests).toEqual([SPEECH]);
    expect(result).toEqual({
      transcript: { committed: 'one', tentative: '' },
      translations: [
        { committed: 'es: one', tentative: '' },
        { committed: 'ca: one', tentative: '' },
      ],
      logprob: 0,
    });
  });

  it('carry empty audio and no targets', async () => {
    const audio = new Float32Array(0);
    const result = await client.speech({ ...SPEECH, audio, targets: [] });
    expect(models.engine.speechRequests[0]?.audio).toEqual(audio);
    expect(result.translations).toEqual([]);
  });

  it('carry a text to the voice and its sound back', async () => {
    const { audio, sampleRate } = await client.voice({
      text: '¿Qué tal?',
      language: 'es',
      voice: 'female-2',
    });
    expect(models.engine.voiceRequests[0]?.text).toBe('¿Qué tal?');
    expect(sampleRate).toBe(48_000);
    expect(audio.length).toBe(9_600);
    expect(audio.some((sample) => sample !== 0)).toBe(true);
  });

  it('tell what the engine can do and whether it is ready', async () => {
    expect(await client.languages()).toEqual(models.languages);
    expect(await client.ready()).toBe(true);
    models.engine.isReady = false;
    expect(await client.ready()).toBe(false);
  });

  it.each(['badRequest', 'unavailable', 'overloaded', 'failed'] as const)(
    'carry the error %s with its words',
    async (code) => {
      models.engine.failSpeech(new InferenceError(code, 'because'));
      await expect(client.speech(SPEECH)).rejects.toMatchObject({ code, message: 'because' });
      expect(outcomes).toEqual([`speech ${code}`]);
    },
  );

  it('take any other error of a model for a failure', async () => {
    models.engine.failVoice(new TypeError('a bug'));
    const voice = client.voice({ text: 'x', language: 'es', voice: 'male' });
    await expect(voice).rejects.toMatchObject({ code: 'failed' });
  });

  it('refuse a body that is too large', async () => {
    const audio = new Float32Array(10_000);
    await expect(client.speech({ ...SPEECH, audio })).rejects.toMatchObject({
      code: 'badRequest',
    });
    expect(models.engine.speechRequests).toEqual([]);
    await expect(client.speech(SPEECH)).resolves.toBeDefined();
  });

  it('let go of the model when the asker does', async () => {
    models.engine.holdSpeech();
    const asker = new AbortController();
    const speech = client.speech(SPEECH, asker.signal);
    await expect.poll(() => models.engine.speechRequests.length).toBe(1);
    asker.abort(new Error('no longer wanted'));
    await expect(speech).rejects.toThrow('no longer wanted');
    await expect.poll(() => outcomes).toEqual(['speech cancelled']);
  });
});

describe('the client', () => {
  it('calls an address where nobody listens unavailable', async () => {
    await server.close();
    await expect(client.speech(SPEECH)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await client.ready()).toBe(false);
  });

  it('gives up on a server that does not answer', async () => {
    models.engine.holdSpeech();
    await using hasty = new InferenceClient(server.url, { timeoutMs: 50, healthTimeoutMs: 50 });
    await expect(hasty.speech(SPEECH)).rejects.toMatchObject({ code: 'failed' });
  });

  it('calls a server that hangs up in the middle of its answer unavailable', async () => {
    const rude = createServer((socket) => {
      socket.once('data', () => {
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"outputs"');
      });
    });
    const listening = Promise.withResolvers<AddressInfo>();
    rude.listen(0, '127.0.0.1', () => {
      const address = rude.address();
      if (address !== null && typeof address === 'object') listening.resolve(address);
    });
    const { port } = await listening.promise;
    await using asker = new InferenceClient(`http://127.0.0.1:${port}/`, {
      timeoutMs: 5_000,
      healthTimeoutMs: 5_000,
    });
    await expect(asker.speech(SPEECH)).rejects.toMatchObject({ code: 'unavailable' });
    rude.close();
  });
});

describe('the server', () => {
  it('answers the protocol’s questions about itself', async () => {
    const about: unknown = await (await fetch(`${server.url}/v2`)).json();
    expect(about).toMatchObject({ extensions: ['binary_tensor_data', 'sequence'] });
    const paths = ['/v2/health/live', '/v2/health/ready', '/v2/models/voice/versions/1/ready'];
    for (const path of paths) expect((await fetch(server.url + path)).status).toBe(200);
    expect(await (await fetch(`${server.url}/v2/models/speech`)).json()).toMatchObject({
      name: 'speech',
      inputs: [{ name: 'audio', datatype: 'FP32', shape: [-1] }, {}, {}],
      parameters: { engine: 'fake', recognises: ['en'] },
    });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toBe('parley_things_total 1\n');
  });

  it('is alive but not ready while models load', async () => {
    models.engine.isReady = false;
    expect((await fetch(`${server.url}/v2/health/live`)).status).toBe(200);
    expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(503);
    expect((await fetch(`${server.url}/v2/models/speech/ready`)).status).toBe(503);
  });

  it('takes and gives plain JSON', async () => {
    const response = await post(
      '/v2/models/speech/infer',
      JSON.stringify({
        parameters: { sequence_id: 1, sequence_start: true, sequence_end: true },
        inputs: [
          { name: 'audio', datatype: 'FP32', shape: [2], data: [0, 0.5] },
          { name: 'source', datatype: 'BYTES', shape: [1], data: ['en'] },
          { name: 'targets', datatype: 'BYTES', shape: [1], data: ['es'] },
        ],
      }),
    );
    expect(await response.json()).toMatchObject({
      model_name: 'speech',
      outputs: [
        { name: 'committed', datatype: 'BYTES', shape: [1], data: ['es: one'] },
        { name: 'tentative', data: [''] },
        { name: 'transcript_committed', data: ['one'] },
        { name: 'transcript_tentative', data: [''] },
        { name: 'logprob', data: [0] },
        { name: 'lost', datatype: 'INT32', data: [0] },
      ],
    });
  });

  it.each([
    ['an unknown path', 404, () => fetch(`${server.url}/v3`)],
    ['an unknown model', 404, () => post('/v2/models/vision/infer', '{}')],
    ['the wrong method', 400, () => fetch(`${server.url}/v2/models/speech/infer`)],
    ['what is not JSON', 400, () => post('/v2/models/speech/infer', 'nonsense')],
    ['missing tensors', 400, () => post('/v2/models/voice/infer', '{"inputs":[]}')],
    ['too much', 413, () => post('/v2/models/voice/infer', ' '.repeat(20_000))],
  ])('refuses %s with %i and a reason', async (_, status, ask) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('error');
  });

  it('stops reading a body of unknown length at its limit', async () => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const upload = httpRequest(`${server.url}/v2/models/voice/infer`, { method: 'POST' });
    upload.on('response', (response) => {
      resolve(response.statusCode);
      upload.destroy();
    });
    upload.on('error', () => undefined);
    // No content-length: chunked, and never ended.
    upload.write(Buffer.alloc(20_000));
    expect(await promise).toBe(413);
  });

  it('ends open requests when it closes, and may be closed twice', async () => {
    models.engine.holdSpeech();
    const speech = client.speech(SPEECH);
    await expect.poll(() => models.engine.speechRequests.length).toBe(1);
    await Promise.all([
      expect(speech).rejects.toMatchObject({ code: 'unavailable' }),
      server.close(),
    ]);
    await server.close();
  });
});
