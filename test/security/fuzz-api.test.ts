import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ErrorCode } from '../../server/protocol/errors.ts';
import { ApiStage } from '../support/api-stage.ts';
import { LoudnessVad } from '../support/fake-vad.ts';
import { tones } from '../support/recordings.ts';
import { nearly, valuesOf } from '../support/schema-values.ts';
import type { JsonSchema } from '../support/schema-values.ts';

const SEED = 20_261_121;
const Problem = z.object({ code: ErrorCode, message: z.string().min(1) });

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}
interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Partial<Content>>>;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly security?: readonly unknown[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let stage: ApiStage;
let document: Document;
let operations: readonly (readonly [path: string, method: string, operation: Operation])[];

beforeAll(async () => {
  const api = { requestsAtOncePerToken: 1_000, jobs: 100 };
  stage = await ApiStage.create({ vad: new LoudnessVad(), api });
  document = (await (await stage.fetch('/api/openapi.json', { token: '' })).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
  );
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Never a fault of ours; refused in the one form; and what is granted is as the document says. */
async function check(operation: Operation, answer: Response): Promise<void> {
  expect(answer.status).not.toBe(500);
  const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  const text = await answer.text();
  if (answer.status >= 400) {
    Problem.parse(JSON.parse(text));
    expect(Object.keys(operation.responses)).toContain(String(answer.status));
    return;
  }
  const schema = operation.responses[String(answer.status)]?.content?.[type]?.schema;
  if (answer.status === 204) return;
  expect(schema, `${answer.status} ${type}`).toBeDefined();
  if (type === 'application/json') asZod(schema).parse(JSON.parse(text));
}

test('the document is valid OpenAPI 3.1 and knows every endpoint', async () => {
  const checked = await new Validator().validate(structuredClone({ ...document }));
  expect(checked).toMatchObject({ valid: true });
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual([
    ...['/api/health', '/api/languages', '/api/meetings', '/api/meetings/{id}'],
    ...['/api/meetings/{id}/transcript', '/api/speak', '/api/transcribe'],
    ...['/api/transcribe-translate', '/api/translate'],
  ]);
});

describe('who may use it', () => {
  test('nobody without a valid token, but for the state of the server', async () => {
    for (const [path, method, { security }] of operations) {
      for (const token of ['', 'parley_x', stage.others.expired]) {
        const answer = await stage.fetch(path, { method, token });
        expect([path, answer.status === 401], path).toEqual([path, security !== undefined]);
        if (security) Problem.parse(await answer.json());
        if (security) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
  });

  test('a token is good for its scopes alone', async () => {
    for (const [path, method, { security }] of operations) {
      if (!security) continue;
      const answer = await stage.fetch(path, { method, token: stage.others.speaking });
      expect([path, answer.status === 403]).toEqual([path, path !== '/api/speak']);
    }
  });

  test('a token has so many requests in a minute', async () => {
    await using few = await ApiStage.create({ api: { requestsPerToken: 3 } });
    const order = { text: 'a', source: 'en', targets: ['es'] };
    const states = [];
    for (let i = 0; i < 4; i += 1)
      states.push((await few.postJson('/api/translate', order)).status);
    expect(states).toEqual([200, 200, 200, 429]);
  });

  test('who guesses tokens is soon told to wait', async () => {
    await using other = await ApiStage.create();
    const states = new Set<number>();
    for (let i = 0; i < 40; i += 1) {
      states.add((await other.postJson('/api/translate', {}, `parley_${i}`)).status);
    }
    expect([...states]).toEqual([401, 429]);
  });

  test('without an API there is none of it', async () => {
    const answer = await stage.fetch('/api/rooms', { method: 'POST', token: '' });
    expect(answer.status).toBe(201);
    expect((await stage.fetch('/api/nothing')).status).toBe(404);
  });
});

test('whatever is asked, nothing breaks, and what is answered is as the document says', async () => {
  for (const [path, method, operation] of operations) {
    const schema = operation.requestBody?.content['application/json']?.schema;
    const query = (operation.parameters ?? []).filter((each) => each.in === 'query');
    const parameters = fc.record(
      Object.fromEntries(
        query.map(({ name, schema: own }) => [name, fc.oneof(valuesOf(own), fc.string())]),
      ),
      { requiredKeys: [] },
    );
    const bodies = schema ? fc.oneof(nearly(schema), valuesOf(schema)) : fc.constant(undefined);
    await fc.assert(
      fc.asyncProperty(parameters, bodies, async (given, body) => {
        const search = new URLSearchParams(
          Object.entries(given).map(([name, value]) => [name, String(value)]),
        );
        // Values may take longer to make up than a connection is kept.
        const headers: Record<string, string> = {
          connection: 'close',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        };
        const answer = await stage.fetch(`${path.replace('{id}', 'x'.repeat(22))}?${search}`, {
          ...{ method, headers },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        await check(operation, answer);
      }),
      { numRuns: 20, seed: SEED },
    );
  }
});

test('orders that are in order are carried out', async () => {
  const order = { text: ['Hello', 'you'], source: 'en', targets: ['es', 'ca'] };
  const translated = await stage.postJson('/api/translate', order);
  expect(translated.status).toBe(200);
  await check(operationOf('/api/translate', 'post'), translated);
  const path = '/api/transcribe-translate?source=en&targets=es';
  const written = await stage.postFiles(path, { 'a.wav': tones(500, 1_000, 800) });
  expect(written.status).toBe(200);
  await check(operationOf('/api/transcribe-translate', 'post'), written);
});

test('files of any bytes, behind the beginning of any form, are recordings or refused', async () => {
  const beginnings = fc.constantFrom(
    '',
    'RIFF\0\0\0\0WAVE',
    'ID3',
    'OggS',
    '\x1aE\xdf\xa3',
    'fLaC',
  );
  await fc.assert(
    fc.asyncProperty(beginnings, fc.uint8Array({ maxLength: 5_000 }), async (begin, rest) => {
      const file = Buffer.concat([Buffer.from(begin, 'latin1'), rest]);
      const answer = await stage.postFiles('/api/transcribe?source=en', { a: file });
      await check(operationOf('/api/transcribe', 'post'), answer);
    }),
    { numRuns: 15, seed: SEED },
  );
});

test.each([
  ['no boundary', 'multipart/form-data', 'x'],
  ['nothing within', 'multipart/form-data; boundary=b', ''],
  ['an end too early', 'multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data;'],
  [
    'headers without end',
    'multipart/form-data; boundary=b',
    `--b\r\nContent-Disposition: form-data; name="file"; filename="${'x'.repeat(100_000)}"\r\n\r\nx`,
  ],
  [
    'a prototype',
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="__proto__"; filename="a"\r\n\r\nx\r\n--b--',
  ],
  ['JSON instead', 'application/json', '{}'],
])('a form with %s is refused in words', async (_what, mediaType, body) => {
  const headers = { 'content-type': mediaType };
  const answer = await stage.fetch('/api/transcribe?source=en', { method: 'POST', headers, body });
  expect([400, 413]).toContain(answer.status);
  Problem.parse(await answer.json());
});

describe('meetings', () => {
  const Made = z.object({
    id: z.string(),
    hostKey: z.string(),
    links: z.object({ host: z.string() }),
  });
  const make = async () =>
    Made.parse(await (await stage.fetch('/api/meetings', { method: 'POST' })).json());

  test('one is made, looked at and ended by who has its key', async () => {
    const { id, hostKey, links } = await make();
    expect(links.host).toBe(`/r/${id}#k=${hostKey}`);
    const headers = { 'parley-host-key': hostKey };
    const seen = await stage.fetch(`/api/meetings/${id}`, { headers });
    expect(await seen.json()).toEqual({ id, people: 0, waiting: 0 });
    const ended = await stage.fetch(`/api/meetings/${id}`, { method: 'DELETE', headers });
    expect(ended.status).toBe(204);
    const join = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const guestKey = z
      .object({ guestKey: z.string() })
      .parse(await (await stage.fetch('/api/meetings', { method: 'POST' })).json()).guestKey;
    const knock = await stage.fetch(`/api/rooms/${id}/join`, {
      ...join,
      body: JSON.stringify({ key: guestKey }),
    });
    expect(knock.status).toBe(404);
  });

  test('another meeting’s key opens nothing, and nothing tells whether there is one', async () => {
    const [one, other] = [await make(), await make()];
    const headers = { 'parley-host-key': other.hostKey };
    for (const id of [one.id, 'x'.repeat(22)]) {
      for (const [path, method] of [
        [`/api/meetings/${id}`, 'GET'],
        [`/api/meetings/${id}`, 'DELETE'],
        [`/api/meetings/${id}/transcript`, 'GET'],
      ] as const) {
        const answer = await stage.fetch(path, { method, headers });
        expect([answer.status, await answer.json()]).toEqual([
          404,
          { code: 'roomNotFound', message: 'there is no such meeting' },
        ]);
      }
    }
  });

  test('where nothing is kept there is no transcript', async () => {
    const { id, hostKey } = await make();
    const headers = { 'parley-host-key': hostKey };
    const answer = await stage.fetch(`/api/meetings/${id}/transcript`, { headers });
    expect([answer.status, Problem.parse(await answer.json()).code]).toEqual([404, 'notFound']);
  });
});

function operationOf(path: string, method: string): Operation {
  const operation = document.paths[path]?.[method];
  if (operation === undefined) throw new Error(`no ${method} ${path}`);
  return operation;
}

function asZod(schema: unknown): z.ZodType {
  const copy = JSON.parse(JSON.stringify(schema)) as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(copy);
}
