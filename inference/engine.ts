import { isAbsolute } from 'node:path';
import type { Logger } from 'pino';
import { CatalogueError } from './catalogue/catalogue-error.ts';
import { openModel } from './catalogue/open-model.ts';
import { modelsDirectory } from './catalogue/places.ts';
import type { InferenceMetrics } from './metrics.ts';
import { OfflineEngine } from './offline/offline-engine.ts';
import { Voice } from './offline/voice/voice.ts';
import type { InferenceOptions } from './options.ts';
import type { TaskModels } from './protocol/task-models.ts';
import { CanaryEngine } from './translate/canary-engine.ts';
import type { CanaryOptions } from './translate/options.ts';
import { CanarySpeech } from './translate/speech.ts';

/** Speech models of the catalogue, the best first. */
const SPEECH_MODELS = ['canary-1b-v2', 'canary-1b-v2-int8', 'canary-180m-flash-int8'] as const;

export interface EngineParts {
  readonly options: InferenceOptions;
  readonly log: Logger;
  readonly metrics: InferenceMetrics;
}

/**
 * Starts the engine asked for: `offline`, a model of the catalogue, a folder with a model of Canary's
 * form, or with `auto` the best model that is here and otherwise the offline engine. Rejects when
 * what was asked for by name cannot be used.
 */
export async function startEngine(parts: EngineParts): Promise<TaskModels> {
  const { options, log } = parts;
  if (options.speech === 'offline') return OfflineEngine.start(parts);
  if (options.speech !== 'auto') return startCanary(await folderOf(options, options.speech), parts);
  for (const id of SPEECH_MODELS) {
    const folder = await folderOf(options, id).catch((error: unknown) => {
      const absent = error instanceof CatalogueError && error.kind === 'absent';
      if (!absent) log.error({ err: error, model: id }, 'a model that is here cannot be used');
    });
    if (folder !== undefined) return startCanary(folder, parts);
  }
  log.info('no speech model is here; the offline engine serves (npm run models -- pull standard)');
  return OfflineEngine.start(parts);
}

async function folderOf({ models }: InferenceOptions, speech: string): Promise<string> {
  if (isAbsolute(speech)) return speech;
  return (await openModel(models || modelsDirectory(process.env), speech)).folder;
}

async function startCanary(directory: string, parts: EngineParts): Promise<TaskModels> {
  const { options } = parts;
  const { device, threads, maxBatch, rereadMs, runDeadlineMs, loadDeadlineMs } = options.canary;
  const canary: CanaryOptions = {
    ...{ directory, device, threads, maxBatch, rereadMs, runDeadlineMs },
    logLevel: options.logLevel,
    openUtterances: options.waitingUtterances,
    waitingUtterances: options.waitingUtterances,
    maxUtteranceMs: Math.min(options.maxUtteranceMs, options.canary.maxUtteranceMs),
    idleUtteranceMs: options.idleUtteranceMs,
    waitDeadlineMs: options.recogniserDeadlineMs,
    startDeadlineMs: loadDeadlineMs,
    patienceMs: options.patienceMs,
    backoffMs: options.backoffMs,
    maxBackoffMs: options.maxBackoffMs,
  };
  const speech = await CanarySpeech.create({ ...parts, options: canary });
  return new CanaryEngine(speech, Voice.start(parts));
}
