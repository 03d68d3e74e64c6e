import { z } from 'zod';
import { bytes, find, floats, signature, text, texts, vector } from './fields.ts';
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
import type { Tensor } from './tensors.ts';

/** Tensors of the models `speech` and `voice`, both ways: the code behind docs/inference-protocol.md. */

export const SPEECH_MODEL = {
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
    signature('lost', 'INT32', [-1]),
  ],
};

export const VOICE_MODEL = {
  inputs: [
    signature('text', 'BYTES', [1]),
    signature('language', 'BYTES', [1]),
    signature('voice', 'BYTES', [1]),
  ],
  outputs: [signature('audio', 'FP32', [-1]), signature('sample_rate', 'INT32', [1])],
};

export function speechInputs(request: SpeechRequest): Tensor[] {
  return [
    floats('audio', request.audio),
    bytes('source', [request.source]),
    bytes('targets', request.targets),
  ];
}

/** Triton's names for the parts of a stateful sequence, who speaks, and whether it is still wanted. */
export function sequenceParameters(request: SpeechRequest) {
  const { sequence, start, end, speaker, abandoned } = request;
  return {
    sequence_id: sequence,
    sequence_start: start,
    sequence_end: end,
    ...(speaker !== undefined && { speaker }),
    ...(abandoned && { abandoned }),
  };
}

/** Characters of a `speaker`, who is known by a number or a short id. */
const MOST_OF_A_NAME = 200;

const sequenceSchema = z.object({
  sequence_id: z.int().nonnegative(),
  sequence_start: z.boolean().default(false),
  sequence_end: z.boolean().default(false),
  speaker: z.string().max(MOST_OF_A_NAME).optional(),
  abandoned: z.boolean().default(false),
});

export function readSpeechRequest({ inputs, parameters }: InferRequest): SpeechRequest {
  const sequence = sequenceSchema.safeParse(parameters);
  if (!sequence.success) {
    throw new InferenceError('badRequest', z.prettifyError(sequence.error));
  }
  const { sequence_id, sequence_start, sequence_end, speaker, abandoned } = sequence.data;
  return {
    sequence: sequence_id,
    start: sequence_start,
    end: sequence_end,
    ...(speaker !== undefined && { speaker }),
    ...(abandoned && { abandoned }),
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
    {
      ...{ name: 'lost', datatype: 'INT32', shape: [translations.length] },
      data: Int32Array.from(translations, ({ lost = false }) => Number(lost)),
    },
  ];
}

/** `targets`: how many translations were asked for. */
export function readSpeechResult(outputs: readonly Tensor[], targets: number): SpeechResult {
  const committed = texts(outputs, 'committed', targets);
  const tentative = texts(outputs, 'tentative', targets);
  const lost = readLost(outputs, targets);
  return {
    transcript: {
      committed: text(outputs, 'transcript_committed'),
      tentative: text(outputs, 'transcript_tentative'),
    },
    translations: committed.map((said, i) => ({
      ...{ committed: said, tentative: tentative[i] ?? '' },
      ...(lost[i] !== 0 && { lost: true }),
    })),
    logprob: vector(outputs, 'logprob')[0] ?? 0,
  };
}

/** An output that a server may leave out. */
function readLost(outputs: readonly Tensor[], targets: number): Int32Array {
  if (!outputs.some(({ name }) => name === 'lost')) return new Int32Array(targets);
  const { data } = find(outputs, 'lost', 'INT32');
  if (data.length === targets) return data;
  throw new InferenceError('badRequest', `tensor 'lost' must be of ${targets} length`);
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

const pair = z.object({ source: z.string(), target: z.string() });

/** What the metadata of `speech` has in `parameters`. */
export const languagesSchema = z.object({
  engine: z.string(),
  recognises: z.array(z.string()),
  pairs: z.array(pair.extend({ via: z.string().exactOptional() })),
  texts: z.array(pair).default([]),
  identifies: z.array(z.string()).default([]),
});

/** What the metadata of `voice` may have there. */
export const spokenSchema = z.object({ languages: z.array(z.string()) });
