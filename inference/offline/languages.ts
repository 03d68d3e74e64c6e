import { InferenceError } from '../protocol/inference-error.ts';
import type { EngineLanguages } from '../protocol/task-models.ts';

/** Apertium's mode for each target of English speech. */
const MODES = { es: 'eng-spa', ca: 'eng-cat', gl: 'en-gl', eo: 'en-eo' } as const;

export type OfflineTarget = keyof typeof MODES;
export const OFFLINE_TARGETS: readonly OfflineTarget[] = ['es', 'ca', 'gl', 'eo'];

const SOURCE = 'en';

/** What the offline engine can do with the models that Debian packages. */
export const OFFLINE_LANGUAGES: EngineLanguages = {
  engine: 'offline',
  recognises: [SOURCE],
  pairs: OFFLINE_TARGETS.map((target) => ({ source: SOURCE, target })),
};

export function apertiumMode(target: OfflineTarget): string {
  return MODES[target];
}

/** Language of a BCP-47 tag, without its region or script. */
export function baseLanguage(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}

/** Throws `badRequest` for a language that is not recognised. */
export function expectSource(tag: string): void {
  if (baseLanguage(tag) === SOURCE) return;
  throw new InferenceError('badRequest', `speech in '${tag}' is not recognised`);
}

/** Throws `badRequest` for a language that is not translated into. */
export function offlineTarget(tag: string): OfflineTarget {
  const base = baseLanguage(tag);
  const target = OFFLINE_TARGETS.find((language) => language === base);
  if (target) return target;
  throw new InferenceError('badRequest', `English is not translated into '${tag}'`);
}
