import {
  STYLES,
  type GraphName,
  type StyleName,
} from '../../inference/synthesize/supertonic-files.ts';
import { GraphBuilder, type Value } from './canary-onnx.ts';

/**
 * Supertonic in small: graphs with the names, types and shapes of the published ones (inference.md §6),
 * whose arithmetic is simple enough to be followed in {@link ToySpeaker}. What they say depends on each
 * character, on both masks, on the style, on every step and its number, and on the noise.
 */

export const TOY_RATE = 8000;
const CHUNK = 40;
const COMPRESS = 3;
const LATENT = 2;
export const TOY_CHANNELS = LATENT * COMPRESS;
export const TOY_STEP_SAMPLES = CHUNK * COMPRESS;
const TTL = [1, 2, 3] as const;
const DP = [1, 2, 2] as const;
/** Seconds that a character of number 1 takes. */
const PACE = 0.0002;
const WIDTH = 2;

export const TOY_CONFIG = {
  ae: { sample_rate: TOY_RATE, base_chunk_size: CHUNK },
  ttl: { chunk_compress_factor: COMPRESS, latent_dim: LATENT },
};

const textIds: Value = { name: 'text_ids', type: 'int64', shape: ['batch', 'text'] };
const textMask: Value = { name: 'text_mask', type: 'float32', shape: ['batch', 1, 'text'] };
const styleDp: Value = { name: 'style_dp', type: 'float32', shape: ['batch', DP[1], DP[2]] };
const styleTtl: Value = { name: 'style_ttl', type: 'float32', shape: ['batch', TTL[1], TTL[2]] };
const latentOf = (name: string): Value => ({
  name,
  type: 'float32',
  shape: ['batch', TOY_CHANNELS, 'latent'],
});

export const TOY_VALUES: Readonly<
  Record<GraphName, { readonly inputs: readonly Value[]; readonly outputs: readonly Value[] }>
> = {
  duration_predictor: {
    inputs: [textIds, styleDp, textMask],
    outputs: [{ name: 'duration', type: 'float32', shape: ['batch'] }],
  },
  text_encoder: {
    inputs: [textIds, styleTtl, textMask],
    outputs: [{ name: 'text_emb', type: 'float32', shape: ['batch', WIDTH, 'text'] }],
  },
  vector_estimator: {
    inputs: [
      latentOf('noisy_latent'),
      { name: 'text_emb', type: 'float32', shape: ['batch', WIDTH, 'text'] },
      styleTtl,
      { name: 'latent_mask', type: 'float32', shape: ['batch', 1, 'latent'] },
      textMask,
      { name: 'current_step', type: 'float32', shape: ['batch'] },
      { name: 'total_step', type: 'float32', shape: ['batch'] },
    ],
    outputs: [latentOf('denoised_latent')],
  },
  vocoder: {
    inputs: [latentOf('latent')],
    outputs: [{ name: 'wav_tts', type: 'float32', shape: ['batch', 'samples'] }],
  },
};

/** The graph `name`; for a broken one, `change` says what its inputs and outputs are said to be. */
export function toyGraph(name: GraphName, values = TOY_VALUES[name]): Uint8Array {
  const graph = new GraphBuilder();
  BUILD[name](graph);
  return graph.model(values.inputs, values.outputs);
}

