import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../../inference/catalogue/catalogue.ts';
import { findModel } from '../../../../inference/catalogue/find.ts';
import { sileroModel } from '../../../../inference/silero/silero-models.ts';
import { contents, sha256Of, Stage } from '../catalogue/stage.ts';

const HASH = 'a1'.repeat(32);
const VOICE = contents(8, 5_000);

/** A stage with a voice of the real catalogue, whose hash nobody knew before it came. */
async function pulled(): Promise<Stage> {
  const stage = await Stage.create();
  stage.server.files.set('/silero-cis/v5_cis_base_nostress.pt', VOICE);
  const model = findModel(CATALOGUE, 'silero-cis');
  if (!model.available) throw new Error(model.reason);
  await stage.pull(model, { mirror: `${stage.server.url}/` });
  return stage;
}

test('a voice of the catalogue is pinned to what came at its first pull', async () => {
  await using stage = await pulled();

  expect(await sileroModel('silero-cis', stage.directory)).toEqual({
    file: stage.path('v5_cis_base_nostress.pt', 'silero-cis'),
    sha256: sha256Of(VOICE),
    languages: ['az', 'ba', 'cv', 'hy', 'ka', 'kk', 'ky', 'tg', 'tt', 'uz'],
  });
});

test('a voice that is not here is refused with the command that brings it', async () => {
  await using stage = await Stage.create();

  await expect(sileroModel('silero-ru', stage.directory)).rejects.toThrow(
    `npm run models -- pull silero-ru --directory ${stage.directory}`,
  );
});

test('a name that is none is refused with those there are', async () => {
  await expect(sileroModel('silero-fr', '/nowhere')).rejects.toThrow(
    /There is no model called "silero-fr".*silero-ru/s,
  );
});

test.each(['silero-vad-v6', 'supertonic-3'])('%s is no voice of Silero’s', async (id) => {
  await expect(sileroModel(id, '/nowhere')).rejects.toThrow(`${id} is no voice of Silero's.`);
});

test.each([
  ['/models/v5_5_ru.pt', 'ru'],
  ['/models/v4_ua.pt', 'uk'],
  ['/models/v3_de.pt', 'de'],
  ['/models/with#hash/v3_1_ru.pt', 'ru'],
])('the package %s is used with the hash that is given for it', async (file, language) => {
  expect(await sileroModel(`${file}#${HASH.toUpperCase()}`, '/nowhere')).toEqual({
    file,
    sha256: HASH,
    languages: [language],
  });
});

test.each([
  ['without a hash', '/models/v4_ua.pt', /Write \/models\/v4_ua\.pt#<SHA-256>/],
  ['with half a hash', `/models/v4_ua.pt#${HASH.slice(32)}`, /not said which contents/],
  ['whose language is not known', `/models/voice.pt#${HASH}`, /does not say which language/],
  ['of a language without voices', `/models/v9_eo.pt#${HASH}`, /There are: ru, en/],
])('a package %s is refused', async (_, entry, reason) => {
  await expect(sileroModel(entry, '/nowhere')).rejects.toThrow(reason);
});
