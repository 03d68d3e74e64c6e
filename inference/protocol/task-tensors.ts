import { z } from 'zod';
import type { InferRequest } from './infer-body.ts';
import { InferenceError } from './inference-error.ts';
import {
  SPEECH_RATE,
  type EngineLanguages,
  type SpeechRequest,
  type SpeechResult,
  type VoiceRequest,
  type VoiceResult,
} from './task-models.ts';
import type { Datatype, Tensor } from './tensors.ts';

/** The two models' tensors, both ways: the code behind docs/inference-protocol.md. */

const signature = (name: string, datatype: Datatype, shape: readonly number[]) => ({
  name,
  datatype,
  shape,
});

/** Model metadata as `GET /v2/models/{name}` gives it; -1 is a dimension of any length. */
export const MODELS = {
  speech: {
    inputs: [
      signature('audio', 'FP32', [-1]),
      signature('source', 'BYTES', [1]),
      signature('targets', 'BYTES', [-1]),
    ],
    outputs: [
      signature('committed', 'BYTES', [-1]),
      signature('tentative', 'BYTES', [-1]),
      signature('transcript_committed', 'BYTES', [1]),
      signature('transcript_tentative', 'BYTES', [1]),
      signature('logprob', 'FP32', [1]),
    ],
  },
  voice: {
    inputs: [
      signature('text', 'BYTES', [1]),
      signature('language', 'BYTES', [1]),
      signature('voice', 'BYTES', [1]),
    ],
    outputs: [signature('audio', 'FP32', [-1]), signature('sample_rate', 'INT32', [1])],
  },
};
export type ModelName = keyof typeof MODELS;

const bytes = (name: string, data: readonly string[]): Tensor => ({
  name,
  datatype: 'BYTES',
  shape: [data.length],
  data,
});
const floats = (name: string, data: Float32Array): Tensor => ({
  name,
  datatype: 'FP32',
  shape: [data.length],
  data,
});

export function speechInputs(request: SpeechRequest): Tensor[] {
  return [
    floats('audio', request.audio),
    bytes('source', [request.source]),
    bytes('targets', request.targets),
  ];
}

/** Triton's names for the parts of a stateful sequence. */
export function sequenceParameters({ sequence, start, end }: SpeechRequest) {
  return { sequence_id: sequence, sequence_start: start, sequence_end: end };
}

const sequenceSchema = z.object({
  sequence_id: z.int().nonnegative(),
  sequence_start: z.boolean().default(false),
  sequence_end: z.boolean().default(false),
});

export function readSpeechRequest({ inputs, parameters }: InferRequest): SpeechRequest {
  const sequence = sequenceSchema.safeParse(parameters);
  if (!sequence.success) {
    throw new InferenceError('badRequest', z.prettifyError(sequence.error));
  }
  return {
    sequence: sequence.data.sequence_id,
    start: sequence.data.sequence_start,
    end: sequence.data.sequence_end,
    audio: vector(inputs, 'audio'),
    source: text(inputs, 'source'),
    targets: texts(inputs, 'targets'),
  };
}

export function speechOutputs({ transcript, translations, logprob }: SpeechResult): Tensor[] {
  return [
    bytes(
      'committed',
      translations.map(({ committed }) => committed),
    ),
    bytes(
      'tentative',
      translations.map(({ tentative }) => tentative),
    ),
    bytes('transcript_committed', [transcript.committed]),
    bytes('transcript_tentative', [transcript.tentative]),
    floats('logprob', Float32Array.of(logprob)),
  ];
}

/** `targets`: how many translations were asked for. */
export function readSpeechResult(outputs: readonly Tensor[], targets: number): SpeechResult {
  const committed = texts(outputs, 'committed', targets);
  const tentative = texts(outputs, 'tentative', targets);
  return {
    transcript: {
      committed: text(outputs, 'transcript_committed'),
      tentative: text(outputs, 'transcript_tentative'),
    },
    translations: committed.map((said, i) => ({ committed: said, tentative: tentative[i] ?? '' })),
    logprob: vector(outputs, 'logprob')[0] ?? 0,
  };
}

export function voiceInputs(request: VoiceRequest): Tensor[] {
  return [
    bytes('text', [request.text]),
    bytes('language', [request.language]),
    bytes('voice', [request.voice]),
  ];
}

export function readVoiceRequest({ inputs }: InferRequest): VoiceRequest {
  return {
    text: text(inputs, 'text'),
    language: text(inputs, 'language'),
    voice: text(inputs, 'voice'),
  };
}

export function voiceOutputs({ audio, sampleRate }: VoiceResult): Tensor[] {
  return [
    floats('audio', audio),
    { name: 'sample_rate', datatype: 'INT32', shape: [1], data: Int32Array.of(sampleRate) },
  ];
}

export function readVoiceResult(outputs: readonly Tensor[]): VoiceResult {
  const rate = find(outputs, 'sample_rate', 'INT32').data[0];
  if (rate === undefined || rate <= 0) {
    throw new InferenceError('badRequest', `tensor 'sample_rate' must be one positive number`);
  }
  return { audio: vector(outputs, 'audio'), sampleRate: rate };
}

/** The extra `parameters` object in the models' metadata. */
export function languageParameters(languages: EngineLanguages) {
  return { ...languages, sample_rate: SPEECH_RATE };
}

export const metadataSchema = z.object({
  parameters: z.object({
    engine: z.string(),
    recognises: z.array(z.string()),
    pairs: z.array(z.object({ source: z.string(), target: z.string() })),
  }),
});

function find<D extends Datatype>(
  tensors: readonly Tensor[],
  name: string,
  datatype: D,
): Extract<Tensor, { datatype: D }> {
  const found = tensors.find(
    (tensor): tensor is Extract<Tensor, { datatype: D }> =>
      tensor.name === name && tensor.datatype === datatype,
  );
  if (!found) throw new InferenceError('badRequest', `tensor '${name}' (${datatype}) is missing`);
  return found;
}

function vector(tensors: readonly Tensor[], name: string): Float32Array {
  const { shape, data } = find(tensors, name, 'FP32');
  if (shape.length !== 1) throw new InferenceError('badRequest', `tensor '${name}' must be flat`);
  return data;
}

function texts(tensors: readonly Tensor[], name: string, count?: number): readonly string[] {
  const { shape, data } = find(tensors, name, 'BYTES');
  if (shape.length !== 1 || (count !== undefined && data.length !== count)) {
    throw new InferenceError(
      'badRequest',
      `tensor '${name}' must be flat, of ${count ?? 'any'} length`,
    );
  }
  return data;
}

function text(tensors: readonly Tensor[], name: string): string {
  return texts(tensors, name, 1)[0] ?? '';
}
