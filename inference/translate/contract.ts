import { ModelError } from './model-files.ts';
import { MELS } from './mel.ts';
import type { Graph, Value } from '../onnx/graph.ts';

/**
 * What the graphs of onnx-asr's Canary export take and give (inference.md §1.2). Other exports use the
 * same words for other things; so a graph that differs in a name, a type or a fixed dimension is
 * refused when it is loaded, not found out by nonsense.
 */
interface Expected {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  /** A number is a size that must be so where the graph fixes it; a name may be any size. */
  readonly shape: readonly (number | string)[];
}

interface Contract {
  readonly inputs: readonly Expected[];
  readonly outputs: readonly Expected[];
}

const EMBEDDINGS = 'encoder_embeddings';

const ENCODER: Contract = {
  inputs: [
    { name: 'audio_signal', type: 'float32', shape: ['batch', MELS, 'frames'] },
    { name: 'length', type: 'int64', shape: ['batch'] },
  ],
  outputs: [
    { name: EMBEDDINGS, type: 'float32', shape: ['batch', 'steps', 'width'] },
    { name: 'encoder_mask', type: 'int64', shape: ['batch', 'steps'] },
  ],
};

function decoderContract({ layers, width }: DecoderShape): Contract {
  return {
    inputs: [
      { name: 'input_ids', type: 'int64', shape: ['batch', 'tokens'] },
      { name: EMBEDDINGS, type: 'float32', shape: ['batch', 'steps', width] },
      { name: 'encoder_mask', type: 'int64', shape: ['batch', 'steps'] },
      { name: 'decoder_mems', type: 'float32', shape: [layers, 'batch', 'past', width] },
    ],
    outputs: [
      { name: 'logits', type: 'float32', shape: ['batch', 1, 'vocabulary'] },
      { name: 'decoder_hidden_states', type: 'float32', shape: [layers, 'batch', 'all', width] },
    ],
  };
}

/** First and last dimension of the decoder's memory. */
export interface DecoderShape {
  readonly layers: number;
  readonly width: number;
}

/** Throws a ModelError. */
export function expectEncoder(graph: Graph): void {
  expect(graph, ENCODER);
}

/**
 * Reads the size of the decoder's memory and checks everything by it; `vocabulary` is the number of
 * pieces that have a text. Throws a ModelError.
 */
export function expectDecoder(graph: Graph, vocabulary: number): DecoderShape {
  const mems = graph.inputs.find(({ name }) => name === 'decoder_mems');
  const [layers, , , width] = mems?.shape ?? [];
  if (typeof layers !== 'number' || typeof width !== 'number') {
    throw new ModelError(graph.file, "input 'decoder_mems' is missing, or its size is not fixed");
  }
  expect(graph, decoderContract({ layers, width }));
  const tokens = graph.outputs.find(({ name }) => name === 'logits')?.shape[2];
  if (typeof tokens === 'number' && tokens > vocabulary) {
    throw new ModelError(graph.file, `has ${tokens} tokens and vocab.txt ${vocabulary}`);
  }
  return { layers, width };
}

function expect(graph: Graph, contract: Contract): void {
  for (const [kind, expected, found] of [
    ['input', contract.inputs, graph.inputs],
    ['output', contract.outputs, graph.outputs],
  ] as const) {
    const foreign = found.find(({ name }) => !expected.some((one) => one.name === name));
    if (foreign) throw new ModelError(graph.file, `has a foreign ${kind} '${foreign.name}'`);
    for (const one of expected) {
      const value = found.find(({ name }) => name === one.name);
      if (!value) throw new ModelError(graph.file, `has no ${kind} '${one.name}'`);
      if (!suits(value, one)) {
        throw new ModelError(
          graph.file,
          `${kind} '${one.name}' is ${written(value)} and not ${written(one)}`,
        );
      }
    }
  }
}

function suits(value: Value, { type, shape }: Expected): boolean {
  return (
    value.type === type &&
    value.shape.length === shape.length &&
    shape.every((size, at) => {
      const actual = value.shape[at];
      return typeof size !== 'number' || typeof actual !== 'number' || actual === size;
    })
  );
}

function written({ type, shape }: Pick<Value, 'type' | 'shape'>): string {
  return `${type} [${shape.join(', ')}]`;
}
