import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../../inference/catalogue/catalogue.ts';
import { findModels } from '../../../../inference/catalogue/find.ts';
import { modelsDirectory } from '../../../../inference/catalogue/places.ts';

const { models, sets } = CATALOGUE;
const files = models.flatMap((model) => (model.available ? model.files : []));

test('no two things have the same name', () => {
  const ids = [...models, ...sets].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('sets name models, each once, and none whose licence has to be asked about', () => {
  for (const set of sets) {
    const found = findModels(CATALOGUE, [set.id, ...set.models]);
    expect(found.map(({ id }) => id)).toEqual(set.models);
    expect(found.some(({ licence }) => licence.ask)).toBe(false);
  }
});

test('everything non-commercial is asked about', () => {
  const asked = models.filter(({ licence }) => licence.ask).map(({ id }) => id);
  expect(asked).toEqual(
    models.filter(({ licence }) => /NC/.test(licence.name)).map(({ id }) => id),
  );
});

test('files stay in the folder of their model and come over TLS', () => {
  for (const { name, url } of files) {
    expect(posix.normalize(name)).toBe(name);
    expect(name).toMatch(/^[A-Za-z0-9]/);
    expect(name).not.toBe('manifest.json');
    expect(new URL(url).protocol).toBe('https:');
  }
});

test('hashes are SHA-256, or at least sixty-four bits of one', () => {
  for (const { sha256 } of files)
    if (sha256) expect(sha256).toMatch(/^[0-9a-f]{16}([0-9a-f]{48})?$/);
});

test('the room a model takes is that of its files', () => {
  for (const model of models) {
    if (!model.available || model.disk === undefined) continue;
    const sum = model.files.reduce((all, { bytes, about }) => all + (bytes ?? about ?? 0), 0);
    expect(Math.abs(sum / model.disk - 1)).toBeLessThan(0.01);
  }
});

test.each([
  [{ PARLEY_INFERENCE_MODELS: '/srv/models', XDG_DATA_HOME: '/data' }, '/srv/models'],
  [{ XDG_DATA_HOME: '/data', HOME: '/home/ann' }, '/data/parley/models'],
  [{ XDG_DATA_HOME: 'data', HOME: '/home/ann' }, '/home/ann/.local/share/parley/models'],
  [{ HOME: '/home/ann' }, '/home/ann/.local/share/parley/models'],
])('with %j models are kept in %s', (env, directory) => {
  expect(modelsDirectory(env)).toBe(directory);
});
