import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import parser from 'srt-parser-2';
import { WebVTTParser } from 'webvtt-parser';
import { z } from 'zod';
import { InferenceError } from '../../inference/protocol/inference-error.ts';
import type { SpeechRequest } from '../../inference/protocol/task-models.ts';
import { RecordingsAnswer } from '../../server/api/schemas.ts';
import { ErrorCode } from '../../server/protocol/errors.ts';
import { ApiStage, eventsOf } from '../support/api-stage.ts';
import { LoudnessVad } from '../support/fake-vad.ts';
import { durationMs, encodedAs, tones } from '../support/recordings.ts';
import { sentence } from '../support/speech.ts';

const Problem = z.object({ code: ErrorCode, message: z.string() });

/** Two utterances, of 1 s and 2 s. */
const two = tones(500, 1_000, 1_000, 2_000, 1_000);
let stage: ApiStage;

beforeAll(async () => {
  stage = await ApiStage.create({ vad: new LoudnessVad() });
});
afterAll(() => stage[Symbol.asyncDispose]());

const heard = (request: SpeechRequest) => ({
  transcript: { committed: `heard ${Math.round(request.audio.length / 16_000)}`, tentative: '' },
  translations: request.targets.map((language) => ({
    ...{ committed: `${language} ${Math.round(request.audio.length / 16_000)}`, tentative: '' },
  })),
  logprob: 0,
});

async function recordingsIn(response: Response) {
  const body: unknown = await response.json();
  expect(body, JSON.stringify(body)).toHaveProperty('files');
  return RecordingsAnswer.parse(body).files;
}

async function problemIn(response: Response): Promise<[number, string]> {
  return [response.status, Problem.parse(await response.json()).code];
}

describe('texts', () => {
  test('one is translated into several languages', async () => {
    const order = { text: 'Good morning', source: 'en', targets: ['es', 'ca'] };
    const answer = await stage.postJson('/api/translate', order);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        texts: [
          {
            translations: [
              { language: 'es', text: 'es: Good morning' },
              { language: 'ca', text: 'ca: Good morning' },
            ],
          },
        ],
      },
    ]);
  });

  test('many are translated in one request, in their order', async () => {
    const text = Array.from({ length: 100 }, (_, index) => `number ${index}`);
    const answer = await stage.postJson('/api/translate', { text, source: 'en', targets: ['es'] });
    const { texts } = z
      .object({
        texts: z.array(z.object({ translations: z.array(z.object({ text: z.string() })) })),
      })
      .parse(await answer.json());
    expect(texts.map(({ translations }) => translations[0]?.text)).toEqual(
      text.map((each) => `es: ${each}`),
    );
  });

  test.each([
    ['a language that is not served', { text: 'a', source: 'en', targets: ['de'] }, 'badLanguage'],
    ['no language at all', { text: 'a', source: 'en', targets: [] }, 'badRequest'],
    ['no text', { text: '', source: 'en', targets: ['es'] }, 'badRequest'],
    ['too many texts', { text: Array(101).fill('a'), source: 'en', targets: ['es'] }, 'badRequest'],
    ['something more', { text: 'a', source: 'en', targets: ['es'], x: 1 }, 'badRequest'],
  ])('%s is refused in words', async (_what, order, code) => {
    expect(await problemIn(await stage.postJson('/api/translate', order))).toEqual([400, code]);
  });

  test('an engine that stays away is told as such, and when to try again', async () => {
    stage.engine.failText(new InferenceError('unavailable', 'restarting'));
    const order = { text: 'a', source: 'en', targets: ['es'] };
    const answer = await stage.postJson('/api/translate', order);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await problemIn(answer)).toEqual([503, 'unavailable']);
  });
});

