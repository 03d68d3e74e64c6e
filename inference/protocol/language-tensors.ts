import { bytes, floats, signature, texts, vector } from './fields.ts';
import type { InferRequest } from './infer-body.ts';
import { InferenceError } from './inference-error.ts';
import type { IdentifyRequest, IdentifyResult } from './task-models.ts';
import type { Tensor } from './tensors.ts';

/** Tensors of the model `language`, both ways. */

export const LANGUAGE_MODEL = {
  inputs: [signature('audio', 'FP32', [-1]), signature('among', 'BYTES', [-1])],
  outputs: [signature('languages', 'BYTES', [-1]), signature('probabilities', 'FP32', [-1])],
};

export function identifyInputs({ audio, among }: IdentifyRequest): Tensor[] {
  return [floats('audio', audio), bytes('among', among)];
}

export function readIdentifyRequest({ inputs }: Pick<InferRequest, 'inputs'>): IdentifyRequest {
  return { audio: vector(inputs, 'audio'), among: texts(inputs, 'among') };
}

export function identifyOutputs({ languages }: IdentifyResult): Tensor[] {
  return [
    bytes(
      'languages',
      languages.map(({ language }) => language),
    ),
    floats(
      'probabilities',
      Float32Array.from(languages, ({ probability }) => probability),
    ),
  ];
}

export function readIdentifyResult(outputs: readonly Tensor[]): IdentifyResult {
  const probabilities = vector(outputs, 'probabilities');
  const found = texts(outputs, 'languages', probabilities.length);
  if (!probabilities.every((probability) => probability >= 0 && probability <= 1)) {
    throw new InferenceError('badRequest', `tensor 'probabilities' must be of 0 to 1`);
  }
  const languages = found.map((language, i) => ({ language, probability: probabilities[i] ?? 0 }));
  return { languages: languages.sort((a, b) => b.probability - a.probability) };
}
