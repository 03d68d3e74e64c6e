import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../onnx/model-error.ts';
import { listFolder, readDescription } from '../onnx/model-folder.ts';

export const GRAPHS = [
  'duration_predictor',
  'text_encoder',
  'vector_estimator',
  'vocoder',
] as const;
export type GraphName = (typeof GRAPHS)[number];

export const STYLES = ['M1', 'M2', 'M3', 'M4', 'M5', 'F1', 'F2', 'F3', 'F4', 'F5'] as const;
export type StyleName = (typeof STYLES)[number];

/** A part of a style, as the graphs take it. */
export interface StyleTensor {
  readonly dims: readonly [1, number, number];
  readonly data: Float32Array;
}

/** One person's way to speak: `ttl` colours the voice, `dp` its pace. */
export interface Style {
  readonly ttl: StyleTensor;
  readonly dp: StyleTensor;
}

/** What the graphs' arithmetic needs to know, from tts.json. */
export interface SupertonicShape {
  readonly sampleRate: number;
  /** Samples that one step of the latent stands for. */
  readonly samplesPerStep: number;
  readonly latentChannels: number;
}

export interface SupertonicFiles {
  readonly graphs: Readonly<Record<GraphName, string>>;
  readonly shape: SupertonicShape;
  /** By UTF-16 code unit: the number the graphs know it by, or -1. */
  readonly indexer: readonly number[];
  readonly styles: ReadonlyMap<StyleName, Style>;
}

const CONFIG = 'onnx/tts.json';
const INDEXER = 'onnx/unicode_indexer.json';
const graphFile = (name: GraphName): string => `onnx/${name}.onnx`;
const styleFile = (name: StyleName): string => `voice_styles/${name}.json`;
const MODEL_FILES = new Set([CONFIG, INDEXER, ...GRAPHS.map(graphFile), ...STYLES.map(styleFile)]);
/** What tells another network, another style or another table; notes and manifests are nobody's business. */
const FOREIGN = /\.(onnx|data|bin|pt|ort|safetensors)$|^(onnx|voice_styles)\/.*\.json$/;

const size = z.int().positive();
const configSchema = z.object({
  ae: z.object({ sample_rate: size, base_chunk_size: size }),
  ttl: z.object({ chunk_compress_factor: size, latent_dim: size }),
});
const indexerSchema = z.array(z.int().min(-1)).min(128);
const tensorSchema = z.object({
  dims: z.tuple([z.literal(1), size, size]),
  data: z.array(z.array(z.array(z.number()))),
});
const styleSchema = z.object({ style_ttl: tensorSchema, style_dp: tensorSchema });

/**
 * Reads a folder of Supertonic 3's form (Supertone/supertonic-3), all but the graphs' weights. Rejects
 * with a ModelError that names the file and the reason.
 */
export async function readSupertonic(directory: string): Promise<SupertonicFiles> {
  const names = new Set(await listFolder(directory));
  for (const name of names) {
    if (FOREIGN.test(name) && !MODEL_FILES.has(name)) {
      throw new ModelError(join(directory, name), 'does not belong to a Supertonic model');
    }
  }
  for (const name of MODEL_FILES) {
    if (!names.has(name)) throw new ModelError(join(directory, name), 'is missing');
  }
  const { ae, ttl } = await readDescription(join(directory, CONFIG), configSchema, 'a Supertonic');
  const styles = new Map<StyleName, Style>();
  for (const name of STYLES) styles.set(name, await readStyle(join(directory, styleFile(name))));
  const path = (name: GraphName): string => join(directory, graphFile(name));
  return {
    graphs: {
      duration_predictor: path('duration_predictor'),
      text_encoder: path('text_encoder'),
      vector_estimator: path('vector_estimator'),
      vocoder: path('vocoder'),
    },
    shape: {
      sampleRate: ae.sample_rate,
      samplesPerStep: ae.base_chunk_size * ttl.chunk_compress_factor,
      latentChannels: ttl.latent_dim * ttl.chunk_compress_factor,
    },
    indexer: await readDescription(join(directory, INDEXER), indexerSchema, 'a Supertonic'),
    styles,
  };
}

async function readStyle(path: string): Promise<Style> {
  const { style_ttl, style_dp } = await readDescription(path, styleSchema, 'a Supertonic');
  return { ttl: tensor(path, style_ttl), dp: tensor(path, style_dp) };
}

function tensor(path: string, { dims, data }: z.infer<typeof tensorSchema>): StyleTensor {
  const flat = Float32Array.from(data.flat(2));
  const [, rows, columns] = dims;
  if (flat.length !== rows * columns) {
    throw new ModelError(path, `has ${flat.length} numbers and not ${rows} times ${columns}`);
  }
  return { dims, data: flat };
}
