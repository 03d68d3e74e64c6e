import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Canary } from '../../../../inference/translate/canary.ts';
import {
  devicesFor,
  onFirstDevice,
  physicalCores,
  sessionOptions,
} from '../../../../inference/onnx/devices.ts';
import { freeFirstDimension } from '../../../../inference/onnx/free-dimensions.ts';
import { openGraph, type OpenGraph } from '../../../../inference/onnx/graph.ts';
import { graphsFor, readModelDirectory } from '../../../../inference/translate/model-files.ts';
import { GraphBuilder, type Value } from '../../../support/canary-onnx.ts';
import {
  decoderValues,
  ENCODER_INPUTS,
  ENCODER_OUTPUTS,
  toyDecoder,
} from '../../../support/canary-graphs.ts';
import { toyFiles, ToyModel, toyScript } from '../../../support/canary-model.ts';

const silent = pino({ level: 'silent' });

type Files = Map<string, string | Uint8Array>;

async function load(change: (files: Files) => void, family: 'v2' | 'flash' = 'v2'): Promise<void> {
  const files = toyFiles(family);
  change(files);
  await using model = await ToyModel.create(files);
  const { directory } = model;
  const canary = await Canary.create({ directory, device: 'cpu', threads: 1, log: silent });
  await canary[Symbol.asyncDispose]();
}

/** A graph that computes nothing of sense, but has these inputs and outputs. */
function graphWith(inputs: readonly Value[], outputs: readonly Value[]): Uint8Array {
  const graph = new GraphBuilder();
  for (const { name, type, shape } of outputs) {
    const sizes = shape.map((size) => (typeof size === 'number' ? size : 1));
    const nothing = graph.node('ConstantOfShape', [graph.int64(sizes)]);
    graph.node('Cast', [nothing], { to: { to: type } }, name);
  }
  return graph.model(inputs, outputs);
}

describe('a model directory', () => {
  it.each(['v2', 'flash'] as const)('with the files of %s is loaded', async (family) => {
    await expect(load(() => undefined, family)).resolves.toBeUndefined();
  });

  it.each(['config.json', 'vocab.txt', 'encoder-model.int8.onnx', 'decoder-model.int8.onnx'])(
    'without %s is refused by its name',
    async (name) => {
      await expect(load((files) => files.delete(name))).rejects.toThrow(`${name}: is missing`);
    },
  );

  it.each(['joiner.onnx', 'nemo128.onnx', 'model.safetensors', 'tokens.txt'])(
    'with a foreign %s is refused by its name',
    async (name) => {
      const loading = load((files) => files.set(name, ''));
      await expect(loading).rejects.toThrow(`${name}: does not belong to a Canary model`);
    },
  );

  it('may have notes beside its files', async () => {
    const loading = load((files) => files.set('README.md', '').set('manifest.json', '{}'));
    await expect(loading).resolves.toBeUndefined();
  });

  it.each([
    ['{"model_type":"nemo-conformer-tdt","features_size":128}'],
    ['{"model_type":"nemo-conformer-aed","features_size":80}'],
    ['not JSON'],
  ])('of another model is refused: %s', async (config) => {
    await expect(load((files) => files.set('config.json', config))).rejects.toThrow(
      /config\.json: is not of a Canary model/,
    );
  });

  it('that is not there is named', async () => {
    await expect(readModelDirectory('/nowhere/canary')).rejects.toThrow(
      '/nowhere/canary: the model directory cannot be read (ENOENT)',
    );
  });

  it('with a vocabulary too small for its decoder is refused', async () => {
    const loading = load((files) => {
      const text = files.get('vocab.txt');
      if (typeof text === 'string') {
        files.set('vocab.txt', `${text.split('\n').slice(0, 16_000).join('\n')}\n`);
      }
    });
    await expect(loading).rejects.toThrow(/decoder.*has 16384 tokens and vocab\.txt 16000/);
  });

  it('with a damaged graph is refused with the reason', async () => {
    for (const name of ['encoder-model.int8.onnx', 'decoder-model.int8.onnx']) {
      const loading = load((files) => files.set(name, Buffer.from('not a graph')));
      await expect(loading).rejects.toThrow(new RegExp(`${name}: cannot be loaded: `));
    }
  });

  it('offers int8 to a processor and fp32 to a graphics card, or what there is', async () => {
    const int8 = toyFiles('v2');
    await using small = await ToyModel.create(int8);
    const both = new Map([
      ...int8,
      ['encoder-model.onnx', ''] as const,
      ['encoder-model.onnx.data', ''] as const,
      ['decoder-model.onnx', ''] as const,
    ]);
    await using large = await ToyModel.create(both);
    const [one, two] = await Promise.all(
      [small, large].map((m) => readModelDirectory(m.directory)),
    );
    if (!one || !two) throw new Error('no files');
    expect(graphsFor('cuda', one).precision).toBe('int8');
    expect(graphsFor('cuda', two).precision).toBe('fp32');
    expect(graphsFor('cpu', two).precision).toBe('int8');
  });
});

