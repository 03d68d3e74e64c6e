import { isAbsolute } from 'node:path';
import type { Logger } from 'pino';
import { CatalogueError } from './catalogue/catalogue-error.ts';
import { folderOf } from './catalogue/folder-of.ts';
import type { InferenceMetrics } from './metrics.ts';
import { withIdentifier } from './identify/identifying-engine.ts';
import { OfflineEngine } from './offline/offline-engine.ts';
import type { InferenceOptions } from './options.ts';
import type { TaskModels } from './protocol/task-models.ts';
import { startVoices } from './synthesize/start-voices.ts';
import type { VoiceEngine } from './synthesize/voice-engine.ts';
import { startTexts } from './translate-text/start-texts.ts';
import { CanaryEngine } from './translate/canary-engine.ts';
import type { CanaryOptions } from './translate/options.ts';
import { CanarySpeech } from './translate/speech.ts';

/** Speech models of the catalogue, the best first. */
const SPEECH_MODELS = ['canary-1b-v2', 'canary-1b-v2-int8', 'canary-180m-flash-int8'] as const;

/** A model of Canary's form in a folder, of which nothing else is known. */
const UNNAMED = 'canary';

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
  const voice = await startVoices(parts);
  try {
    return await withIdentifier(await startHearing({ ...parts, voice }), parts);
  } catch (error) {
    await voice.close();
    throw error;
  }
}

interface HearingParts extends EngineParts {
  readonly voice: VoiceEngine;
}

async function startHearing(parts: HearingParts): Promise<TaskModels> {
  const { options, log } = parts;
  const { models, speech } = options;
  if (speech === 'offline') return OfflineEngine.start(parts);
  if (speech !== 'auto') {
    const name = isAbsolute(speech) ? UNNAMED : speech;
    return startCanary({ name, directory: await folderOf(models, speech) }, parts);
  }
  for (const id of SPEECH_MODELS) {
    const folder = await folderOf(models, id).catch((error: unknown) => {
      const absent = error instanceof CatalogueError && error.kind === 'absent';
      if (!absent) log.error({ err: error, model: id }, 'a model that is here cannot be used');
    });
    if (folder !== undefined) return startCanary({ name: id, directory: folder }, parts);
  }
  log.info('no speech model is here; the offline engine serves (npm run models -- pull standard)');
  return OfflineEngine.start(parts);
}

interface NamedModel {
  readonly name: string;
  readonly directory: string;
}

async function startCanary(model: NamedModel, parts: HearingParts): Promise<TaskModels> {
  const { name, directory } = model;
  const { options } = parts;
  const { device, threads, maxBatch, rereadMs, runDeadlineMs, loadDeadlineMs } = options.canary;
  const canary: CanaryOptions = {
    ...{ directory, device, threads, maxBatch, rereadMs, runDeadlineMs },
    logLevel: options.logLevel,
    openUtterances: options.waitingUtterances,
    waitingUtterances: options.waitingUtterances,
    maxUtteranceMs: Math.min(options.maxUtteranceMs, options.canary.maxUtteranceMs),
    idleUtteranceMs: options.idleUtteranceMs,
    onwardDeadlineMs: options.m2m100.utteranceDeadlineMs,
    waitDeadlineMs: options.recogniserDeadlineMs,
    startDeadlineMs: loadDeadlineMs,
    patienceMs: options.patienceMs,
    backoffMs: options.backoffMs,
    maxBackoffMs: options.maxBackoffMs,
  };
  const texts = await startTexts(parts);
  try {
    const speech = await CanarySpeech.create({ ...parts, options: canary, texts });
    return new CanaryEngine(speech, parts.voice, texts, name);
  } catch (error) {
    await texts?.close();
    throw error;
  }
}
