import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { inferenceOptionsSchema, type InferenceOptions } from '../../inference/options.ts';
import { SileroVoice } from '../../inference/silero/silero-voice.ts';
import { eventually } from '../support/eventually.ts';
import { alive, descendants } from '../support/processes.ts';
import {
  makePackage,
  missingPython,
  namedPipe,
  pitchOf,
  PythonProcess,
} from '../support/silero.ts';

const title = 'Silero’s voices';
const missing = await missingPython('torch', 'torch.package');
// The reporter folds skipped tests away, and their reasons with them.
if (missing !== undefined) {
  process.stderr.write(`Skipped ${title}: ${missing}; apt-get install python3-torch\n`);
}

const never = new AbortController().signal;
/** Samples that a letter takes. */
const LETTER = 2_400;
const VOICES = { aidar: 110, baya: 220, boris: 140, xenia: 260 };

describe.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title}: ${missing}`,
  () => {
    let folder: string;
    let hash: string;
    let russian: string;
    const started: SileroVoice[] = [];
    const logged: string[] = [];
    const at = (name: string) => join(folder, name);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parley-silero-'));
      hash = await makePackage({ file: at('toy_ru.pt'), voices: VOICES, marker: at('opened') });
      russian = `${at('toy_ru.pt')}#${hash}`;
    });

    afterAll(async () => {
      await Promise.all(started.map((voice) => voice.close()));
      expect(sidecars()).toEqual([]);
      await rm(folder, { recursive: true });
    });

    /** Begins to start a voice with the models named. */
    async function begin(
      models: readonly string[],
      { python, ...changes }: Partial<InferenceOptions & { python: string }> = {},
    ): Promise<SileroVoice> {
      const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
      const silero = { ...options.silero, ...(python && { python }), models: [...models] };
      const voice = await SileroVoice.start({
        // The machine may be busy: a restart is waited for, however long it takes.
        options: { ...options, patienceMs: 60_000, silero, ...changes },
        log: pino({ level: 'debug' }, { write: (line: string) => logged.push(line) }),
        metrics: new InferenceMetrics(),
      });
      started.push(voice);
      return voice;
    }

    const sidecars = (of = process.pid) =>
      descendants(of).filter(({ command }) => command.includes('silero/sidecar'));
    const say = (voice: SileroVoice, text: string, name = 'male', language = 'ru') =>
      voice.speak({ text, language, voice: name }, never);
    const told = (reason: RegExp) => eventually(() => logged.some((line) => reason.test(line)));

    test('are refused before a line of them is run when their contents are not those expected', async () => {
      await cp(at('toy_ru.pt'), at('changed_ru.pt'));
      await appendFile(at('changed_ru.pt'), '!');
      const voice = await begin([`${at('changed_ru.pt')}#${hash}`]);
      await told(new RegExp(`its SHA-256 is [0-9a-f]{64}, and ${hash} is expected`));
      expect(voice.ready()).toBe(false);
      await voice.close();
      expect(existsSync(at('opened'))).toBe(false);

      await writeFile(at('changed_ru.pt'), await readFile(at('toy_ru.pt')));
      const restored = await begin([`${at('changed_ru.pt')}#${hash}`]);
      await eventually(() => restored.ready());
      await restored.close();
      expect(existsSync(at('opened'))).toBe(true);
    });

    test('that cannot be used are told of, with the reason', async () => {
      const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
      await writeFile(at('empty_ru.pt'), '');
      const voices = [
        await begin([`${at('none_ru.pt')}#${hash}`]),
        await begin([`${at('empty_ru.pt')}#${nothing}`]),
        await begin([russian], { python: '/nowhere/python3' }),
        await begin([russian], { python: '/bin/echo' }),
        await begin([russian], { python: '/bin/false' }),
      ];
      await told(/none_ru\.pt cannot be used: .*No such file/);
      await told(/empty_ru\.pt cannot be used: /);
      await told(/the sidecar cannot be started: spawn .* ENOENT/);
      await told(/the sidecar is some other program/);
      await told(/the sidecar ended before it was ready/);
      expect(voices.map((voice) => voice.ready())).not.toContain(true);
      await Promise.all(voices.map((voice) => voice.close()));
    });

    test('are ready when they have been loaded and tried, and not before', async () => {
      const [file, gate] = [at('slow_ru.pt'), at('gate')];
      await namedPipe(gate);
      const sha256 = await makePackage({ file, gate, voices: VOICES });
      const model = { file, sha256, languages: ['ru'] };
      await using sidecar = await PythonProcess.sidecar({ models: [model], queue: 4 });
      const status = async (path: string) => (await fetch(sidecar.url + path)).status;
      const ask = (text: string) => {
        const inputs = Object.entries({ text, language: 'ru', voice: 'male' }).map(
          ([name, data]) => ({
            ...{ name, datatype: 'BYTES', shape: [1], data: [data] },
          }),
        );
        const body = JSON.stringify({ inputs });
        return fetch(`${sidecar.url}/v2/models/voice/infer`, { method: 'POST', body });
      };
      expect(await status('/v2/health/live')).toBe(200);
      expect(await status('/v2/health/ready')).toBe(503);
      expect(await status('/v2/models/voice/ready')).toBe(503);
      expect(await (await ask('да')).json()).toMatchObject({ code: 'unavailable' });

      await writeFile(gate, 'go on');
      await eventually(() => sidecar.lines.some((line) => 'ready' in line));
      expect(await status('/v2/health/ready')).toBe(200);
      expect(await status('/v2/models/voice/ready')).toBe(200);
      // The model prints what it says; who runs the server must not read it.
      expect((await ask('тайна')).status).toBe(200);

      sidecar.endInput();
      await sidecar.ended;
      expect(sidecar.printed).toBe('');
    });

    describe('that are loaded', () => {
      let voice: SileroVoice;

      beforeAll(async () => {
        const file = at('toy_ua.pt');
        const ukrainian = `${file}#${await makePackage({ file, voices: { mykyta: 120 } })}`;
        voice = await begin([russian, ukrainian]);
        await eventually(() => voice.ready());
      });

      test('speak: each as high as they are, and as long as the text', async () => {
        expect(voice.languages).toEqual(['ru', 'uk']);
        const heights: number[] = [];
        for (const name of ['male', 'male-1', 'male-2', 'female', 'female-1', 'female-2']) {
          const spoken = await say(voice, 'Привет', name);
          expect(spoken.sampleRate).toBe(48_000);
          expect(spoken.audio).toHaveLength(6 * LETTER);
          heights.push(Math.round(pitchOf(spoken) / 10) * 10);
        }
        expect(heights).toEqual([110, 140, 110, 220, 260, 220]);
        expect((await say(voice, 'Добрый день, друзья!')).audio).toHaveLength(16 * LETTER);
      });

      test.each(['male', 'female-3'])('lend their only speaker to both kinds: %s', async (name) => {
        const spoken = await say(voice, 'Привіт', name, 'uk-UA');
        expect(Math.round(pitchOf(spoken) / 10) * 10).toBe(120);
      });

      test('say digits and foreign letters, of which the model reads neither', async () => {
        const { audio } = await say(voice, '25 Parley');
        expect(audio.length).toBeGreaterThan('двадцать пять'.length * LETTER);
      });

      test.each([
        ['nothing', '', 0],
        ['signs alone', '?! — … «»', 0],
        ['emoji alone', '🎉🎉', 0],
        ['letters that are none of theirs', 'გამარჯობა', 0],
        ['letters that are cut in half', 'да \ud83d', 2],
      ])('are asked to say %s', async (_, text, letters) => {
        expect((await say(voice, text)).audio).toHaveLength(letters * LETTER);
      });

      test.each([
        ['a text of 10,000 characters', 'слово '.repeat(1_700), 'badRequest', /longer than 1000/],
        ['what breaks the model', 'сломайся, тайна', 'failed', /^the model failed \(KeyError\)$/],
        ['what makes it hiss', 'шуми', 'failed', /^the model failed \(ArithmeticError\)$/],
      ])('refuse %s and go on', async (_, text, code, words) => {
        const before = sidecars();
        const message: unknown = expect.stringMatching(words);
        await expect(say(voice, text)).rejects.toMatchObject({ code, message });
        expect((await say(voice, 'да')).audio).toHaveLength(2 * LETTER);
        expect(sidecars()).toEqual(before);
        expect(logged.join('')).not.toContain('тайна');
      });

      test.each([
        ['a language that is not theirs', 'male', 'de'],
        ['a voice that is none', 'robot', 'ru'],
      ])('refuse %s', async (_, name, language) => {
        await expect(say(voice, 'да', name, language)).rejects.toMatchObject({
          code: 'badRequest',
        });
      });

      test('say nothing to those who have gone', async () => {
        const asker = new AbortController();
        const asked = voice.speak({ text: 'да', language: 'ru', voice: 'male' }, asker.signal);
        asker.abort(new Error('gone'));
        await expect(asked).rejects.toThrow('gone');
        await expect(
          voice.speak({ text: 'да', language: 'ru', voice: 'male' }, asker.signal),
        ).rejects.toThrow('gone');
      });

      test('come back when the sidecar is killed, and say what was asked meanwhile', async () => {
        const [first] = sidecars();
        process.kill(first?.pid ?? 0, 'SIGKILL');
        expect((await say(voice, 'да')).audio).toHaveLength(2 * LETTER);
        expect(sidecars().map(({ pid }) => pid)).not.toContain(first?.pid);
      });

      test('are killed when the sidecar hangs, asked or not, and come back', async () => {
        const [first] = sidecars();
        process.kill(first?.pid ?? 0, 'SIGSTOP');
        await eventually(() => !alive(first?.pid ?? 0));
        await eventually(() => voice.ready());
        expect((await say(voice, 'да')).audio).toHaveLength(2 * LETTER);
      });
    });

    test('give up a text that twice is not said in time', async () => {
      const hasty = await begin([russian], { voiceDeadlineMs: 500 });
      await eventually(() => hasty.ready());
      await expect(say(hasty, 'замри')).rejects.toMatchObject({ code: 'failed' });
      await hasty.close();
    });

    test('do not outlive their parent, however that ends', async () => {
      const parent = fork(new URL('../support/silero-parent.ts', import.meta.url), [russian]);
      await once(parent, 'message');
      const [sidecar] = sidecars(parent.pid);
      expect(alive(sidecar?.pid ?? 0)).toBe(true);
      parent.kill('SIGKILL');
      await eventually(() => !alive(sidecar?.pid ?? 0));
    });
  },
);
