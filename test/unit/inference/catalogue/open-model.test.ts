import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openModel } from '../../../../inference/catalogue/open-model.ts';
import { removeModel } from '../../../../inference/catalogue/remove-model.ts';
import { verify } from '../../../../inference/catalogue/verify.ts';
import { contents, sha256Of, Stage } from './stage.ts';

/** A stage with the toy model in place. */
async function pulled(): Promise<Stage> {
  const stage = await Stage.create();
  await stage.pull();
  return stage;
}

function open(stage: Stage, directory = stage.directory): Promise<unknown> {
  return openModel(directory, 'toy', stage.catalogue());
}

async function verified(stage: Stage): Promise<readonly string[]> {
  const tools = { progress: stage.progress(), signal: stage.stop.signal };
  return verify(stage.directory, stage.model(), tools);
}

test('a model nobody has heard of is refused with what there is', async () => {
  await using stage = await Stage.create();

  await expect(openModel(stage.directory, 'toi', stage.catalogue())).rejects.toThrow(
    'There is no model called "toi".\nThere are: toy, later.',
  );
});

test('a model that cannot be had yet says why', async () => {
  await using stage = await Stage.create();

  await expect(openModel(stage.directory, 'later', stage.catalogue())).rejects.toThrow(
    'later is not available yet: nobody has made it.',
  );
});

test('a model that is not here is refused with the command that brings it', async () => {
  await using stage = await Stage.create();

  await expect(open(stage)).rejects.toThrow(
    `toy is not in ${stage.directory}.\n` +
      `Run \`npm run models -- pull toy --directory ${stage.directory}\`.`,
  );
});

test('only names of its own are paths of a model', async () => {
  await using stage = await pulled();
  const model = await openModel(stage.directory, 'toy', stage.catalogue());

  expect(model.folder).toBe(stage.path('').replace(/\/$/, ''));
  expect(() => model.path('../../etc/passwd')).toThrow(RangeError);
  expect(() => model.sha256('manifest.json')).toThrow(RangeError);
});

test('what a model’s files were when they came is known to those who read them', async () => {
  await using stage = await pulled();
  const model = await openModel(stage.directory, 'toy', stage.catalogue());

  expect(model.sha256('onnx/weights.onnx')).toBe(sha256Of(stage.weights));
  expect(model.sha256('vocab.txt')).toBe(sha256Of(stage.vocabulary));
});

test.each<[string, (stage: Stage) => Promise<void>, RegExp]>([
  ['a file is missing', (s) => rm(s.path('vocab.txt')), /vocab\.txt is not there/],
  ['a file has grown', (s) => appendFile(s.path('vocab.txt'), '!'), /901 bytes; it had 900 when/],
  ['a file is a folder', (s) => swapForFolder(s.path('vocab.txt')), /vocab\.txt is not there/],
  [
    'a foreign file lies beside its own',
    (s) => writeFile(s.path('onnx/other.onnx'), ''),
    /onnx\/other\.onnx does not belong to toy/,
  ],
  ['the record is gone', (s) => rm(s.path('manifest.json')), /vocab\.txt was never checked/],
  [
    'the record cannot be read',
    (s) => writeFile(s.path('manifest.json'), '{"format":1'),
    /manifest\.json is not a manifest/,
  ],
  [
    'the record is of another model',
    (s) => edit(s.path('manifest.json'), '"toy"', '"toys"'),
    /is about toys, not about toy/,
  ],
  [
    'the record says other contents than the publisher',
    (s) => edit(s.path('manifest.json'), /"sha256": "[0-9a-f]{8}/, '"sha256": "00000000'),
    /weights\.onnx is another file than the publisher's/,
  ],
])('a model is not opened when %s', async (_, spoil, reason) => {
  await using stage = await pulled();
  await spoil(stage);

  await expect(open(stage)).rejects.toThrow(reason);
});

test('a file whose contents changed is found by verify, and not used until it is pulled again', async () => {
  await using stage = await pulled();
  await writeFile(stage.path('vocab.txt'), contents(7, 900));
  await open(stage);

  expect(await verified(stage)).toEqual([
    expect.stringMatching(/^vocab\.txt is damaged: its SHA-256 is .*when it first came$/),
  ]);
  await expect(open(stage)).rejects.toThrow(/vocab\.txt was found to be damaged/);

  await stage.pull();
  expect(await verified(stage)).toEqual([]);
  await open(stage);
  expect(await readFile(stage.path('vocab.txt'))).toEqual(stage.vocabulary);
});

test('verify takes back what it said about a file that is as it should be again', async () => {
  await using stage = await pulled();
  await writeFile(stage.path('vocab.txt'), contents(7, 900));
  await verified(stage);
  await writeFile(stage.path('vocab.txt'), stage.vocabulary);

  expect(await verified(stage)).toEqual([]);
  await open(stage);
});

test('a folder copied from another machine is used as it is', async () => {
  await using stage = await pulled();
  await using elsewhere = await Stage.create();
  await cp(stage.path(''), elsewhere.path(''), { recursive: true });

  await open(stage, elsewhere.directory);
});

test('remove takes a model away and leaves what is not its own', async () => {
  await using stage = await pulled();
  await mkdir(stage.path('mine'));
  await writeFile(stage.path('mine/notes.txt'), 'mine');
  const options = { signal: stage.stop.signal, onWait: () => undefined };

  expect(await removeModel(stage.directory, stage.model(), options)).toMatch(/toy$/);
  expect(await readFile(stage.path('mine/notes.txt'), 'utf8')).toBe('mine');
  await expect(readFile(stage.path('manifest.json'))).rejects.toThrow('ENOENT');
  await expect(readFile(stage.path('onnx/weights.onnx'))).rejects.toThrow('ENOENT');

  await rm(stage.path('mine'), { recursive: true });
  expect(await removeModel(stage.directory, stage.model(), options)).toBeUndefined();
});

async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

async function swapForFolder(path: string): Promise<void> {
  await rm(path);
  await mkdir(path);
}
