import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaults } from '../../config/defaults.ts';
import { ProtocolServer } from '../../inference/protocol/server.ts';
import { filesProgram } from '../../server/api/files-program.ts';
import { FilesProcess } from '../../server/supervise/files-process.ts';
import { ApiStage, apiEngine, eventsOf } from '../support/api-stage.ts';
import { eventually } from '../support/eventually.ts';
import { FakeModels } from '../support/fake-models.ts';
import { alive, descendants } from '../support/processes.ts';
import { silent } from '../support/room-stage.ts';
import { sentence } from '../support/speech.ts';

const HOUR_MS = 3_600_000;
const BYTES_PER_MS = 32;
const MB = 1_048_576;
const PIECE = 65_536;

const models = new FakeModels();
let server: ProtocolServer;
let files: FilesProcess;
let stage: ApiStage;

/** The real process, as the server starts it, and models that answer at once. */
beforeAll(async () => {
  models.engine.known = { ...apiEngine, engine: 'test' };
  models.engine.recognise = (request) => ({
    transcript: { committed: 'heard', tentative: '' },
    translations: request.targets.map(() => ({ committed: 'oído', tentative: '' })),
    logprob: 0,
  });
  server = await ProtocolServer.create(models, {
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 8 * MB,
  });
  const config = {
    ...defaults,
    server: { ...defaults.server, api: { ...defaults.server.api, tokensFile: 'some' } },
    media: { ...defaults.media, logLevel: 'warn' as const },
  };
  const program = filesProgram(config, 'media/files/main.ts');
  if (!program) throw new Error('no API');
  files = new FilesProcess({ ...program, log: silent });
  files.useEngine({ url: server.url });
  files.process.start();
  stage = await ApiStage.create({ files: () => files.process.url });
  await eventually(() => files.process.url !== undefined);
});

afterAll(async () => {
  const { pid = 0 } = files.process;
  await stage[Symbol.asyncDispose]();
  await files.close();
  await server.close();
  expect(alive(pid)).toBe(false);
});

/** A WAV of two hours: a sentence of real speech at the beginning of every three minutes. */
function* twoHours(): Generator<Buffer> {
  const speech = readFileSync(sentence('0870').path).subarray(44);
  const minute = Buffer.alloc(60_000 * BYTES_PER_MS);
  const header = Buffer.from(readFileSync(sentence('0870').path).subarray(0, 44));
  const bytes = 2 * HOUR_MS * BYTES_PER_MS;
  header.writeUInt32LE(bytes + 36, 4);
  header.writeUInt32LE(bytes, 40);
  yield header;
  const spoken = Buffer.concat([speech, minute.subarray(speech.length)]);
  for (let at = 0; at < 120; at += 1) {
    const sound = at % 3 > 0 ? minute : spoken;
    for (let from = 0; from < sound.length; from += PIECE) {
      yield sound.subarray(from, from + PIECE);
    }
  }
}

/** Until the function it returns is called. */
function every(ms: number, look: () => void): () => void {
  const timer = setInterval(look, ms);
  return () => {
    clearInterval(timer);
  };
}

function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024;
}

test('two hours go through in bounded memory, told of all the way', async () => {
  const { pid = 0 } = files.process;
  const before = memoryOf(pid);
  const here = process.memoryUsage().rss;
  let most = 0;
  let mostHere = 0;
  const watch = every(100, () => {
    most = Math.max(most, memoryOf(pid));
    mostHere = Math.max(mostHere, process.memoryUsage().rss);
  });
  const began = performance.now();
  const answer = await stage.fetch('/api/transcribe?source=en&format=ndjson', {
    ...{ method: 'POST', headers: { 'content-type': 'audio/wav' } },
    body: Readable.toWeb(Readable.from(twoHours())) as ReadableStream,
    ...{ duplex: 'half' },
  });
  const events = await eventsOf(answer);
  watch();
  process.stdout.write(
    `2 h in ${Math.round(performance.now() - began)} ms; files process ` +
      `${Math.round(before / MB)} to ${Math.round(most / MB)} MB, server ` +
      `${Math.round(here / MB)} to ${Math.round(mostHere / MB)} MB\n`,
  );
  expect(events.at(-1)).toEqual({ type: 'done', files: 1 });
  expect(events.filter(({ type }) => type === 'segment').length).toBeGreaterThanOrEqual(40);
  expect(events.filter(({ type }) => type === 'progress').length).toBeGreaterThan(1_000);
  expect(events.at(-2)).toMatchObject({ type: 'end', durationMs: 2 * HOUR_MS });
  // 220 MB went in, and 440 MB came out of FFmpeg.
  expect(most - before).toBeLessThan(80 * MB);
  expect(mostHere - here).toBeLessThan(120 * MB);
  expect(descendants(pid)).toEqual([]);
}, 240_000);

test('a files process that dies in mid-work is told as such, and is soon back', async () => {
  const release = models.engine.holdSpeech();
  const asked = models.engine.speechRequests.length;
  const wav = { 'a.wav': readFileSync(sentence('0870').path) };
  const answer = stage.postFiles('/api/transcribe?source=en', wav);
  await eventually(() => models.engine.speechRequests.length > asked);
  process.kill(files.process.pid ?? 0, 'SIGKILL');
  const broken = await answer;
  expect([broken.status, await broken.json()]).toMatchObject([503, { code: 'unavailable' }]);
  release();
  await eventually(() => files.process.restarts === 1 && files.process.url !== undefined);
  expect((await stage.postFiles('/api/transcribe?source=en', wav)).status).toBe(200);
});

test('its figures are told', async () => {
  const text = await files.process.metrics();
  expect(text).toMatch(/^parley_files_jobs 0$/m);
  expect(text).toMatch(/^parley_files_jobs_total\{kind="transcribe",outcome="done"\} 1$/m);
  expect(text).toMatch(/^parley_files_audio_seconds_total [1-9]/m);
});

test('of several engines it tells how each fares', async () => {
  const options = { host: '127.0.0.1', port: 0, maxBodyBytes: 8 * MB };
  await using closing = new AsyncDisposableStack();
  const other = await ProtocolServer.create(models, options);
  closing.defer(() => other.close());
  const urls = [server.url, other.url];
  files.useEngine({ elsewhere: { urls, fallback: false, concurrency: 4, queue: 4 } });
  for (const url of urls) {
    const ready = `parley_files_endpoint_state{endpoint="${new URL(url).host}",state="ready"} 1`;
    await expect.poll(() => files.process.metrics()).toContain(ready);
  }
  const wav = { 'a.wav': readFileSync(sentence('0870').path) };
  expect((await stage.postFiles('/api/transcribe?source=en', wav)).status).toBe(200);
  const answered = /^parley_files_endpoint_requests_total\{endpoint="[^"]+",outcome="ok"\} [1-9]/m;
  expect(await files.process.metrics()).toMatch(answered);
});
