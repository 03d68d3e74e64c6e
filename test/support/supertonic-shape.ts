import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GRAPHS, STYLES, type GraphName } from '../../inference/synthesize/supertonic-files.ts';
import { GraphBuilder, type Value } from './canary-onnx.ts';
import { seededRandom } from './seeded-random.ts';

/**
 * Graphs that cost about what Supertonic 3's cost: as many weights in each of the four as the published
 * files have (3.7, 36, 257 and 101 MB of float32), in blocks of ConvNeXt at the published rates of
 * time, the vector estimator with attention to the text between them. What they say means nothing, but
 * how long it takes to say is right: as many seconds as somebody needs for so many characters.
 */

const WIDTH = 512;
const TEXT_WIDTH = 256;
const CHANNELS = 144;
const STEP_SAMPLES = 3072;
const COMPRESS = 6;
const SECONDS_PER_CHARACTER = 0.065;
const TTL = [1, 50, 256] as const;
const DP = [1, 8, 16] as const;

const textIds: Value = { name: 'text_ids', type: 'int64', shape: ['batch', 'text'] };
const textMask: Value = { name: 'text_mask', type: 'float32', shape: ['batch', 1, 'text'] };
const styleDp: Value = { name: 'style_dp', type: 'float32', shape: ['batch', DP[1], DP[2]] };
const styleTtl: Value = { name: 'style_ttl', type: 'float32', shape: ['batch', TTL[1], TTL[2]] };
const textEmb: Value = { name: 'text_emb', type: 'float32', shape: ['batch', TEXT_WIDTH, 'text'] };
const scalar = (name: string): Value => ({ name, type: 'float32', shape: ['batch'] });
const latent = (name: string): Value => ({
  name,
  type: 'float32',
  shape: ['batch', CHANNELS, 'latent'],
});

/** Writes a folder of Supertonic's form. */
export async function writeVoiceShape(directory: string): Promise<void> {
  const nested = ([, rows, columns]: typeof TTL | typeof DP) => [
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0.1)),
  ];
  const style = JSON.stringify({
    style_ttl: { dims: TTL, data: nested(TTL) },
    style_dp: { dims: DP, data: nested(DP) },
  });
  const config = JSON.stringify({
    ae: { sample_rate: 44_100, base_chunk_size: STEP_SAMPLES / COMPRESS },
    ttl: { chunk_compress_factor: COMPRESS, latent_dim: CHANNELS / COMPRESS },
  });
  const indexer = JSON.stringify(Array.from({ length: 0x1_0000 }, (_, code) => code % 8000));
  const files: [string, string | Uint8Array][] = [
    ['onnx/tts.json', config],
    ['onnx/unicode_indexer.json', indexer],
    ...STYLES.map((name): [string, string] => [`voice_styles/${name}.json`, style]),
    ...GRAPHS.map((name): [string, Uint8Array] => [`onnx/${name}.onnx`, BUILD[name]()]),
  ];
  for (const [name, content] of files) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

const BUILD: Readonly<Record<GraphName, () => Uint8Array>> = {
  duration_predictor: () => {
    const layers = new Layers();
    const { graph } = layers;
    const hidden = layers.blocks(layers.characters(TEXT_WIDTH), TEXT_WIDTH, 2);
    const nothing = layers.nothing(
      graph.node('ReduceMean', [hidden], { axes: [1, 2], keepdims: 0 }),
    );
    const styled = layers.nothing(
      graph.node('ReduceSum', ['style_dp', graph.int64([1, 2])], { keepdims: 0 }),
    );
    const length = graph.node('ReduceSum', ['text_mask', graph.int64([1, 2])], { keepdims: 0 });
    const seconds = graph.node('Mul', [length, graph.float32(SECONDS_PER_CHARACTER)]);
    const all = graph.node('Add', [graph.node('Add', [seconds, nothing]), styled]);
    graph.node('Identity', [all], {}, 'duration');
    return graph.model([textIds, styleDp, textMask], [scalar('duration')]);
  },
  text_encoder: () => {
    const layers = new Layers();
    const { graph } = layers;
    const hidden = layers.blocks(layers.characters(WIDTH), WIDTH, 4);
    const styled = layers.attend(hidden, 'style_ttl', WIDTH);
    const given = layers.linear(styled, WIDTH, TEXT_WIDTH);
    graph.node('Transpose', [given], { perm: [0, 2, 1] }, 'text_emb');
    return graph.model([textIds, styleTtl, textMask], [textEmb]);
  },
  vector_estimator: () => {
    const layers = new Layers();
    const { graph } = layers;
    const text = graph.node('Transpose', ['text_emb'], { perm: [0, 2, 1] });
    let hidden = layers.linear(layers.steps('noisy_latent'), CHANNELS, WIDTH);
    for (let group = 0; group < 4; group += 1) {
      hidden = layers.blocks(hidden, WIDTH, 6);
      hidden = layers.attend(hidden, text, WIDTH);
      hidden = layers.attend(hidden, 'style_ttl', WIDTH);
    }
    hidden = layers.blocks(hidden, WIDTH, 4);
    const step = graph.node('Div', ['current_step', 'total_step']);
    const masks = graph.node('ReduceMean', ['text_mask'], { axes: [1, 2], keepdims: 1 });
    const column = graph.node('Mul', [graph.node('Unsqueeze', [step, graph.int64([1, 2])]), masks]);
    const timed = graph.node('Add', [hidden, layers.nothing(column)]);
    const moved = layers.steps(layers.linear(timed, WIDTH, CHANNELS));
    graph.node('Mul', [moved, 'latent_mask'], {}, 'denoised_latent');
    const inputs = [latent('noisy_latent'), textEmb, styleTtl, latentMask, textMask];
    return graph.model(
      [...inputs, scalar('current_step'), scalar('total_step')],
      [latent('denoised_latent')],
    );
  },
  vocoder: () => {
    const layers = new Layers();
    const { graph } = layers;
    const fine = graph.int64([0, -1, CHANNELS / COMPRESS]);
    const unfolded = graph.node('Reshape', [layers.steps('latent'), fine]);
    const wide = layers.linear(unfolded, CHANNELS / COMPRESS, WIDTH);
    const hidden = layers.blocks(wide, WIDTH, 12);
    const samples = layers.linear(hidden, WIDTH, STEP_SAMPLES / COMPRESS);
    const flat = graph.node('Reshape', [samples, graph.int64([0, -1])]);
    graph.node('Tanh', [flat], {}, 'wav_tts');
    const sound: Value = { name: 'wav_tts', type: 'float32', shape: ['batch', 'samples'] };
    return graph.model([latent('latent')], [sound]);
  },
};

