import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { M2M100 } from '../../../../inference/translate-text/m2m100.ts';
import { readM2M100 } from '../../../../inference/translate-text/model-files.ts';
import { toyDecoder } from '../../../support/m2m100-graphs.ts';
import { m2m100Files, ToyM2M100, toySays } from '../../../support/m2m100-model.ts';

const ENCODER = 'onnx/encoder_model_quantized.onnx';
const DECODER = 'onnx/decoder_model_merged_quantized.onnx';

describe('a model of M2M100’s form', () => {
  let toy: ToyM2M100;
  let model: M2M100;
  beforeAll(async () => {
    toy = await ToyM2M100.create();
    model = await M2M100.create({ directory: toy.directory, threads: 1 });
  });
  afterAll(async () => {
    await model[Symbol.asyncDispose]();
    await toy[Symbol.asyncDispose]();
  });

  const one = async (text: string, source: string, target: string) =>
    (await model.translate({ text, source, targets: [target] }))[0];

  it('translates, with what was read and written fed back and both languages told', async () => {
    for (const [source, target] of [
      ['en', 'de'],
      ['en', 'fr'],
      ['de', 'ca'],
    ] as const) {
      const text = 'Could you repeat the last sentence?';
      expect(await one(text, source, target)).toBe(toySays(text, source, target));
    }
  });

  it('writes several translations at once, each as it would alone, however long', async () => {
    const text = 'the meeting begins at nine';
    const targets = ['de', 'ru', 'ca', 'fr', 'es'];
    const expected = targets.map((target) => toySays(text, 'en', target));
    expect(new Set(expected.map(({ length }) => length)).size).toBeGreaterThan(1);
    expect(await model.translate({ text, source: 'en', targets })).toEqual(expected);
  });

  it('goes on after a sentence in another language as if there had been none', async () => {
    await one('guten tag', 'de', 'en');
    expect(await one('good day', 'en', 'de')).toBe(toySays('good day', 'en', 'de'));
  });

  it('ends a translation that would go on, at a length that suits the text', async () => {
    const translated = (await one('a'.repeat(600), 'en', 'de')) ?? '';
    expect(translated.length).toBeGreaterThan(200);
    expect(translated.length).toBeLessThan(257);
  });

  it('leaves out letters that it does not know', async () => {
    const translated = await one('a 漢 b', 'en', 'de');
    expect(translated?.replaceAll(' ', '')).toBe(toySays('ab', 'en', 'de'));
  });
});

describe('a folder that is no such model', () => {
  const files = m2m100Files();
  const replaced = (name: string, content: string | Uint8Array | undefined) => {
    const changed = new Map(files);
    if (content === undefined) changed.delete(name);
    else changed.set(name, content);
    return changed;
  };
  const tokens = { first: 4, letters: 26, tokens: 80 };

  it.each([...files.keys()])('is refused where %s is missing', async (name) => {
    await using toy = await ToyM2M100.create(replaced(name, undefined));
    await expect(readM2M100(toy.directory)).rejects.toThrow(`${name}: is missing`);
  });

  it.each([
    ['a foreign graph', 'onnx/model.onnx', 'x', 'model.onnx: does not belong'],
    ['another kind of model', 'config.json', '{"model_type":"marian"}', 'config.json: is not of'],
    ['a broken config', 'config.json', '{', 'config.json: is not of'],
    ['a broken tokeniser', 'tokenizer.json', '[]', 'tokenizer.json: is not of'],
    [
      'a tokeniser without languages',
      'tokenizer.json',
      '{"added_tokens":[{"id":78,"content":"__en__"}]}',
      'tokenizer.json: has no tokens for English and another language',
    ],
  ])('is refused with %s', async (_, name, content, reason) => {
    await using toy = await ToyM2M100.create(replaced(name, content));
    await expect(readM2M100(toy.directory)).rejects.toThrow(reason);
  });

  it.each([
    ['a graph that is none', ENCODER, new Uint8Array([1, 2, 3]), 'cannot be loaded'],
    ['fewer layers than the config has', DECODER, toyDecoder(tokens, 1), 'has no input'],
    ['more layers than the config has', DECODER, toyDecoder(tokens, 3), 'has a foreign input'],
    ['an encoder in its place', DECODER, files.get(ENCODER) ?? '', 'has no input'],
  ])('is refused with %s', async (_, name, content, reason) => {
    await using toy = await ToyM2M100.create(replaced(name, content));
    const creating = M2M100.create({ directory: toy.directory, threads: 1 });
    await expect(creating).rejects.toThrow(reason);
    await expect(creating).rejects.toThrow(toy.directory);
  });

  it('is refused where there is no folder', async () => {
    const toy = await ToyM2M100.create();
    await toy[Symbol.asyncDispose]();
    await expect(readM2M100(toy.directory)).rejects.toThrow('cannot be read');
  });

  it('may have notes and a manifest beside the model', async () => {
    await using toy = await ToyM2M100.create();
    for (const name of ['manifest.json', 'README.md']) writeFileSync(join(toy.directory, name), '');
    await rm(join(toy.directory, 'README.md'));
    expect((await readM2M100(toy.directory)).languages.has('ru')).toBe(true);
  });
});
