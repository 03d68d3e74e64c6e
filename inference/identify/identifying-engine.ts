import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { modelsDirectory, placesOf } from '../catalogue/places.ts';
import { ModelError } from '../onnx/model-error.ts';
import type {
  EngineLanguages,
  IdentifyRequest,
  IdentifyResult,
  SpeechRequest,
  SpeechResult,
  TaskModels,
  VoiceRequest,
  VoiceResult,
} from '../protocol/task-models.ts';
import { LanguageIdentifier, type IdentifierParts } from './identifier.ts';

/** The catalogue's identifier, where its folder is among the models. */
const MODEL = 'voxlingua107-ecapa';

/** An engine that tells languages apart as well. Owns both, and is ready as soon as the engine is. */
export class IdentifyingEngine implements TaskModels {
  readonly languages: EngineLanguages;
  readonly text: TaskModels['text'];
  readonly #engine: TaskModels;
  readonly #identifier: LanguageIdentifier;

  constructor(engine: TaskModels, identifier: LanguageIdentifier) {
    this.languages = { ...engine.languages, identifies: identifier.languages };
    this.text = engine.text?.bind(engine);
    this.#engine = engine;
    this.#identifier = identifier;
  }

  ready(): boolean {
    return this.#engine.ready();
  }

  async speech(request: SpeechRequest, signal: AbortSignal): Promise<SpeechResult> {
    return this.#engine.speech(request, signal);
  }

  async voice(request: VoiceRequest, signal: AbortSignal): Promise<VoiceResult> {
    return this.#engine.voice(request, signal);
  }

  async identify(request: IdentifyRequest, signal: AbortSignal): Promise<IdentifyResult> {
    return this.#identifier.identify(request, signal);
  }

  async close(): Promise<void> {
    await Promise.all([this.#engine.close(), this.#identifier.close()]);
  }
}

/**
 * The engine with the identifier that `options.identify` names: `off` is none, `auto` the one among
 * the models, if it is there and whole. A folder asked for by name that cannot be used rejects with a
 * ModelError, and closes the engine.
 */
export async function withIdentifier(
  engine: TaskModels,
  parts: IdentifierParts,
): Promise<TaskModels> {
  const { identify, models } = parts.options;
  if (identify === 'off') return engine;
  if (identify !== 'auto') {
    try {
      return new IdentifyingEngine(engine, await named(identify, parts));
    } catch (error) {
      await engine.close();
      throw error;
    }
  }
  const { folder } = placesOf(models || modelsDirectory(process.env), MODEL);
  if (!existsSync(folder)) return engine;
  try {
    return new IdentifyingEngine(engine, await LanguageIdentifier.create(folder, parts));
  } catch (error) {
    parts.log.error({ err: error, model: MODEL }, 'a model that is here cannot be used');
    return engine;
  }
}

async function named(folder: string, parts: IdentifierParts): Promise<LanguageIdentifier> {
  if (!isAbsolute(folder)) throw new ModelError(folder, 'is neither auto, off nor a whole path');
  return LanguageIdentifier.create(folder, parts);
}
