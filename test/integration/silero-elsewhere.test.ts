import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defaults } from '../../config/defaults.ts';
import { InferenceMetrics } from '../../inference/metrics.ts';
import { inferenceOptionsSchema } from '../../inference/options.ts';
import { SileroVoice } from '../../inference/silero/silero-voice.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/parley.ts';
import { makePackage, missingPython, PythonProcess } from '../support/silero.ts';

const title = 'Silero’s voices in a container of their own';
const missing = await missingPython('torch', 'torch.package');
// The reporter folds skipped tests away, and their reasons with them.
if (missing !== undefined) {
  process.stderr.write(`Skipped ${title}: ${missing}; apt-get install python3-torch\n`);
}

const never = new AbortController().signal;
/** Samples that a letter takes. */
const LETTER = 2_400;

describe.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title}: ${missing}`,
  () => {
    let models: string;
    let hash: string;
    const file = () => join(models, 'silero-ru/toy_5_ru.pt');
    const record = async (sha256: string) => {
      const files = { 'toy_5_ru.pt': { bytes: 1, sha256 } };
      const manifest = { format: 1, model: 'silero-ru', files };
      await writeFile(join(models, 'silero-ru/manifest.json'), JSON.stringify(manifest));
    };

    beforeAll(async () => {
      models = await mkdtemp(join(tmpdir(), 'parley-silero-models-'));
      await mkdir(join(models, 'silero-ru'));
      hash = await makePackage({ file: file(), voices: { aidar: 110, baya: 220 } });
      await record(hash);
    });
    afterAll(() => rm(models, { recursive: true }));

    async function begin(url: string): Promise<SileroVoice> {
      const options = z.object(inferenceOptionsSchema.shape).parse(defaults.inference);
      return SileroVoice.start({
        options: { ...options, patienceMs: 1_000, silero: { ...options.silero, url } },
        log: pino({ level: 'silent' }),
        metrics: new InferenceMetrics(),
      });
    }

    const say = async (voice: SileroVoice, text: string) =>
      (await voice.speak({ text, language: 'ru', voice: 'female' }, never)).audio.length / LETTER;

    test('are spoken with as soon as it runs, missed while it is gone, and back with it', async () => {
      const port = await freePort();
      await using voice = await begin(`http://127.0.0.1:${port}`);
      await expect(say(voice, 'да')).rejects.toThrow('not spoken');
      {
        await using sidecar = await PythonProcess.standalone(models, port);
        await eventually(() => voice.ready());
        expect(voice.languages).toEqual(['ru']);
        expect(await say(voice, 'да')).toBe(2);
        expect(sidecar.url).toBe(`http://127.0.0.1:${port}`);
      }
      await eventually(() => !voice.ready());
      await expect(say(voice, 'да')).rejects.toMatchObject({ code: 'unavailable' });
      await using again = await PythonProcess.standalone(models, port);
      await eventually(() => voice.ready());
      expect(await say(voice, 'нет')).toBe(3);
      expect(again.printed).toBe('');
    });

    test('are not loaded when a package is not the one that was pulled', async () => {
      await record('0'.repeat(64));
      await using refusing = await PythonProcess.standalone(models, await freePort());
      await refusing.ended;
      const refused: unknown = expect.stringContaining(`its SHA-256 is ${hash}`);
      expect(refusing.lines).toContainEqual({ refused });
      await record(hash);
    });

    test('say what to do where there are none', async () => {
      await using idle = await PythonProcess.standalone(join(models, 'empty'), await freePort());
      await idle.ended;
      const refused: unknown = expect.stringContaining('npm run models -- pull silero-ru');
      expect(idle.lines).toContainEqual({ refused });
    });
  },
);