const BUILD: Readonly<Record<GraphName, (graph: GraphBuilder) => void>> = {
  duration_predictor(graph) {
    const numbers = graph.node('ReduceSum', [numbered(graph), graph.int64([1, 2])], {
      keepdims: 0,
    });
    const paced = graph.node('Mul', [numbers, graph.float32(PACE)]);
    const own = graph.node('ReduceSum', ['style_dp', graph.int64([1, 2])], { keepdims: 0 });
    graph.node('Add', [paced, own], {}, 'duration');
  },
  text_encoder(graph) {
    const own = graph.node('ReduceSum', ['style_ttl', graph.int64([1, 2])], { keepdims: 1 });
    const coloured = graph.node('Add', [numbered(graph), own]);
    graph.node('Concat', [coloured, coloured], { axis: 1 }, 'text_emb');
  },
  vector_estimator(graph) {
    const seen = graph.node('Mul', ['text_emb', 'text_mask']);
    const meaning = graph.node('ReduceMean', [seen], { axes: [1, 2], keepdims: 1 });
    const own = graph.node('ReduceMax', ['style_ttl'], { axes: [1, 2], keepdims: 1 });
    const next = graph.node('Add', ['current_step', graph.float32(1)]);
    const share = graph.node('Div', [next, 'total_step']);
    const column = graph.node('Unsqueeze', [share, graph.int64([1, 2])]);
    const goal = graph.node('Mul', [graph.node('Add', [meaning, own]), column]);
    const half = graph.node('Mul', ['noisy_latent', graph.float32(0.5)]);
    const moved = graph.node('Add', [half, goal]);
    graph.node('Mul', [moved, 'latent_mask'], {}, 'denoised_latent');
  },
  vocoder(graph) {
    const steps = graph.node('Transpose', ['latent'], { perm: [0, 2, 1] });
    const flat = graph.node('Reshape', [steps, graph.int64([0, -1, 1])]);
    const held = graph.node('Tile', [flat, graph.int64([1, 1, TOY_STEP_SAMPLES / TOY_CHANNELS])]);
    const quiet = graph.node('Mul', [held, graph.float32(0.001)]);
    graph.node('Reshape', [quiet, graph.int64([0, -1])], {}, 'wav_tts');
  },
};

/** The characters' numbers that count, [batch, 1, text]. */
function numbered(graph: GraphBuilder): string {
  const ids = graph.node('Unsqueeze', [graph.cast('text_ids', 'float32'), graph.int64([1])]);
  return graph.node('Mul', [ids, 'text_mask']);
}

/** The number of each character: its code, but for those that the toy does not know. */
export function toyIndexer(): readonly number[] {
  return Array.from({ length: 0x1_0000 }, (_, code) => (code < 0x500 ? code : -1));
}

interface ToyStyle {
  readonly ttl: readonly number[];
  readonly dp: readonly number[];
}

export function toyStyle(name: StyleName): ToyStyle {
  const place = STYLES.indexOf(name) + 1;
  return {
    ttl: Array.from({ length: TTL[1] * TTL[2] }, (_, at) => place * 10 + at),
    dp: Array.from({ length: DP[1] * DP[2] }, (_, at) => (place + at) * 0.001),
  };
}

/** A style's file: nested as its dimensions are. */
export function toyStyleFile(name: StyleName): string {
  const { ttl, dp } = toyStyle(name);
  const nested = (values: readonly number[], [, rows, columns]: typeof TTL | typeof DP) => [
    Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns)),
  ];
  return JSON.stringify({
    style_ttl: { dims: TTL, data: nested(ttl, TTL) },
    style_dp: { dims: DP, data: nested(dp, DP) },
  });
}

/** What must come out of the toy's graphs, computed by itself from what went in. */
export class ToySpeaker {
  readonly steps: number;
  readonly speed: number;

  constructor(steps: number, speed: number) {
    this.steps = steps;
    this.speed = speed;
  }

  samples(ids: readonly number[], style: StyleName): number {
    return Math.floor((this.#seconds(ids, style) / this.speed) * TOY_RATE);
  }

  /** `noise`: of channels times steps of latent, as the model is given it. */
  sound(ids: readonly number[], style: StyleName, noise: Float32Array): Float32Array {
    const { ttl } = toyStyle(style);
    const samples = this.samples(ids, style);
    const length = Math.ceil(samples / TOY_STEP_SAMPLES);
    const meaning = sum(ids) / ids.length + sum(ttl);
    const latent = Float32Array.from(noise);
    for (let step = 0; step < this.steps; step += 1) {
      const goal = ((meaning + Math.max(...ttl)) * (step + 1)) / this.steps;
      for (const [at, value] of latent.entries()) latent[at] = value * 0.5 + goal;
    }
    const held = TOY_STEP_SAMPLES / TOY_CHANNELS;
    return Float32Array.from({ length: samples }, (_, at) => {
      const step = Math.floor(at / TOY_STEP_SAMPLES);
      const channel = Math.floor((at % TOY_STEP_SAMPLES) / held);
      return 0.001 * (latent[channel * length + step] ?? Number.NaN);
    });
  }

  #seconds(ids: readonly number[], style: StyleName): number {
    // In single precision, as the graph does.
    const paced = Math.fround(sum(ids) * Math.fround(PACE));
    return Math.fround(paced + Math.fround(sum(toyStyle(style).dp)));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