const latentMask: Value = { name: 'latent_mask', type: 'float32', shape: ['batch', 1, 'latent'] };

/** Values are [batch, time, width]. */
class Layers {
  readonly graph = new GraphBuilder();
  /** All weights are made from one random matrix when the graph is loaded; each is its own in memory. */
  readonly #random: string;
  #weights = 0;

  constructor() {
    const random = seededRandom(11);
    const values = Array.from({ length: WIDTH * WIDTH }, () => (random() - 0.5) * 3.4);
    this.#random = this.graph.float32(values, [WIDTH, WIDTH]);
  }

  /** ConvNeXt: a convolution over time in each channel, then two layers across channels, added on. */
  blocks(input: string, width: number, count: number): string {
    let value = input;
    for (let block = 0; block < count; block += 1) {
      const mixed = this.#norm(this.#depthwise(value, width), width);
      const inner = this.graph.node('Relu', [this.linear(mixed, width, 4 * width)]);
      value = this.graph.node('Add', [value, this.linear(inner, 4 * width, width)]);
    }
    return value;
  }

  attend(input: string, seen: string, width: number): string {
    const { graph } = this;
    const queries = this.linear(input, width, width);
    const keys = this.linear(seen, TEXT_WIDTH, width);
    const values = this.linear(seen, TEXT_WIDTH, width);
    const turned = graph.node('Transpose', [keys], { perm: [0, 2, 1] });
    const scores = graph.node('Mul', [
      graph.node('MatMul', [queries, turned]),
      graph.float32(1 / Math.sqrt(width)),
    ]);
    const weights = graph.node('Softmax', [scores], { axis: -1 });
    const found = this.linear(graph.node('MatMul', [weights, values]), width, width);
    return graph.node('Add', [input, found]);
  }

  linear(input: string, from: number, to: number): string {
    return this.graph.node('MatMul', [input, this.#matrix(from, to)]);
  }

  characters(width: number): string {
    const known = this.graph.node('Mod', ['text_ids', this.graph.int64(WIDTH)]);
    const found = this.graph.node('Gather', [this.#random, known], { axis: 0 });
    const own = width === WIDTH ? found : this.linear(found, WIDTH, width);
    return this.graph.node('Mul', [
      own,
      this.graph.node('Transpose', ['text_mask'], { perm: [0, 2, 1] }),
    ]);
  }

  steps(input: string): string {
    return this.graph.node('Transpose', [input], { perm: [0, 2, 1] });
  }

  /** So that an input counts without changing anything. */
  nothing(value: string): string {
    return this.graph.node('Mul', [value, this.graph.float32(0)]);
  }

  #norm(input: string, width: number): string {
    const ones = this.graph.float32(Array.from({ length: width }, () => 1));
    return this.graph.node('LayerNormalization', [input, ones], { axis: -1 });
  }

  #depthwise(input: string, width: number): string {
    const kernel = this.graph.float32(
      Array.from({ length: width * 5 }, () => 0.2),
      [width, 1, 5],
    );
    const channels = this.steps(input);
    const attributes = { group: width, kernel_shape: [5], pads: [2, 2] };
    return this.steps(this.graph.node('Conv', [channels, kernel], attributes));
  }

  /** [from, to], scaled so that values stay of one size. */
  #matrix(from: number, to: number): string {
    const { graph } = this;
    const repeats = graph.int64([Math.ceil(from / WIDTH), Math.ceil(to / WIDTH)]);
    const tiled = graph.node('Tile', [this.#random, repeats]);
    const begin = graph.int64([0, 0]);
    const cut = graph.node('Slice', [tiled, begin, graph.int64([from, to]), graph.int64([0, 1])]);
    this.#weights += 1;
    const own = (1 + this.#weights / 1000) / Math.sqrt(from);
    return graph.node('Mul', [cut, graph.float32(own)]);
  }
}
