import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ErrorCode } from '../../server/protocol/errors.ts';
import { ApiStage } from '../support/api-stage.ts';
import { eventually } from '../support/eventually.ts';
import { LoudnessVad } from '../support/fake-vad.ts';
import { descendants } from '../support/processes.ts';
import { encodedAs, tones } from '../support/recordings.ts';

const Problem = z.object({ code: ErrorCode, message: z.string() });
const two = tones(500, 1_000, 1_000, 2_000, 1_000);

async function problemIn(response: Response): Promise<[number, string]> {
  return [response.status, Problem.parse(await response.json()).code];
}

describe('limits', () => {
  let small: ApiStage;
  beforeAll(async () => {
    const api = { maxFileBytes: 100_000, maxAudioMs: 10_000, maxFiles: 2, uploadIdleMs: 1_000 };
    small = await ApiStage.create({
      vad: new LoudnessVad(),
      api: { ...api, jobs: 1, requestsAtOncePerToken: 2, maxSpeechCharacters: 20 },
    });
  });
  afterAll(() => small[Symbol.asyncDispose]());

  test('a file with too many bytes is refused', async () => {
    const files = { 'a.wav': tones(4_000) };
    const answer = await small.postFiles('/api/transcribe?source=en', files);
    expect(await problemIn(answer)).toEqual([413, 'tooLarge']);
  });

  test('so is one that is small and plays for hours', async () => {
    const hours = encodedAs('flac', tones(600_000));
    expect(hours.length).toBeLessThan(100_000);
    const answer = await small.postFiles('/api/transcribe?source=en', { 'a.flac': hours });
    expect(await problemIn(answer)).toEqual([413, 'tooLarge']);
  });

  test('and one file too many', async () => {
    const tiny = tones(100);
    const files = { a: tiny, b: tiny, c: tiny };
    const answer = await small.postFiles('/api/transcribe?source=en', files);
    expect(await problemIn(answer)).toEqual([413, 'tooLarge']);
  });

  test('a text too long to be spoken is refused', async () => {
    const order = { text: 'a'.repeat(21), language: 'en' };
    const answer = await small.postJson('/api/speak', order);
    expect(await problemIn(answer)).toEqual([400, 'badRequest']);
  });

  test('who stops sending is told so, and leaves nothing behind', async () => {
    const never = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(two.slice(0, 5_000));
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'audio/wav' }, body: never };
    const answer = await small.fetch('/api/transcribe?source=en', {
      ...init,
      ...{ duplex: 'half' },
    });
    expect(await problemIn(answer)).toEqual([400, 'badRequest']);
    await eventually(() => ffmpegs().length === 0);
  });

  test('what is too much at once is refused, and taken when there is room again', async () => {
    const release = small.engine.holdSpeech();
    const file = { 'a.wav': tones(500, 1_000, 800) };
    const first = small.postFiles('/api/transcribe?source=en', file);
    await eventually(() => small.engine.speechRequests.length > 0);
    const second = await small.postFiles('/api/transcribe?source=en', file);
    expect(await problemIn(second)).toEqual([503, 'unavailable']);
    release();
    expect((await first).status).toBe(200);
    expect((await small.postFiles('/api/transcribe?source=en', file)).status).toBe(200);
  });

  test('a token has so many requests at once', async () => {
    const release = small.engine.holdText();
    const order = { text: 'a', source: 'en', targets: ['es'] };
    const asked = small.engine.textRequests.length;
    const first = small.postJson('/api/translate', order);
    await eventually(() => small.engine.textRequests.length > asked);
    const others = await Promise.all([1, 2, 3].map(() => small.postJson('/api/translate', order)));
    const codes = await Promise.all(others.map(problemIn));
    expect(codes.filter(([status]) => status === 429).length).toBeGreaterThan(0);
    release();
    expect((await first).status).toBe(200);
  });
});

describe('who hangs up', () => {
  let stage: ApiStage;
  beforeAll(async () => {
    stage = await ApiStage.create({ vad: new LoudnessVad() });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const wav = { 'content-type': 'audio/wav' };
  const path = '/api/transcribe?source=en';

  test('ends the work at once when all was sent', async () => {
    const release = stage.engine.holdSpeech();
    const asked = stage.engine.speechRequests.length;
    const { signal, leave } = leaving();
    const body = new Uint8Array(tones(500, 1_000, 20_000));
    const answer = stage.fetch(path, { method: 'POST', headers: wav, body, signal });
    await eventually(() => stage.engine.speechRequests.length > asked);
    expect(ffmpegs()).toHaveLength(1);
    leave();
    await expect(answer).rejects.toThrow();
    await eventually(() => ffmpegs().length === 0);
    release();
  });

  test('and who sends slowly is not hurried, for as long as the recording lasts', async () => {
    const connections: Socket[] = [];
    stage.server.on('connection', (socket: Socket) => connections.push(socket));
    const release = stage.engine.holdSpeech();
    const asked = stage.engine.speechRequests.length;
    const body = new Uint8Array(two);
    const headers = { ...wav, connection: 'close' };
    const answer = stage.fetch(path, { method: 'POST', headers, body });
    await eventually(() => stage.engine.speechRequests.length > asked);
    // As Node tells of a request that has been under way for five minutes.
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    const [socket] = connections;
    stage.server.emit('clientError', late, socket);
    release();
    expect((await answer).status).toBe(200);
  });

  test('ends it with what is being listened to when more was to come, which waits at its sender', async () => {
    const release = stage.engine.holdSpeech();
    const asked = stage.engine.speechRequests.length;
    const { signal, leave } = leaving();
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await setTimeout(1);
        controller.enqueue(sent === 0 ? claiming(two, 0xffff_fff0) : two.slice(44));
        sent += 1;
      },
    });
    const init = { method: 'POST', headers: wav, body: endless, signal };
    const answer = stage.fetch(`${path}&format=ndjson`, { ...init, ...{ duplex: 'half' } });
    await eventually(() => stage.engine.speechRequests.length > asked);
    await setTimeout(300);
    const before = sent;
    await setTimeout(300);
    expect(sent, 'sent although nobody took it').toBe(before);
    leave();
    await expect(answer.then((response) => response.text())).rejects.toThrow();
    release();
    await eventually(() => ffmpegs().length === 0);
  });

  function leaving() {
    const gone = new AbortController();
    return {
      signal: gone.signal,
      leave: () => {
        gone.abort();
      },
    };
  }
});

function ffmpegs(): readonly unknown[] {
  return descendants(process.pid).filter(({ command }) => command.startsWith('ffmpeg '));
}

function claiming(wav: Uint8Array, bytes: number): Uint8Array {
  const copy = Buffer.from(wav);
  copy.writeUInt32LE(bytes, 4);
  copy.writeUInt32LE(bytes, copy.indexOf('data') + 4);
  return copy;
}
