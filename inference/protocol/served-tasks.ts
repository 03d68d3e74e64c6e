import type { InferRequest } from './infer-body.ts';
import { identifyOutputs, LANGUAGE_MODEL, readIdentifyRequest } from './language-tensors.ts';
import type { TaskModels } from './task-models.ts';
import {
  readSpeechRequest,
  readVoiceRequest,
  SPEECH_MODEL,
  speechOutputs,
  VOICE_MODEL,
  voiceOutputs,
} from './task-tensors.ts';
import type { Tensor } from './tensors.ts';
import { readTextRequest, TEXT_MODEL, textOutputs } from './text-tensors.ts';

/** Models by the names that they have in addresses. */
export const MODELS = {
  speech: SPEECH_MODEL,
  voice: VOICE_MODEL,
  text: TEXT_MODEL,
  language: LANGUAGE_MODEL,
};
export type ModelName = keyof typeof MODELS;

/** Does what an infer request asks for. Rejects with an InferenceError. */
export type ServedTask = (asked: InferRequest, signal: AbortSignal) => Promise<Tensor[]>;

/** The tasks of an engine that it has a model for. */
export function servedTasks(models: TaskModels): ReadonlyMap<string, [ModelName, ServedTask]> {
  const text = models.text?.bind(models);
  const identify = models.identify?.bind(models);
  const tasks: [ModelName, ServedTask][] = [
    [
      'speech',
      async (asked, signal) => speechOutputs(await models.speech(readSpeechRequest(asked), signal)),
    ],
    [
      'voice',
      async (asked, signal) => voiceOutputs(await models.voice(readVoiceRequest(asked), signal)),
    ],
  ];
  if (text) {
    tasks.push([
      'text',
      async (asked, signal) => textOutputs(await text(readTextRequest(asked), signal)),
    ]);
  }
  if (identify) {
    tasks.push([
      'language',
      async (asked, signal) => identifyOutputs(await identify(readIdentifyRequest(asked), signal)),
    ]);
  }
  return new Map(tasks.map((task) => [task[0], task]));
}
