import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../../../config/load.ts';
import { StartError } from '../../../../server/errors.ts';
import { modelsOf } from '../../../../server/supervise/models-elsewhere.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-token-'));
});
afterEach(() => rm(folder, { recursive: true }));

const models = (env: Record<string, string>) => modelsOf(loadConfig(env).inference);

test('without addresses models are served here, by options that are the engine’s own', async () => {
  const { here, elsewhere } = await models({ PARLEY_INFERENCE_LOCAL: 'fallback' });
  expect(here).toMatchObject({ speech: 'auto' });
  expect(here).not.toHaveProperty('urls');
  expect(elsewhere).toBeUndefined();
});

test('with addresses none are, unless as a fallback', async () => {
  const env = { PARLEY_INFERENCE_URLS: 'http://a:8000,https://b/x' };
  const urls = ['http://a:8000', 'https://b/x'];
  expect(await models(env)).toMatchObject({
    here: undefined,
    elsewhere: { urls, fallback: false },
  });
  const both = await models({ ...env, PARLEY_INFERENCE_LOCAL: 'fallback' });
  expect(both).toMatchObject({ here: { speech: 'auto' }, elsewhere: { urls, fallback: true } });
});

test('the token is what is in its file', async () => {
  const file = join(folder, 'token');
  const env = { PARLEY_INFERENCE_URLS: 'http://a', PARLEY_INFERENCE_TOKEN_FILE: file };
  await expect(models(env)).rejects.toThrow(StartError);
  await writeFile(file, ' s3cret\n');
  expect((await models(env)).elsewhere?.token).toBe('s3cret');
  await writeFile(file, 'two words\n');
  await expect(models(env)).rejects.toThrow('does not hold one token');
});
