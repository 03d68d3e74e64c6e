import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../../inference/identify/classifier.ts';
import { Tensor, type OpenGraph } from '../../../../inference/onnx/graph.ts';
import {
  speechOf,
  ToyIdentifier,
  toyIdentifier,
  toyIdentifierFiles,
  type ToyIdentifierOptions,
} from '../../../support/identifier-model.ts';

async function probabilities(options: ToyIdentifierOptions, language: number): Promise<number[]> {
  await using model = await ToyIdentifier.create(toyIdentifierFiles(options));
  await using classifier = await Classifier.create(model.directory);
  return Array.from(await classifier.probabilities(speechOf(language)));
}

describe('a classifier of languages', () => {
  it('gives a probability for each label, 1 together', async () => {
    const found = await probabilities({}, 2);
    expect(found).toHaveLength(4);
    expect(found.indexOf(Math.max(...found))).toBe(2);
    expect(found.reduce((sum, probability) => sum + probability)).toBeCloseTo(1, 5);
  });

  it.each(['logarithms', 'logits'] as const)(
    'gives the same where its graph gives %s',
    async (gives) => {
      const expected = await probabilities({}, 1);
      const found = await probabilities({ gives }, 1);
      for (const [at, probability] of found.entries()) {
        expect(probability).toBeCloseTo(expected[at] ?? NaN, 5);
      }
    },
  );
});

describe('a folder that is no identifier’s is refused, with the reason', () => {
  const refused = async (files: ReadonlyMap<string, string | Uint8Array>) => {
    await using model = await ToyIdentifier.create(new Map(files));
    return await Classifier.create(model.directory).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
  };
  const files = (changes: readonly (readonly [string, string | Uint8Array | undefined])[]) => {
    const all = toyIdentifierFiles();
    for (const [name, content] of changes) {
      if (content === undefined) all.delete(name);
      else all.set(name, content);
    }
    return all;
  };
  const named = (name: string) =>
    toyIdentifier({ input: { name, type: 'float32', shape: [1, 'samples'] } });

  it.each([
    ['without a graph', files([['model.onnx', undefined]]), /has no graph/],
    ['with two', files([['other.onnx', named('waveform')]]), /other\.onnx: is a second graph/],
    [
      'without its labels',
      files([['label_encoder.txt', undefined]]),
      /label_encoder\.txt: is missing/,
    ],
    ['with broken labels', files([['label_encoder.txt', 'German']]), /label_encoder\.txt: has/],
    ['with a damaged graph', files([['model.onnx', 'no graph']]), /model\.onnx: cannot be loaded/],
    ['with another input', files([['model.onnx', named('audio')]]), /foreign input 'audio'/],
    [
      'with another output',
      files([
        [
          'model.onnx',
          toyIdentifier({ output: { name: 'logits', type: 'float32', shape: [1, 4] } }),
        ],
      ]),
      /foreign output 'logits'/,
    ],
    [
      'with fewer figures than labels',
      files([['model.onnx', toyIdentifier({ figures: 3 })]]),
      /'language_probs' is float32 \[1, 3\] and not float32 \[1, 4\]/,
    ],
  ])('%s', async (_, contents, reason) => {
    expect(await refused(contents)).toMatch(reason);
  });

  it('whose graph gives fewer figures than it says', async () => {
    await using model = await ToyIdentifier.create();
    const released: string[] = [];
    const open: OpenGraph = (file) =>
      Promise.resolve({
        file,
        inputs: [{ name: 'waveform', type: 'float32', shape: [1, 'samples'] }],
        outputs: [{ name: 'language_probs', type: 'float32', shape: [1, 'languages'] }],
        run: () =>
          Promise.resolve({ language_probs: new Tensor('float32', [0.5, 0.25, 0.25], [1, 3]) }),
        release: () => Promise.resolve(void released.push(file)),
      });
    await expect(Classifier.create(model.directory, open)).rejects.toThrow(
      /gives 3 figures for 4 labels/,
    );
    expect(released).toHaveLength(1);
  });

  it('that is not there', async () => {
    await expect(Classifier.create('/nowhere/at/all')).rejects.toThrow(/\/nowhere\/at\/all/);
  });
});
