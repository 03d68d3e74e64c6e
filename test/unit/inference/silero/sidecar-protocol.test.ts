import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceClient } from '../../../../inference/protocol/client.ts';
import { encodeInferRequest } from '../../../../inference/protocol/infer-body.ts';
import { voiceInputs } from '../../../../inference/protocol/task-tensors.ts';
import { eventually } from '../../../support/eventually.ts';
import { missingPython, PythonProcess } from '../../../support/silero.ts';

const title = 'the Silero sidecar’s server';
const missing = await missingPython('http.server');
// The reporter folds skipped tests away, and their reasons with them.
if (missing !== undefined) process.stderr.write(`Skipped ${title}: ${missing}\n`);

const INFER = '/v2/models/voice/infer';
const words = { text: 'hello', language: 'en', voice: 'male' };

describe.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title}: ${missing}`,
  () => {
    let toy: PythonProcess;
    let client: InferenceClient;

    beforeAll(async () => {
      toy = await PythonProcess.toy(2);
      client = new InferenceClient(toy.url, { timeoutMs: 9_000, healthTimeoutMs: 9_000 });
    });

    afterAll(async () => {
      await client.close();
      await toy[Symbol.asyncDispose]();
    });

    const spoken = async (request: Partial<typeof words>) => {
      const { audio, sampleRate } = await client.voice({ ...words, ...request });
      expect(sampleRate).toBe(48_000);
      return audio;
    };
    const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      fetch(toy.url + INFER, { method: 'POST', body, headers });
    const tensor = (name: string, data: unknown) => ({
      ...{ name, datatype: 'BYTES', shape: [1] },
      data: [data],
    });
    const inputs = Object.entries(words).map(([name, data]) => tensor(name, data));

    it('speaks for the client that every other engine has', async () => {
      expect(await spoken({ text: 'Grüße' })).toEqual(new Float32Array(5).fill(0.25));
      expect(await client.ready()).toBe(true);
    });

    it.each([
      ['male', 0.25],
      ['male-0', 0.25],
      ['male-1', -0.25],
      ['male-2', 0.25],
      ['male-999999', -0.25],
      ['female', 0.5],
      ['female-7', 0.5],
    ])(
      'gives %s a voice of its kind, and starts over when there are no more',
      async (voice, height) => {
        expect((await spoken({ voice }))[0]).toBe(height);
      },
    );

    it('takes a region for its language', async () => {
      expect(await spoken({ language: 'en-GB' })).toHaveLength(5);
    });

    it('speaks plain JSON with those who do', async () => {
      const answer = await post(JSON.stringify({ id: 'x', inputs }));
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await answer.json()).toEqual({
        model_name: 'voice',
        id: 'x',
        outputs: [
          { name: 'audio', datatype: 'FP32', shape: [5], data: Array(5).fill(0.25) },
          { name: 'sample_rate', datatype: 'INT32', shape: [1], data: [48_000] },
        ],
      });
    });

    it('gives each output as it is wanted', async () => {
      const outputs = [{ name: 'audio', parameters: { binary_data: true } }];
      const answer = await post(JSON.stringify({ inputs, outputs }));
      const length = Number(answer.headers.get('inference-header-content-length'));
      const body = Buffer.from(await answer.arrayBuffer());
      expect(JSON.parse(body.subarray(0, length).toString())).toMatchObject({
        outputs: [{ parameters: { binary_data_size: 20 } }, { data: [48_000] }],
      });
      expect(body.length).toBe(length + 20);
      expect(body.readFloatLE(length)).toBe(0.25);
    });

    it.each([
      ['nothing', ''],
      ['signs', '?!… — «»'],
      ['emoji', '🤷🏽‍♀️🎉'],
      ['digits', '25 000'],
      ['signs that mean something to the model', '+*|~_<>'],
      ['what the model reads nothing of', 'nothing of this'],
    ])('is silent when there is nothing to say: %s', async (_, text) => {
      expect(await spoken({ text })).toHaveLength(0);
    });

    it('gives the model plain text', async () => {
      await spoken({ text: ' a|b\u0000\t+c*d~  <e>\ud83d \n f ' });
      expect(toy.said.at(-1)).toBe('a b c d e f');
      await post(JSON.stringify({ inputs: [tensor('text', 'g\ud83dh'), ...inputs.slice(1)] }));
      expect(toy.said.at(-1)).toBe('gh');
      const composed = 'й';
      await spoken({ text: composed.normalize('NFD') });
      expect(toy.said.at(-1)).toBe(composed);
    });

    it('gives the model no more than it can say in a breath, cut between sentences', async () => {
      const sentence = `${'word '.repeat(20)}end.`;
      const before = toy.said.length;
      const audio = await spoken({ text: `${sentence} ${sentence} ${sentence} ${sentence}` });
      const parts = toy.said.slice(before);
      expect(parts).toEqual([`${sentence} ${sentence}`, `${sentence} ${sentence}`]);
      expect(audio).toHaveLength(parts.join('').length);
    });

    it('loses no word of a text without sentences, and makes no part too long', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.string({ unit: fc.constantFrom('a', 'b', ','), minLength: 1, maxLength: 300 }),
            { maxLength: 12 },
          ),
          async (list) => {
            const text = list.join(' ').slice(0, 1000);
            const before = toy.said.length;
            await spoken({ text });
            const parts = toy.said.slice(before);
            const letters = (of: string) => of.replaceAll(/[^ab]/g, '');
            expect(letters(parts.join(''))).toBe(letters(text));
            for (const part of parts) expect(part.length).toBeLessThanOrEqual(250);
          },
        ),
        { numRuns: 30 },
      );
    });

    it('halves what is too long for the model until it is not', async () => {
      const text = 'much too much of it to say at once';
      const before = toy.said.length;
      await spoken({ text });
      const parts = toy.said
        .slice(before)
        .filter((part) => !part.includes('much') || part.length <= 20);
      expect(parts.join(' ')).toBe(text);
      const word = 'm'.repeat(30) + 'uch';
      await expect(spoken({ text: word })).rejects.toMatchObject({ code: 'failed' });
    });

    it.each([
      [
        'a language that is not spoken',
        { language: 'eo' },
        'the language is not spoken; there are en',
      ],
      ['a voice that is none', { voice: 'robot' }, 'no such voice; use male-0 or female-0'],
      [
        'a text that takes minutes',
        { text: 'a'.repeat(1001) },
        'the text is longer than 1000 characters',
      ],
      [
        'a text of 10,000 characters',
        { text: 'word '.repeat(2000) },
        'the text is longer than 1000 characters',
      ],
    ])('refuses %s', async (_, request, message) => {
      await expect(spoken(request)).rejects.toMatchObject({ code: 'badRequest', message });
    });

    it('says what the model failed of, and nothing of the text', async () => {
      await expect(spoken({ text: 'a secret trouble' })).rejects.toMatchObject({
        code: 'failed',
        message: 'the model failed (IndexError)',
      });
      expect(await spoken({})).toHaveLength(5);
    });

    it.each([
      ['no JSON', 'nonsense'],
      ['JSON that is no request', '[]'],
      ['JSON without end', '['.repeat(100_000)],
      ['no inputs', '{"inputs":null}'],
      ['an input that is missing', JSON.stringify({ inputs: inputs.slice(1) })],
      ['an input without a name', JSON.stringify({ inputs: [{}, ...inputs] })],
      [
        'an input that is no text',
        JSON.stringify({ inputs: [tensor('text', 3), ...inputs.slice(1)] }),
      ],
      ['an input of other form', JSON.stringify({ inputs: [{ ...inputs[0], shape: [2] }] })],
      ['parameters that are a list', JSON.stringify({ inputs, parameters: [] })],
      ['outputs that are no list', JSON.stringify({ inputs, outputs: {} })],
      ['an output without a name', JSON.stringify({ inputs, outputs: [3] })],
      [
        'elements that are missing',
        JSON.stringify({ inputs: [{ ...inputs[0], parameters: { binary_data_size: 9 } }] }),
      ],
      [
        'elements of no size',
        JSON.stringify({ inputs: [{ ...inputs[0], parameters: { binary_data_size: 'x' } }] }),
      ],
    ])('refuses a body with %s', async (_, body) => {
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'badRequest' });
    });

    it('refuses whatever is not exactly a request, and lives on', async () => {
      const { body, headers } = encodeInferRequest(voiceInputs(words), {});
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: body.length - 1 }),
          fc.integer({ min: 0, max: 255 }),
          fc.nat({ max: 4 }),
          async (at, byte, cut) => {
            const spoiled = Uint8Array.from(body.subarray(0, body.length - cut));
            if (at < spoiled.length) spoiled[at] = byte;
            expect([200, 400]).toContain((await post(spoiled, headers)).status);
          },
        ),
        { numRuns: 100 },
      );
      for (const length of ['-1', 'x', '9'.repeat(30), '٣']) {
        const heads = { ...headers, 'inference-header-content-length': encodeURIComponent(length) };
        expect((await post(Uint8Array.from(body), heads)).status).toBe(400);
      }
      expect(await spoken({})).toHaveLength(5);
    });

    it.each([
      ['an unknown path', '/v3', {}, 404],
      ['an unknown model', '/v2/models/speech', {}, 404],
      ['a path behind the model', '/v2/models/voice/nothing', {}, 404],
      ['the wrong method', INFER, {}, 400],
      ['the wrong method', '/v2', { method: 'POST', body: '{}' }, 400],
      ['a method that is unknown', '/v2', { method: 'DELETE' }, 501],
      ['too much', INFER, { method: 'POST', body: ' '.repeat(300_000) }, 413],
    ])('answers %s with a reason (%s)', async (_, path, request, status) => {
      const answer = await fetch(toy.url + path, request);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toHaveProperty('error');
    });

    it.each([
      [
        'a body in chunks',
        `POST ${INFER} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
        ' 411 ',
      ],
      [
        'a length that is none',
        `POST ${INFER} HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n`,
        ' 400 ',
      ],
      [
        'a length of a thousand digits',
        `POST ${INFER} HTTP/1.1\r\nHost: x\r\nContent-Length: ${'9'.repeat(5_000)}\r\n\r\n`,
        ' 400 ',
      ],
      ['what is not HTTP', 'hello you there\r\n\r\n', ' 400 '],
    ])('refuses %s and hangs up', async (_, raw, status) => {
      const socket = connect(Number(new URL(toy.url).port), '127.0.0.1');
      socket.write(raw);
      expect(await textOf(socket)).toContain(status);
    });

    it('tells about itself', async () => {
      const about = async (path: string): Promise<unknown> => (await fetch(toy.url + path)).json();
      expect(await about('/v2')).toMatchObject({ extensions: ['binary_tensor_data'] });
      expect(await about('/v2/models/voice')).toMatchObject({
        name: 'voice',
        inputs: [{ name: 'text', datatype: 'BYTES', shape: [1] }, {}, {}],
        outputs: [{ name: 'audio', datatype: 'FP32', shape: [-1] }, { name: 'sample_rate' }],
        parameters: { engine: 'silero', languages: ['en'] },
      });
      for (const path of [
        '/v2/health/live',
        '/v2/health/ready',
        '/v2/models/voice/versions/1/ready',
      ]) {
        expect((await fetch(toy.url + path)).status).toBe(200);
      }
    });

    it('does one text at a time, lets two wait, and refuses the next', async () => {
      const before = toy.said.length;
      const first = spoken({ text: 'wait for it' });
      await eventually(() => toy.said.length === before + 1);
      const rest = ['two', 'three', 'four'].map((text) =>
        spoken({ text }).then(
          () => 'spoken',
          (error: unknown) => error,
        ),
      );
      // Whichever of them came last.
      expect(await Promise.race(rest)).toMatchObject({ code: 'overloaded' });
      toy.release();
      expect(await first).toHaveLength(11);
      const others = (await Promise.all(rest)).filter((outcome) => outcome === 'spoken');
      expect(others).toHaveLength(2);
      expect(toy.said).toHaveLength(before + 3);
    });

    it('says nothing more for those who have gone', async () => {
      const asks = (text: string) => {
        const socket = connect(Number(new URL(toy.url).port), '127.0.0.1');
        const { body, headers } = encodeInferRequest(voiceInputs({ ...words, text }), {});
        const lines = Object.entries({ ...headers, 'content-length': body.length });
        socket.write(`POST ${INFER} HTTP/1.1\r\n`);
        socket.write(`${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
        socket.write(body);
        return socket;
      };
      const before = toy.said.length;
      const sentence = `${'word '.repeat(45)}.`;
      const speaking = asks(`wait ${sentence} ${sentence} ${sentence}`);
      await eventually(() => toy.said.length === before + 1);
      const waiting = asks('never said');
      for (const socket of [speaking, waiting]) {
        socket.end();
        // The server has noticed when it hangs up as well, and has answered nothing.
        expect(await textOf(socket)).toBe('');
      }
      toy.release();
      expect(await spoken({ text: 'next' })).toHaveLength(4);
      expect(toy.said.slice(before).map((said) => said.slice(0, 4))).toEqual(['wait', 'next']);
    });
  },
);
