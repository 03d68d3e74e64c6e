import { expectGraph, type Contract } from '../onnx/contract.ts';
import type { Graph } from '../onnx/graph.ts';
import { ModelError } from '../onnx/model-error.ts';
import { MELS } from './mel.ts';

/** What the graphs of onnx-asr's Canary export take and give (inference.md §1.2). */

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
  expectGraph(graph, ENCODER);
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
  expectGraph(graph, decoderContract({ layers, width }));
  const tokens = graph.outputs.find(({ name }) => name === 'logits')?.shape[2];
  if (typeof tokens === 'number' && tokens > vocabulary) {
    throw new ModelError(graph.file, `has ${tokens} tokens and vocab.txt ${vocabulary}`);
  }
  return { layers, width };
}
