import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../onnx/model-error.ts';
import { DECODER, ENCODER, type M2M100Files } from './model-files.ts';

/** What transformers.js tells of a graph that it has loaded. */
const loadedSchema = z.object({
  inputNames: z.array(z.string()),
  outputNames: z.array(z.string()),
});
const sessionsSchema = z.object({ model: loadedSchema, decoder_model_merged: loadedSchema });

/**
 * Compares loaded graphs with what Optimum exports of M2M100: an encoder, and a decoder whose cache has
 * a branch of its own. Throws a ModelError that names the file and the input or output.
 */
export function expectM2M100(sessions: unknown, { directory, decoderLayers }: M2M100Files): void {
  const { model, decoder_model_merged } = sessionsSchema.parse(sessions);
  expectNames(join(directory, ENCODER), model, {
    inputNames: ['input_ids', 'attention_mask'],
    outputNames: ['last_hidden_state'],
  });
  expectNames(join(directory, DECODER), decoder_model_merged, {
    inputNames: [
      ...['input_ids', 'encoder_attention_mask', 'encoder_hidden_states', 'use_cache_branch'],
      ...cacheNames('past_key_values', decoderLayers),
    ],
    outputNames: ['logits', ...cacheNames('present', decoderLayers)],
  });
}

function cacheNames(prefix: string, layers: number): readonly string[] {
  const parts = ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'];
  return Array.from({ length: layers }, (_, layer) =>
    parts.map((part) => `${prefix}.${layer}.${part}`),
  ).flat();
}

function expectNames(
  file: string,
  found: z.infer<typeof loadedSchema>,
  expected: z.infer<typeof loadedSchema>,
): void {
  for (const kind of ['inputNames', 'outputNames'] as const) {
    const word = kind === 'inputNames' ? 'input' : 'output';
    const missing = expected[kind].find((name) => !found[kind].includes(name));
    if (missing !== undefined) throw new ModelError(file, `has no ${word} '${missing}'`);
    const foreign = found[kind].find((name) => !expected[kind].includes(name));
    // What a graph gives beyond need does no harm; encoders of some exports give all their layers.
    if (foreign !== undefined && kind === 'inputNames') {
      throw new ModelError(file, `has a foreign ${word} '${foreign}'`);
    }
  }
}