describe('recordings', () => {
  test.each(['wav', 'mp3', 'ogg', 'webm', 'flac'] as const)(
    'a %s is written down, with when each thing was said',
    async (kind) => {
      stage.engine.recognise = heard;
      const file = encodedAs(kind, two);
      const [recording] = await recordingsIn(
        await stage.postFiles('/api/transcribe?source=en', { [`a.${kind}`]: file }),
      );
      expect(recording?.name).toBe(`a.${kind}`);
      expect(Math.abs((recording?.durationMs ?? 0) - 5_500)).toBeLessThan(100);
      const [first, second] = recording?.segments ?? [];
      // Speech comes with 300 ms before it and 200 ms behind.
      expect(Math.abs((first?.startMs ?? 0) - 200)).toBeLessThan(120);
      expect(Math.abs((first?.endMs ?? 0) - 1_500)).toBeLessThan(120);
      expect(Math.abs((second?.startMs ?? 0) - 2_200)).toBeLessThan(120);
      expect(Math.abs((second?.endMs ?? 0) - 4_500)).toBeLessThan(120);
    },
  );

  test('one may be the body itself, and is translated', async () => {
    stage.engine.recognise = heard;
    const answer = await stage.fetch('/api/transcribe-translate?source=en&targets=es,ca', {
      ...{ method: 'POST', headers: { 'content-type': 'audio/wav' }, body: new Uint8Array(two) },
    });
    const [recording] = await recordingsIn(answer);
    expect(recording?.segments[1]).toMatchObject({
      text: 'heard 3',
      translations: [
        { language: 'es', text: 'es 3' },
        { language: 'ca', text: 'ca 3' },
      ],
    });
  });

  test('several come in one request; one of them that is none spoils nothing', async () => {
    const files = { 'a.wav': two, 'b.txt': Buffer.from('no sound'), 'c.wav': two };
    const recordings = await recordingsIn(
      await stage.postFiles('/api/transcribe?source=en', files),
    );
    expect(recordings.map(({ name, error }) => [name, error?.code])).toEqual([
      ['a.wav', undefined],
      ['b.txt', 'unsupported'],
      ['c.wav', undefined],
    ]);
    expect(recordings.map(({ segments }) => segments.length)).toEqual([2, 0, 2]);
  });

  test('silence is a recording in which nothing is said', async () => {
    const files = { 'a.wav': tones(3_000) };
    const answer = await stage.postFiles('/api/transcribe?source=en', files);
    expect(await recordingsIn(answer)).toEqual([
      { name: 'a.wav', durationMs: 3_000, segments: [] },
    ]);
  });

  test('what the engine gives up is a gap, and the rest is there', async () => {
    stage.engine.recognise = heard;
    stage.engine.failSpeech(new InferenceError('failed', 'gave up'));
    const answer = await stage.postFiles('/api/transcribe?source=en', { 'a.wav': two });
    const [recording] = await recordingsIn(answer);
    expect(recording?.segments.map(({ text, gap }) => [text, gap])).toEqual([
      ['', 'failed'],
      ['heard 3', undefined],
    ]);
  });

  test('as subtitles they are read by other programs', async () => {
    stage.engine.recognise = (request) => ({
      ...heard(request),
      transcript: { committed: '<b>1 --> 2</b> & {x}', tentative: '' },
    });
    const srt = await stage.postFiles('/api/transcribe?source=en&format=srt', { 'a.wav': two });
    expect(srt.headers.get('content-type')).toMatch(/^application\/x-subrip/);
    const cues = new parser().fromSrt(await srt.text());
    expect(cues).toHaveLength(2);
    expect(cues[0]?.text.replaceAll('\u2060', '')).toBe('<b>1 --> 2</b> & {x}');
    expect(Math.abs((cues[1]?.startSeconds ?? 0) - 2.2)).toBeLessThan(0.12);

    const vtt = await stage.fetch('/api/transcribe-translate?source=en&targets=es,ca&show=ca', {
      method: 'POST',
      headers: { 'content-type': 'audio/wav', accept: 'text/vtt' },
      body: new Uint8Array(two),
    });
    expect(vtt.headers.get('content-type')).toMatch(/^text\/vtt/);
    const { cues: shown, errors } = new WebVTTParser().parse(await vtt.text());
    expect(errors).toEqual([]);
    expect(shown.map(({ text }) => text)).toEqual(['ca 2', 'ca 3']);
  });

  test('subtitles of two recordings at once are refused', async () => {
    const files = { 'a.wav': two, 'b.wav': two };
    const answer = await stage.postFiles('/api/transcribe?source=en&format=vtt', files);
    expect(await problemIn(answer)).toEqual([400, 'badRequest']);
  });

  test('what happens is told while it happens', async () => {
    stage.engine.recognise = heard;
    const long = tones(500, 1_000, 8_000, 1_000, 8_000);
    const answer = await stage.postFiles('/api/transcribe?source=en&format=ndjson', {
      'a.wav': long,
      'b.txt': Buffer.from('no sound'),
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    expect((await eventsOf(answer)).map(({ type }) => type)).toEqual([
      ...['file', 'segment', 'progress', 'progress', 'segment', 'progress', 'end'],
      ...['file', 'failed', 'done'],
    ]);
  });

  test.each<[string, Uint8Array, number, string]>([
    ['nothing', new Uint8Array(), 400, 'unsupported'],
    ['a text', Buffer.from('hello'.repeat(1_000)), 400, 'unsupported'],
    ['a page', readFileSync('client/index.html'), 400, 'unsupported'],
    ['a program', readFileSync(process.execPath).subarray(0, 200_000), 400, 'unsupported'],
    ['the header of a WAV alone', two.slice(0, 44), 400, 'unsupported'],
    ['a WAV that claims too much', claiming(two, 0xffff_fff0), 200, ''],
    ['a WAV of no channels', channels(two, 0), 400, 'unsupported'],
    ['a playlist', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'), 400, 'unsupported'],
    [
      'a list to join',
      Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"),
      400,
      'unsupported',
    ],
    ['a picture', readFileSync('docs/screenshots/home-phone.png'), 400, 'unsupported'],
  ])('%s does no harm', async (_what, bytes, status, code) => {
    const answer = await stage.postFiles('/api/transcribe?source=en', { 'a.wav': bytes });
    expect(answer.status).toBe(status);
    if (status !== 200) expect(Problem.parse(await answer.json()).code).toBe(code);
  });

  test.each(['wav', 'mp3', 'ogg', 'webm', 'flac'] as const)(
    'a %s that breaks off is read as far as it goes',
    async (kind) => {
      const file = encodedAs(kind, two);
      const half = file.slice(0, Math.floor(file.length * 0.6));
      const answer = await stage.postFiles('/api/transcribe?source=en', { a: half });
      const [recording] = await recordingsIn(answer);
      expect(recording?.durationMs).toBeGreaterThan(1_000);
    },
  );

  test('a form without one, and one with something else, are refused', async () => {
    const form = new FormData();
    const path = '/api/transcribe?source=en';
    const empty = await stage.fetch(path, { method: 'POST', body: form });
    expect(await problemIn(empty)).toEqual([400, 'badRequest']);
    form.append('source', 'en');
    const field = await stage.fetch(path, { method: 'POST', body: form });
    expect(await problemIn(field)).toEqual([400, 'badRequest']);
  });
});

describe('voices', () => {
  test.each([
    ['wav', 'audio/wav'],
    ['mp3', 'audio/mpeg'],
    ['ogg', 'audio/ogg'],
    ['webm', 'audio/webm'],
    ['flac', 'audio/flac'],
  ])('a text is spoken as %s', async (format, type) => {
    stage.engine.voiceMs = (text) => 100 * text.length;
    const order = { text: 'Hello. My friend.', language: 'en', voice: 'male-1', format };
    const answer = await stage.postJson('/api/speak', order);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    const spoken = durationMs(new Uint8Array(await answer.arrayBuffer()));
    expect(Math.abs(spoken - 1_600)).toBeLessThan(100);
    expect(stage.engine.voiceRequests.slice(-2)).toEqual([
      { text: 'Hello.', language: 'en', voice: 'male-1' },
      { text: 'My friend.', language: 'en', voice: 'male-1' },
    ]);
  });

  test('a language that has no voice is told as such', async () => {
    stage.engine.failVoice(new InferenceError('badRequest', "nobody speaks 'fr'"));
    const answer = await stage.postJson('/api/speak', { text: 'Salut', language: 'fr' });
    expect(await problemIn(answer)).toEqual([400, 'badRequest']);
  });
});

test('real speech is found where it is', async () => {
  await using real = await ApiStage.create();
  real.engine.recognise = heard;
  const { path, audio } = sentence('0880');
  const files = { 'a.wav': readFileSync(path) };
  const [recording] = await recordingsIn(await real.postFiles('/api/transcribe?source=en', files));
  expect(Math.abs((recording?.durationMs ?? 0) - audio.length / 16)).toBeLessThan(40);
  expect(recording?.segments.length).toBeGreaterThan(0);
});

function claiming(wav: Uint8Array, bytes: number): Uint8Array {
  const copy = Buffer.from(wav);
  copy.writeUInt32LE(bytes, 4);
  copy.writeUInt32LE(bytes, copy.indexOf('data') + 4);
  return copy;
}

function channels(wav: Uint8Array, count: number): Uint8Array {
  const copy = Buffer.from(wav);
  copy.writeUInt16LE(count, 22);
  return copy;
}
