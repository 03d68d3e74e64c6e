import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Device } from '../onnx/devices.ts';
import { ModelError } from '../onnx/model-error.ts';
import { MELS } from './mel.ts';
import { Vocabulary, VocabularyError } from './vocabulary.ts';

export type Precision = 'int8' | 'fp32';

export interface GraphFiles {
  readonly precision: Precision;
  readonly encoder: string;
  readonly decoder: string;
}

export interface ModelFiles {
  readonly directory: string;
  readonly vocabulary: Vocabulary;
  readonly graphs: readonly GraphFiles[];
}

/** The file that a graph's weights are in where they are too large for it; its name is in the graph. */
const ENCODER_DATA = 'encoder-model.onnx.data';

/** What the published directories hold: istupakov/canary-1b-v2-onnx and its siblings. */
const GRAPHS: Readonly<Record<Precision, readonly string[]>> = {
  int8: ['encoder-model.int8.onnx', 'decoder-model.int8.onnx'],
  fp32: ['encoder-model.onnx', 'decoder-model.onnx', ENCODER_DATA],
};
const OPTIONAL = new Set([ENCODER_DATA]);
const MODEL_FILES = new Set(['config.json', 'vocab.txt', ...GRAPHS.int8, ...GRAPHS.fp32]);
/** What tells a network or a tokeniser of another kind; notes and manifests are nobody's business. */
const FOREIGN = /\.(onnx|data|bin|pt|nemo|safetensors|model)$|^tokens\.txt$/;

const configSchema = z.object({
  model_type: z.literal('nemo-conformer-aed'),
  features_size: z.literal(MELS),
});

/** Looks into a model's directory without loading its weights. Throws a ModelError. */
export async function readModelDirectory(directory: string): Promise<ModelFiles> {
  const names = new Set(await listed(directory));
  for (const name of names) {
    if (FOREIGN.test(name) && !MODEL_FILES.has(name)) {
      throw new ModelError(join(directory, name), 'does not belong to a Canary model');
    }
  }
  await readConfig(join(directory, 'config.json'));
  const vocabulary = await readVocabulary(join(directory, 'vocab.txt'));
  return { directory, vocabulary, graphs: graphsAmong(directory, names) };
}

/** The graphs that suit a device best: int8 has no kernels on a graphics card, and is faster here. */
export function graphsFor(device: Device, { graphs }: ModelFiles): GraphFiles {
  const wanted: Precision = device === 'cuda' ? 'fp32' : 'int8';
  const found = graphs.find(({ precision }) => precision === wanted) ?? graphs[0];
  if (found === undefined) throw new Error('a model without graphs');
  return found;
}

async function listed(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new ModelError(directory, `the model directory cannot be read (${codeOf(cause)})`, {
      cause,
    });
  }
}

async function contents(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ModelError(path, codeOf(cause) === 'ENOENT' ? 'is missing' : codeOf(cause), {
      cause,
    });
  }
}

async function readConfig(path: string): Promise<void> {
  const text = await contents(path);
  try {
    configSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ModelError(path, `is not of a Canary model with ${MELS} mel bands`, { cause });
  }
}

async function readVocabulary(path: string): Promise<Vocabulary> {
  const text = await contents(path);
  try {
    return Vocabulary.parse(text);
  } catch (cause) {
    throw cause instanceof VocabularyError ? new ModelError(path, cause.message, { cause }) : cause;
  }
}

function graphsAmong(directory: string, names: ReadonlySet<string>): readonly GraphFiles[] {
  const found: GraphFiles[] = [];
  for (const precision of ['int8', 'fp32'] as const) {
    const files = GRAPHS[precision];
    const missing = files.filter((name) => !names.has(name) && !OPTIONAL.has(name));
    const [encoder = '', decoder = ''] = files.map((name) => join(directory, name));
    if (missing.length === 0) found.push({ precision, encoder, decoder });
    else if (missing.length < files.filter((name) => !OPTIONAL.has(name)).length) {
      throw new ModelError(join(directory, missing[0] ?? ''), 'is missing');
    }
  }
  if (found.length === 0) {
    throw new ModelError(
      join(directory, GRAPHS.int8[0] ?? ''),
      'is missing, and no other is there',
    );
  }
  return found;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : basename(String(error));
}
