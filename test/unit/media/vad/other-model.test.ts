import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VAD_WINDOW } from '../../../../media/vad/model.ts';
import { SileroVad } from '../../../../media/vad/silero.ts';
import { toyVad, VAD_INPUTS } from '../../../support/vad-graph.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-vad-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const load = (path: string) => SileroVad.create(undefined, path);
const steady = (level: number) => new Float32Array(VAD_WINDOW).fill(level);

describe('a graph of the form of Silero VAD v6, in place of the one that comes along', () => {
  test('gets each window after the end of the last one, and its own memory back', async () => {
    await using vad = await load(await file('v6.onnx', toyVad()));
    const stream = vad.open();
    expect(await stream.probability(steady(0.2), false)).toBeCloseTo(0 + 0.1, 5);
    expect(await stream.probability(steady(0.4), false)).toBeCloseTo(0.2 + 0.2 + 0.01, 5);
    expect(await stream.probability(steady(0), false)).toBeCloseTo(0.4 + 0 + 0.02, 5);
  });

  test('serves several streams in one run, each with a memory of its own', async () => {
    await using vad = await load(await file('two.onnx', toyVad()));
    const [one, other] = [vad.open(), vad.open()];
    await one.probability(steady(0.2), false);
    const both = [one.probability(steady(0), false), other.probability(steady(0.6), false)];
    const [ofOne, ofOther] = await Promise.all(both);
    expect(ofOne).toBeCloseTo(0.2 + 0.01, 5);
    expect(ofOther).toBeCloseTo(0.3, 5);
  });
});

describe('a file that is something else is refused by name', () => {
  test('no graph at all', async () => {
    const path = await file('letter.onnx', Buffer.from('Dear Ann'));
    await expect(load(path)).rejects.toThrow(`${path} cannot be loaded as a graph`);
  });

  test('a file that is not there', async () => {
    const path = join(folder, 'nowhere.onnx');
    await expect(load(path)).rejects.toThrow(`${path} cannot be loaded as a graph`);
  });

  test('a graph that takes one thing more', async () => {
    const extra = { name: 'h', type: 'float32', shape: [2, 'batch', 64] } as const;
    const path = await file('v4.onnx', toyVad([...VAD_INPUTS, extra]));
    await expect(load(path)).rejects.toThrow(
      `${path} is no Silero VAD: its inputs are h float32, input float32, sr int64, state float32`,
    );
  });
});
