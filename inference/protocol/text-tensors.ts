import { bytes, signature, text, texts } from './fields.ts';
import type { InferRequest } from './infer-body.ts';
import { InferenceError } from './inference-error.ts';
import { MOST_CHARACTERS, type TextRequest, type TextResult } from './task-models.ts';
import type { Tensor } from './tensors.ts';

/** Tensors of the model `text`, both ways. */

export const TEXT_MODEL = {
  inputs: [
    signature('text', 'BYTES', [1]),
    signature('source', 'BYTES', [1]),
    signature('targets', 'BYTES', [-1]),
  ],
  outputs: [signature('translations', 'BYTES', [-1])],
};

export function textInputs(request: TextRequest): Tensor[] {
  return [
    bytes('text', [request.text]),
    bytes('source', [request.source]),
    bytes('targets', request.targets),
  ];
}

export function readTextRequest({ inputs }: Pick<InferRequest, 'inputs'>): TextRequest {
  const request = {
    text: text(inputs, 'text'),
    source: text(inputs, 'source'),
    targets: texts(inputs, 'targets'),
  };
  if (request.text.length <= MOST_CHARACTERS) return request;
  throw new InferenceError('badRequest', `the text is longer than ${MOST_CHARACTERS} characters`);
}

export function textOutputs({ translations }: TextResult): Tensor[] {
  return [bytes('translations', translations)];
}

/** `targets`: how many translations were asked for. */
export function readTextResult(outputs: readonly Tensor[], targets: number): TextResult {
  return { translations: texts(outputs, 'translations', targets) };
}
