import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceClient } from '../../../../inference/protocol/client.ts';
import {
  decodeInferRequest,
  encodeInferResponse,
} from '../../../../inference/protocol/infer-body.ts';
import type { Tensor } from '../../../../inference/protocol/tensors.ts';

/** A server as Triton is: no parameters in its metadata, batches, and a path of its own. */

const timeouts = { timeoutMs: 5_000, healthTimeoutMs: 5_000 };
const LANGUAGES = { engine: 'theirs', recognises: ['en'], pairs: [{ source: 'en', target: 'de' }] };
const shapes: Record<string, readonly number[]> = { audio: [-1, -1], source: [-1, 1] };

let http: Server;
let base: string;
/** What is at a path below the server's own. */
let pages: Record<string, unknown>;
let asked: { path: string; headers: IncomingHttpHeaders; tensors: readonly Tensor[] }[];

const inputs = (shapeOf: (name: string) => readonly number[]) =>
  Object.keys(shapes).map((name) => ({ name, datatype: 'FP32', shape: shapeOf(name) }));

const bytes = (name: string, data: readonly string[]): Tensor => ({
  ...{ name, datatype: 'BYTES', shape: [1, data.length], data },
});

const answer: readonly Tensor[] = [
  bytes('committed', ['Guten Tag']),
  bytes('tentative', ['']),
  bytes('transcript_committed', ['Good day']),
  bytes('transcript_tentative', ['']),
  { name: 'logprob', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(-0.5) },
];

beforeEach(async () => {
  asked = [];
  pages = {
    '/v2/health/ready': {},
    '/v2/models/speech': { name: 'speech', inputs: inputs((name) => shapes[name] ?? []) },
    '/v2/models/speech/config': {
      parameters: { parley: { string_value: JSON.stringify(LANGUAGES) } },
    },
    '/v2/models/voice': { name: 'voice', inputs: [] },
    '/v2/models/voice/config': {
      parameters: { parley: { string_value: '{"languages":["de"]}' } },
    },
  };
  http = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      const path = (request.url ?? '').replace(/^\/models/, '');
      const length = request.headers['inference-header-content-length'];
      if (path.endsWith('/infer')) {
        const infer = decodeInferRequest(Buffer.concat(chunks), String(length));
        asked.push({ path, headers: request.headers, tensors: infer.inputs });
        const { body, headers } = encodeInferResponse('speech', answer, infer);
        response.writeHead(200, { ...headers }).end(body);
        return;
      }
      asked.push({ path, headers: request.headers, tensors: [] });
      const page = pages[path];
      response.writeHead(page === undefined ? 404 : 200).end(JSON.stringify(page ?? {}));
    })();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  base = `127.0.0.1:${port}/models/`;
});

afterEach(() => {
  http.close();
  http.closeAllConnections();
});

const utterance = {
  ...{ sequence: 77, start: true, end: true, source: 'en', targets: ['de'] },
  audio: Float32Array.of(0, 0.5, -0.5),
};

describe('a server of another maker', () => {
  it('tells its languages in its configuration where its metadata cannot', async () => {
    await using client = new InferenceClient(`http://${base}`, timeouts);
    expect(await client.languages()).toEqual({ ...LANGUAGES, texts: [], identifies: [] });
    expect(await client.speaks()).toEqual(['de']);
    delete pages['/v2/models/speech/config'];
    await expect(client.languages()).rejects.toMatchObject({ code: 'failed' });
    delete pages['/v2/models/voice/config'];
    expect(await client.speaks()).toBeUndefined();
    delete pages['/v2/models/voice'];
    expect(await client.speaks()).toEqual([]);
  });

  it.each(['', 'no JSON', '{"engine":1}'])('that writes %j there says nothing', async (text) => {
    pages['/v2/models/speech/config'] = { parameters: { parley: { string_value: text } } };
    await using client = new InferenceClient(`http://${base}`, timeouts);
    await expect(client.languages()).rejects.toMatchObject({ code: 'failed' });
  });

  it('that takes batches gets a batch of one, and its answer is one', async () => {
    await using client = new InferenceClient(`http://${base}`, timeouts);
    for (const sequence of [1, 2]) {
      expect(await client.speech({ ...utterance, sequence })).toEqual({
        transcript: { committed: 'Good day', tentative: '' },
        translations: [{ committed: 'Guten Tag', tentative: '' }],
        logprob: -0.5,
      });
    }
    const infers = asked.filter(({ path }) => path === '/v2/models/speech/infer');
    expect(infers.map(({ tensors }) => tensors.map(({ shape }) => shape))).toEqual([
      [[1, 3], [1, 1], [1, 1]],
      [[1, 3], [1, 1], [1, 1]],
    ]); // prettier-ignore
    expect(asked.filter(({ path }) => path === '/v2/models/speech')).toHaveLength(1);
  });

  it('that takes none, or says nothing of it, is asked as it is written down', async () => {
    pages['/v2/models/speech'] = { inputs: inputs(() => [-1]) };
    await using client = new InferenceClient(`http://${base}`, timeouts);
    await client.speech(utterance).catch(() => undefined);
    delete pages['/v2/models/speech'];
    await using other = new InferenceClient(`http://${base}`, timeouts);
    await other.speech(utterance).catch(() => undefined);
    const infers = asked.filter(({ path }) => path.endsWith('/infer'));
    expect(infers.map(({ tensors }) => tensors[0]?.shape)).toEqual([[3], [3]]);
  });

  it('is told which utterance a part belongs to, for a balancer before it', async () => {
    await using client = new InferenceClient(`http://${base}`, timeouts);
    await client.speech(utterance);
    expect(asked.at(-1)?.headers['inference-sequence-id']).toBe('77');
  });

  it('is shown a token, or the name and password of its address', async () => {
    await using bearer = new InferenceClient(`http://${base}`, { ...timeouts, token: 's3cret' });
    await using basic = new InferenceClient(`http://ann:p%40ss@${base}`, timeouts);
    expect(await bearer.ready()).toBe(true);
    expect(await basic.ready()).toBe(true);
    const pair = Buffer.from('ann:p@ss').toString('base64');
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer s3cret',
      `Basic ${pair}`,
    ]);
  });
});
