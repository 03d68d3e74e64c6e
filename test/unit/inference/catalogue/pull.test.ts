import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openModel } from '../../../../inference/catalogue/open-model.ts';
import { removeModel } from '../../../../inference/catalogue/remove-model.ts';
import { Web } from '../../../../inference/catalogue/web.ts';
import { contents, NON_COMMERCIAL, sha256Of, Stage } from './stage.ts';

test('a model comes here whole, and engines are told where its files are', async () => {
  await using stage = await Stage.create();

  await stage.pull();

  const model = await openModel(stage.directory, 'toy', stage.catalogue());
  expect(await readFile(model.path('onnx/weights.onnx'))).toEqual(stage.weights);
  expect(await readFile(model.path('vocab.txt'))).toEqual(stage.vocabulary);
  expect(existsSync(join(stage.directory, '.pulling/toy'))).toBe(false);
});

test('a file with other contents than its publisher tells is thrown away, and never used', async () => {
  await using stage = await Stage.create();
  stage.server.files.set('/weights.onnx', contents(4, 200_000));

  await expect(stage.pull()).rejects.toThrow(
    /toy\/onnx\/weights\.onnx is not what it should be and was thrown away: its SHA-256 is/,
  );
  expect(existsSync(stage.path('onnx/weights.onnx'))).toBe(false);
  expect(existsSync(stage.part('onnx/weights.onnx'))).toBe(false);
  await expect(openModel(stage.directory, 'toy', stage.catalogue())).rejects.toThrow(/toy/);

  stage.server.files.set('/weights.onnx', stage.weights);
  await stage.pull();
  await openModel(stage.directory, 'toy', stage.catalogue());
});

test('of a hash only whose beginning is known, the beginning counts', async () => {
  await using stage = await Stage.create();
  const sha256 = sha256Of(stage.weights).slice(0, 16);

  const model = stage.weightsAlone({ sha256 });
  await stage.pull(model);
  stage.server.files.set('/weights.onnx', contents(4, 200_000));

  await removeModel(stage.directory, model, { signal: stage.stop.signal, onWait: noop });
  await expect(stage.pull(model)).rejects.toThrow(/thrown away/);
});

test('contents nobody knew are put on record by the first pull, and enforced after', async () => {
  await using stage = await Stage.create();
  await stage.pull();
  stage.server.files.set('/vocab.txt', contents(5, 900));
  await writeFile(stage.path('vocab.txt'), 'spoilt');

  await expect(stage.pull()).rejects.toThrow(
    new RegExp(`it was ${sha256Of(stage.vocabulary)} when it first came[^]*remove toy`),
  );

  await removeModel(stage.directory, stage.model(), { signal: stage.stop.signal, onWait: noop });
  await stage.pull();
  expect(await readFile(stage.path('vocab.txt'))).toEqual(contents(5, 900));
});

test('of two pulls at once the second waits, and then finds everything there', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { stall: 1000 });
  const first = stage.pull();
  await stage.server.stalled();

  const waits = Promise.withResolvers<undefined>();
  const second = stage.pull(stage.model(), {
    progress: Object.assign(stage.progress(), {
      say: (line: string) => {
        if (line.includes('waiting')) waits.resolve(undefined);
        stage.lines.push(`second: ${line}\n`);
      },
    }),
  });
  await waits.promise;
  stage.server.release();
  await Promise.all([first, second]);

  expect(stage.server.requests).toEqual(['GET /weights.onnx', 'GET /vocab.txt']);
  expect(stage.said()).toContain(`second: toy: another pull is at work (process ${process.pid})`);
  expect(stage.said()).toContain('second: toy is here');
});

test('whoever waits for another pull can stop waiting', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { stall: 1000 });
  const first = stage.pull();
  await stage.server.stalled();
  const impatient = new AbortController();
  const second = stage.pull(stage.model(), {
    signal: impatient.signal,
    progress: Object.assign(stage.progress(), {
      say: () => {
        impatient.abort(new Error('no patience'));
      },
    }),
  });

  await expect(second).rejects.toThrow('no patience');
  stage.server.release();
  await first;
});

test('a file that was damaged here is replaced, one that was copied by hand is taken up', async () => {
  await using stage = await Stage.create();
  await mkdir(stage.path('onnx'), { recursive: true });
  await writeFile(stage.path('onnx/weights.onnx'), stage.weights);
  await writeFile(stage.path('vocab.txt'), 'from who knows where');

  await stage.pull();

  expect(stage.server.requests).toEqual(['GET /vocab.txt']);
  expect(stage.said()).toContain('toy/vocab.txt is damaged and comes anew: it is not on record');
  await openModel(stage.directory, 'toy', stage.catalogue());
});

test('a mirror is laid out like the directory that models are kept in', async () => {
  await using stage = await Stage.create();
  stage.server.files.set('/parley/toy/onnx/weights.onnx', stage.weights);
  stage.server.files.set('/parley/toy/vocab.txt', stage.vocabulary);

  await stage.pull(stage.model(), { mirror: `${stage.server.url}/parley/` });

  expect(stage.server.requests).toEqual([
    'GET /parley/toy/onnx/weights.onnx',
    'GET /parley/toy/vocab.txt',
  ]);
});

test('a proxy gets the requests that are for the publisher', async () => {
  await using stage = await Stage.create();
  const url = 'http://publisher.invalid/weights.onnx';
  await using web = new Web({ proxy: stage.server.url });

  await stage.pull(stage.weightsAlone({ url }), { web });

  expect(await readFile(stage.path('weights.onnx'))).toEqual(stage.weights);
});

test('a proxy that refuses is not asked again', async () => {
  await using stage = await Stage.create();
  stage.server.manners.set('/weights.onnx', { statuses: [407] });
  await using web = new Web({ proxy: stage.server.url });
  const model = stage.weightsAlone({ url: 'http://publisher.invalid/weights.onnx' });

  await expect(stage.pull(model, { web })).rejects.toThrow(/proxy/i);
  expect(stage.server.requests).toHaveLength(1);
});

test('a licence that forbids something is asked about once, before anything is fetched', async () => {
  await using stage = await Stage.create();
  const model = stage.model({ licence: NON_COMMERCIAL });

  await expect(stage.pull(model)).rejects.toThrow(/CC-BY-NC.*not accepted.*\n.*--accept-license/);
  expect(stage.server.requests).toEqual([]);

  stage.answer(true);
  await stage.pull(model);
  await stage.pull(model);
});

test('a file among the model that is not its own is named', async () => {
  await using stage = await Stage.create();
  await mkdir(stage.path(''), { recursive: true });
  await writeFile(stage.path('notes.txt'), 'mine');

  await expect(stage.pull()).rejects.toThrow(/notes\.txt does not belong to toy: move it away/);
  expect(existsSync(stage.path('notes.txt'))).toBe(true);
});

function noop(): void {
  // Nobody waits.
}
