import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../onnx/model-error.ts';
import { listFolder, readDescription } from '../onnx/model-folder.ts';

/** What a folder of Xenova/m2m100_418M's form holds: int8 graphs, made by Optimum. */
export const ENCODER = 'onnx/encoder_model_quantized.onnx';
export const DECODER = 'onnx/decoder_model_merged_quantized.onnx';
const CONFIG = 'config.json';
const TOKENIZER = 'tokenizer.json';
const MODEL_FILES = [
  CONFIG,
  TOKENIZER,
  'tokenizer_config.json',
  'generation_config.json',
  ENCODER,
  DECODER,
];
/** What tells a network or a tokeniser of another kind; notes and manifests are nobody's business. */
const FOREIGN = /\.(onnx|onnx_data|data|bin|pt|ort|safetensors|model)$/;

const configSchema = z.object({
  model_type: z.literal('m2m_100'),
  is_encoder_decoder: z.literal(true),
  decoder_layers: z.int().positive(),
  eos_token_id: z.int().nonnegative(),
});
const tokenizerSchema = z.object({
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })),
});

export interface M2M100Files {
  readonly directory: string;
  /** The tokens of the languages that it knows, by their ISO 639 codes. */
  readonly languages: ReadonlyMap<string, number>;
  readonly decoderLayers: number;
  readonly endToken: number;
}

/**
 * Looks into a folder of M2M100's form without loading the weights. Rejects with a ModelError that names
 * the file and the reason.
 */
export async function readM2M100(directory: string): Promise<M2M100Files> {
  const names = await listFolder(directory);
  for (const name of MODEL_FILES) {
    if (!names.includes(name)) throw new ModelError(join(directory, name), 'is missing');
  }
  const foreign = names.find((name) => FOREIGN.test(name) && !MODEL_FILES.includes(name));
  if (foreign !== undefined) {
    throw new ModelError(join(directory, foreign), 'does not belong to an M2M100 model');
  }
  const config = await readDescription(join(directory, CONFIG), configSchema, 'an M2M100');
  const { added_tokens } = await readDescription(
    join(directory, TOKENIZER),
    tokenizerSchema,
    'an M2M100',
  );
  const languages = new Map(
    added_tokens.flatMap(({ id, content }): [string, number][] => {
      const language = /^__([a-z]{2,3})__$/.exec(content)?.[1];
      return language === undefined ? [] : [[language, id]];
    }),
  );
  if (!languages.has('en') || languages.size < 2) {
    throw new ModelError(
      join(directory, TOKENIZER),
      'has no tokens for English and another language',
    );
  }
  return {
    directory,
    languages,
    decoderLayers: config.decoder_layers,
    endToken: config.eos_token_id,
  };
}