describe('a graph with other inputs or outputs is refused', () => {
  const decoder = decoderValues(toyScript('v2'));
  const swap = (values: readonly Value[], name: string, change: Partial<Value>) =>
    values.map((value) => (value.name === name ? { ...value, ...change } : value));

  it.each([
    ['x', swap(ENCODER_INPUTS, 'audio_signal', { name: 'x' }), "has a foreign input 'x'"],
    ['no length', ENCODER_INPUTS.slice(0, 1), "has no input 'length'"],
    [
      '80 bands',
      swap(ENCODER_INPUTS, 'audio_signal', { shape: ['b', 80, 't'] }),
      "input 'audio_signal' is float32 [b, 80, t] and not float32 [batch, 128, frames]",
    ],
    [
      'another type',
      swap(ENCODER_INPUTS, 'length', { type: 'float32' }),
      "input 'length' is float32 [batch] and not int64 [batch]",
    ],
  ])('encoder: %s', async (_, inputs, reason) => {
    const graph = graphWith(inputs, ENCODER_OUTPUTS);
    await expect(load((files) => files.set('encoder-model.int8.onnx', graph))).rejects.toThrow(
      `encoder-model.int8.onnx: ${reason}`,
    );
  });

  it.each([
    [
      'no memory',
      decoder.inputs.slice(0, 3),
      decoder.outputs,
      "input 'decoder_mems' is missing, or its size is not fixed",
    ],
    [
      'another width',
      swap(decoder.inputs, 'encoder_embeddings', { shape: ['b', 's', 512] }),
      decoder.outputs,
      "input 'encoder_embeddings' is float32 [utterances, s, 512] and not float32 [batch, steps, 1024]",
    ],
    [
      'one more',
      [...decoder.inputs, { name: 'pos', type: 'int64', shape: [1] } as const],
      decoder.outputs,
      "has a foreign input 'pos'",
    ],
    [
      'other words for what comes out',
      decoder.inputs,
      swap(decoder.outputs, 'logits', { name: 'scores' }),
      "has a foreign output 'scores'",
    ],
  ])('decoder: %s', async (_, inputs, outputs, reason) => {
    const graph = graphWith(inputs, outputs);
    await expect(load((files) => files.set('decoder-model.int8.onnx', graph))).rejects.toThrow(
      `decoder-model.int8.onnx: ${reason}`,
    );
  });
});

describe('the device', () => {
  it('is the graphics card where there is one, unless the processor is asked for', () => {
    expect(devicesFor('auto', () => true)).toEqual(['cuda', 'cpu']);
    expect(devicesFor('auto', () => false)).toEqual(['cpu']);
    expect(devicesFor('cpu', () => true)).toEqual(['cpu']);
    expect(devicesFor('cuda', () => false)).toEqual(['cuda', 'cpu']);
  });

  it('that fails is told of as an error with what to do, and the processor takes over', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    await using model = await ToyModel.create(toyFiles('v2'));
    const wanted: unknown[] = [];
    const open: OpenGraph = (path, options, edit) => {
      wanted.push(options.executionProviders);
      if (options.executionProviders?.includes('cuda')) {
        throw new Error('Failed to load shared library');
      }
      return openGraph(path, options, edit);
    };
    const { directory } = model;
    const parts = { directory, device: 'cuda', threads: 1, log, open } as const;
    await using canary = await Canary.create(parts);
    expect(canary.device).toBe('cpu');
    expect(wanted).toEqual([['cuda'], ['cpu'], ['cpu']]);
    const told = lines.find((line) => line.includes('"level":50')) ?? '';
    expect(told).toContain('Failed to load shared library');
    expect(told).toContain('onnxruntime-node-install=cuda12');
  });

  it('that is the last one fails with its own reason', async () => {
    const open = () => Promise.reject(new Error('no memory'));
    await expect(onFirstDevice(['cpu'], open, silent)).rejects.toThrow('no memory');
  });

  it('runs graphs without spinning threads or memory patterns', () => {
    expect(sessionOptions('cpu', 2)).toMatchObject({
      intraOpNumThreads: 2,
      interOpNumThreads: 1,
      enableMemPattern: false,
      executionMode: 'sequential',
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    expect(physicalCores()).toBeGreaterThan(0);
  });
});

describe('the dimensions of a graph', () => {
  it('get a name of their own, and nothing else changes', async () => {
    const before = toyDecoder(toyScript('v2'));
    const after = freeFirstDimension(before, ['encoder_mask'], 'listeners');
    await using model = await ToyModel.create(new Map([['graph.onnx', after]]));
    const graph = await openGraph(`${model.directory}/graph.onnx`, sessionOptions('cpu', 1));
    expect(graph.inputs.map(({ shape }) => shape)).toEqual([
      ['batch', 'tokens'],
      ['batch', 'steps', 1024],
      ['listeners', 'steps'],
      [10, 'batch', 'past', 1024],
    ]);
    await graph.release();
    expect(freeFirstDimension(after, ['encoder_mask'], 'batch')).toEqual(before);
  });

  it('of what is no model, or breaks off, cannot be named', () => {
    const graph = toyDecoder(toyScript('v2'));
    expect(() => freeFirstDimension(graph.subarray(0, 1000), [], 'x')).toThrow('breaks off');
    expect(() => freeFirstDimension(Buffer.from('nonsense'), [], 'x')).toThrow();
  });
});
