import { randomFillSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { decoderValues, ENCODER_INPUTS, ENCODER_OUTPUTS } from './canary-graphs.ts';
import { GraphBuilder } from './canary-onnx.ts';

/**
 * Graphs that cost what Canary's cost: the layers of a FastConformer encoder and of NeMo's Transformer
 * decoder, quantised as ONNX Runtime's quantize_dynamic does, with random weights. What they say means
 * nothing. Left out, for it costs next to nothing: the shift of relative positions, the mask of the
 * encoder, and biases.
 */
export interface CanaryShape {
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly tokens: number;
}

export const CANARY_1B_V2: CanaryShape = { encoderLayers: 32, decoderLayers: 8, tokens: 16_384 };

const WIDTH = 1024;
const HEADS = 8;
const INNER = 4096;
const POSITIONS = 1024;
const CHANNELS = 256;
/** Standard deviation of a random byte, taken as a signed number. */
const DEVIATION = 74;

const ENCODER_WEIGHTS = 'encoder.data';

export interface ShapeFiles {
  readonly encoder: string;
  readonly decoder: string;
}

/** Writes both graphs into a directory: about 1 GB for canary-1b-v2. */
export async function writeShape(directory: string, shape: CanaryShape): Promise<ShapeFiles> {
  const encoder = join(directory, 'encoder-model.int8.onnx');
  const decoder = join(directory, 'decoder-model.int8.onnx');
  const beside = { size: 0 };
  await writeFile(encoder, encoderOf(shape, beside));
  await writeRandom(join(directory, ENCODER_WEIGHTS), beside.size);
  await writeFile(decoder, decoderOf(shape));
  return { encoder, decoder };
}

async function writeRandom(path: string, size: number): Promise<void> {
  const file = createWriteStream(path);
  for (let written = 0; written < size;) {
    const part = randomFillSync(Buffer.alloc(Math.min(2 ** 24, size - written)));
    written += part.length;
    if (!file.write(part)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

type Weights = (shape: readonly number[]) => string;

/** Layers common to both. */
class Layers {
  readonly graph: GraphBuilder;
  readonly #weights: Weights;
  readonly #ones: string;

  constructor(graph: GraphBuilder, weights: Weights) {
    this.graph = graph;
    this.#weights = weights;
    this.#ones = graph.float32(Array.from({ length: WIDTH }, () => 1));
  }

  norm(input: string): string {
    return this.graph.node('LayerNormalization', [input, this.#ones], { axis: -1 });
  }

  /** What is to be multiplied by several matrices is quantised once. */
  quantised(input: string): readonly string[] {
    return this.graph.nodes('DynamicQuantizeLinear', [input], 3);
  }

  linear([value = '', scale = '', zero = '']: readonly string[], from: number, to: number): string {
    const { graph } = this;
    const product = graph.node('MatMulInteger', [value, this.#weights([from, to]), zero]);
    const unit = graph.float32(1 / (DEVIATION * Math.sqrt(from)));
    return graph.node('Mul', [graph.cast(product, 'float32'), graph.node('Mul', [scale, unit])]);
  }

  /** [batch, steps, WIDTH] to [batch, HEADS, steps, WIDTH / HEADS], or with steps last. */
  heads(input: string, perm: readonly number[] = [0, 2, 1, 3]): string {
    const shape = this.graph.int64([0, 0, HEADS, WIDTH / HEADS]);
    return this.graph.node('Transpose', [this.graph.node('Reshape', [input, shape])], { perm });
  }

  attend(scores: string, values: string): string {
    const { graph } = this;
    const weights = graph.node('Softmax', [scores], { axis: -1 });
    const seen = graph.node('MatMul', [weights, values]);
    const together = graph.node('Transpose', [seen], { perm: [0, 2, 1, 3] });
    const joined = graph.node('Reshape', [together, graph.int64([0, 0, WIDTH])]);
    return this.linear(this.quantised(joined), WIDTH, WIDTH);
  }

  add(a: string, b: string): string {
    return this.graph.node('Add', [a, b]);
  }

  scaled(input: string, by: number): string {
    return this.graph.node('Mul', [input, this.graph.float32(by)]);
  }

  swish(input: string): string {
    return this.graph.node('Mul', [input, this.graph.node('Sigmoid', [input])]);
  }

  floats(shape: readonly number[]): string {
    const length = shape.reduce((product, size) => product * size, 1);
    const deviation = 1 / Math.sqrt(length / (shape[0] ?? 1));
    const values = Array.from({ length }, () => (Math.random() - 0.5) * 3.4 * deviation);
    return this.graph.float32(values, shape);
  }
}

function encoderOf({ encoderLayers }: CanaryShape, beside: { size: number }): Uint8Array {
  const graph = new GraphBuilder();
  const layers = new Layers(graph, (shape) => {
    const offset = beside.size;
    beside.size += shape.reduce((product, size) => product * size, 1);
    return graph.int8Beside(ENCODER_WEIGHTS, offset, shape);
  });
  let steps = subsampled(layers);
  for (let layer = 0; layer < encoderLayers; layer += 1) steps = conformer(layers, steps);
  graph.node('Identity', [steps], {}, 'encoder_embeddings');
  const size = graph.node('Slice', [
    graph.node('Shape', [steps]),
    graph.int64([0]),
    graph.int64([2]),
  ]);
  graph.node('Expand', [graph.int64([1]), size], {}, 'encoder_mask');
  return graph.model(ENCODER_INPUTS, ENCODER_OUTPUTS);
}

/** Convolutions that make one step of eight frames. */
function subsampled(layers: Layers): string {
  const { graph } = layers;
  const pads = [1, 1, 1, 1];
  const strides = [2, 2];
  const frames = graph.node('Transpose', ['audio_signal'], { perm: [0, 2, 1] });
  const image = graph.node('Unsqueeze', [frames, graph.int64([1])]);
  const first = graph.node('Conv', [image, layers.floats([CHANNELS, 1, 3, 3])], { pads, strides });
  let steps = graph.node('Relu', [first]);
  for (let halving = 1; halving < 3; halving += 1) {
    const weights = layers.floats([CHANNELS, 1, 3, 3]);
    const deep = graph.node('Conv', [steps, weights], { pads, strides, group: CHANNELS });
    const wide = graph.node('Conv', [deep, layers.floats([CHANNELS, CHANNELS, 1, 1])]);
    steps = graph.node('Relu', [wide]);
  }
  const ordered = graph.node('Transpose', [steps], { perm: [0, 2, 1, 3] });
  const flat = graph.node('Reshape', [ordered, graph.int64([0, 0, CHANNELS * 16])]);
  return layers.linear(layers.quantised(flat), CHANNELS * 16, WIDTH);
}

function conformer(layers: Layers, input: string): string {
  const { graph } = layers;
  const feed = (steps: string) => {
    const inner = layers.linear(layers.quantised(layers.norm(steps)), WIDTH, INNER);
    const outer = layers.linear(layers.quantised(layers.swish(inner)), INNER, WIDTH);
    return layers.add(steps, layers.scaled(outer, 0.5));
  };
  const fed = feed(input);
  const normed = layers.quantised(layers.norm(fed));
  const queries = layers.heads(layers.linear(normed, WIDTH, WIDTH));
  const keys = layers.heads(layers.linear(normed, WIDTH, WIDTH), [0, 2, 3, 1]);
  const values = layers.heads(layers.linear(normed, WIDTH, WIDTH));
  // Positions are twice as many as steps; what is left over is cut off instead of shifted.
  const both = graph.node('Concat', [fed, fed], { axis: 1 });
  const places = layers.heads(layers.linear(layers.quantised(both), WIDTH, WIDTH), [0, 2, 3, 1]);
  const near = graph.node('MatMul', [queries, keys]);
  const size = graph.node('Shape', [near], { start: 3 });
  const far = graph.node('Slice', [
    graph.node('MatMul', [queries, places]),
    graph.int64([0]),
    size,
    graph.int64([3]),
  ]);
  const scores = layers.scaled(layers.add(near, far), Math.sqrt(HEADS / WIDTH));
  const attended = layers.add(fed, layers.attend(scores, values));
  const convolved = layers.add(attended, convolution(layers, layers.norm(attended)));
  return layers.norm(feed(convolved));
}

function convolution(layers: Layers, input: string): string {
  const { graph } = layers;
  const quantised = layers.quantised(input);
  const gate = graph.node('Sigmoid', [layers.linear(quantised, WIDTH, WIDTH)]);
  const gated = graph.node('Mul', [layers.linear(quantised, WIDTH, WIDTH), gate]);
  const across = graph.node('Transpose', [gated], { perm: [0, 2, 1] });
  const weights = layers.floats([WIDTH, 1, 9]);
  const deep = graph.node('Conv', [across, weights], { pads: [4, 4], group: WIDTH });
  const back = graph.node('Transpose', [layers.swish(deep)], { perm: [0, 2, 1] });
  return layers.linear(layers.quantised(back), WIDTH, WIDTH);
}

function decoderOf({ decoderLayers, tokens }: CanaryShape): Uint8Array {
  const graph = new GraphBuilder();
  const layers = new Layers(graph, (shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return graph.int8(randomFillSync(new Uint8Array(length)), shape);
  });
  const past = graph.node('Gather', [graph.node('Shape', ['decoder_mems']), graph.int64(2)]);
  const count = graph.node('Gather', [graph.node('Shape', ['input_ids']), graph.int64(1)]);
  const all = graph.node('Add', [past, count]);
  const places = graph.node('Range', [past, all, graph.int64(1)]);
  const table = graph.int8(randomFillSync(new Uint8Array(tokens * WIDTH)), [tokens, WIDTH]);
  const words = layers.scaled(
    graph.cast(graph.node('Gather', [table, 'input_ids']), 'float32'),
    1 / DEVIATION,
  );
  const placed = graph.node('Gather', [layers.floats([POSITIONS, WIDTH]), places]);
  let steps = layers.norm(layers.add(words, placed));

  // A token sees those before it: what is fed back, and what comes at the same time but earlier.
  const every = graph.node('Range', [graph.int64(0), all, graph.int64(1)]);
  const later = graph.node('Greater', [every, graph.node('Unsqueeze', [places, graph.int64([1])])]);
  const mask = layers.scaled(graph.cast(later, 'float32'), -10_000);
  const silent = graph.node('Sub', [graph.float32(1), graph.cast('encoder_mask', 'float32')]);
  const deaf = graph.node('Unsqueeze', [layers.scaled(silent, -10_000), graph.int64([1, 2])]);

  const heard = layers.quantised('encoder_embeddings');
  const hidden = [steps];
  for (let layer = 0; layer < decoderLayers; layer += 1) {
    const before = graph.node('Gather', ['decoder_mems', graph.int64(layer)], { axis: 0 });
    const known = graph.node('Concat', [before, steps], { axis: 1 });
    const own = layers.quantised(layers.norm(known));
    steps = layers.add(steps, attention(layers, { from: layers.norm(steps), to: own, mask }));
    steps = layers.add(
      steps,
      attention(layers, { from: layers.norm(steps), to: heard, mask: deaf }),
    );
    const inner = layers.linear(layers.quantised(layers.norm(steps)), WIDTH, INNER);
    const positive = layers.quantised(graph.node('Relu', [inner]));
    steps = layers.add(steps, layers.linear(positive, INNER, WIDTH));
    hidden.push(steps);
  }
  const last = layers.norm(steps);
  hidden.push(last);
  const stacked = hidden.map((one) => graph.node('Unsqueeze', [one, graph.int64([0])]));
  const fresh = graph.node('Concat', stacked, { axis: 0 });
  graph.node('Concat', ['decoder_mems', fresh], { axis: 2 }, 'decoder_hidden_states');
  const end = graph.node('Slice', [
    last,
    graph.int64([-1]),
    graph.int64([2 ** 31]),
    graph.int64([1]),
  ]);
  const scores = layers.linear(layers.quantised(end), WIDTH, tokens);
  graph.node('LogSoftmax', [scores], { axis: -1 }, 'logits');
  const { inputs, outputs } = decoderValues({ layers: decoderLayers + 2, tokens });
  return graph.model(inputs, outputs);
}

function attention(
  layers: Layers,
  { from, to, mask }: { from: string; to: readonly string[]; mask: string },
): string {
  const { graph } = layers;
  const queries = layers.heads(layers.linear(layers.quantised(from), WIDTH, WIDTH));
  const keys = layers.heads(layers.linear(to, WIDTH, WIDTH), [0, 2, 3, 1]);
  const values = layers.heads(layers.linear(to, WIDTH, WIDTH));
  const scores = layers.scaled(graph.node('MatMul', [queries, keys]), Math.sqrt(HEADS / WIDTH));
  return layers.attend(layers.add(scores, mask), values);
}
