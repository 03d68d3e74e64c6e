import { GraphBuilder } from './canary-onnx.ts';
import type { Value } from './canary-onnx.ts';

const CONTEXT = 64;
const INPUT = 576;
const UNITS = 128;

const STATE_SHAPE = [2, 'batch', UNITS] as const;

export const VAD_INPUTS: readonly Value[] = [
  { name: 'input', type: 'float32', shape: ['batch', INPUT] },
  { name: 'state', type: 'float32', shape: STATE_SHAPE },
  { name: 'sr', type: 'int64', shape: [] },
];
const OUTPUTS: readonly Value[] = [
  { name: 'output', type: 'float32', shape: ['batch', 1] },
  { name: 'stateN', type: 'float32', shape: STATE_SHAPE },
];

/**
 * A graph of Silero VAD's form whose "probability" tells what it was given: the loudness of the 64
 * samples of context, half of that of the window, and a hundredth for each window before. Right only at
 * 16 kHz.
 */
export function toyVad(inputs = VAD_INPUTS): Uint8Array {
  const graph = new GraphBuilder();
  const loudness = graph.node('Abs', ['input']);
  const mean = (from: number, to: number) => {
    const part = graph.node('Slice', [
      loudness,
      graph.int64([from]),
      graph.int64([to]),
      graph.int64([1]),
    ]);
    return graph.node('ReduceMean', [part], { axes: [1], keepdims: 1 });
  };
  const half = graph.node('Mul', [mean(CONTEXT, INPUT), graph.float32(0.5)]);
  const heard = graph.node('Add', [mean(0, CONTEXT), half]);
  const unit = graph.node('Slice', ['state', graph.int64([0]), graph.int64([1]), graph.int64([2])]);
  const first = graph.node('Gather', [unit, graph.int64(0)], { axis: 0 });
  const past = graph.node('Mul', [first, graph.float32(0.01)]);
  const sum = graph.node('Add', [heard, past]);
  const rate = graph.node('Div', [graph.cast('sr', 'float32'), graph.float32(16_000)]);
  graph.node('Mul', [sum, rate], {}, 'output');
  graph.node('Add', ['state', graph.float32(1)], {}, 'stateN');
  return graph.model(inputs, OUTPUTS);
}
