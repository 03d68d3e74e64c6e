import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RequestError } from '../../../../server/errors.ts';
import { sendError } from '../../../../server/http/app.ts';
import { transcriptRoutes } from '../../../../server/http/transcripts.ts';
import type { TranscriptRoutesOptions } from '../../../../server/http/transcripts.ts';
import { line, OTHER_ROOM, ROOM, TranscriptStage } from '../transcripts/stage.ts';

const PATH = `/api/rooms/${ROOM}/transcript`;
const host = { authorization: 'Bearer host' };

let stage: TranscriptStage;
let app: FastifyInstance;
let asked: string[];

beforeEach(async () => {
  stage = await TranscriptStage.create();
  asked = [];
  const transcripts = await stage.start();
  transcripts.write(ROOM, line(0, { speaker: '<b>Ann</b>' }));
  app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof RequestError) return sendError(reply, error.toWire());
    throw error;
  });
  const authorise: TranscriptRoutesOptions['authorise'] = (request, roomId) => {
    asked.push(roomId);
    return request.headers.authorization === host.authorization
      ? Promise.resolve()
      : Promise.reject(new RequestError('badToken', 'only the host may do that'));
  };
  await app.register(transcriptRoutes({ transcripts, authorise }), { prefix: '/api' });
});
afterEach(async () => {
  await app.close();
  await stage[Symbol.asyncDispose]();
});

describe('the host', () => {
  test.each(['', '?format=json'])('takes the meeting away as JSON lines with %j', async (query) => {
    const { statusCode, headers, body } = await app.inject({ url: PATH + query, headers: host });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="transcript.jsonl"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(JSON.parse(body)).toEqual(line(0, { speaker: '<b>Ann</b>' }));
  });

  test('takes it away as text, which no browser shows as a page', async () => {
    const { headers, body } = await app.inject({ url: `${PATH}?format=txt`, headers: host });
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="transcript.txt"',
    });
    expect(body).toContain('<b>Ann</b> (en): sentence 0');
  });

  test('destroys it, and then there is none; again is no error', async () => {
    for (let time = 0; time < 2; time += 1) {
      const gone = await app.inject({ method: 'DELETE', url: PATH, headers: host });
      expect([gone.statusCode, gone.body]).toEqual([204, '']);
    }
    const { statusCode, body } = await app.inject({ url: PATH, headers: host });
    expect([statusCode, JSON.parse(body)]).toMatchObject([404, { code: 'notFound' }]);
  });

  test.each(['?format=html', '?format=json&format=txt'])(
    'is told that %s is none',
    async (query) => {
      const { statusCode } = await app.inject({ url: PATH + query, headers: host });
      expect(statusCode).toBe(400);
    },
  );
});

describe('anybody else', () => {
  test('gets nothing, destroys nothing, and learns not even whether there is one', async () => {
    const answers = [];
    for (const url of [PATH, `${PATH}?format=html`, `/api/rooms/${OTHER_ROOM}/transcript`]) {
      for (const method of ['GET', 'DELETE', 'HEAD'] as const) {
        answers.push((await app.inject({ method, url })).statusCode);
      }
    }
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(new Set(asked)).toEqual(new Set([ROOM, OTHER_ROOM]));
    expect((await app.inject({ url: PATH, headers: host })).statusCode).toBe(200);
  });

  test('with what is no meeting code is told that there is no such meeting', async () => {
    for (const code of ['short', '..%2f..%2fetc', 'x'.repeat(65)]) {
      const { statusCode } = await app.inject({
        url: `/api/rooms/${code}/transcript`,
        headers: host,
      });
      expect(statusCode).toBe(404);
    }
    expect(asked).toEqual([]);
  });
});
