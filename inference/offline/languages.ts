import { InferenceError } from '../protocol/inference-error.ts';
import type { EngineLanguages } from '../protocol/task-models.ts';
import { baseLanguage } from '../routes/base-language.ts';
import { HUB, Routes } from '../routes/routes.ts';

/** Apertium's modes from English and into it. */
const MODES = {
  es: { from: 'eng-spa', into: 'spa-eng' },
  ca: { from: 'eng-cat', into: 'cat-eng' },
  gl: { from: 'en-gl', into: 'gl-en' },
  eo: { from: 'en-eo', into: 'eo-en' },
} as const;

export type OfflineTarget = keyof typeof MODES;
export const OFFLINE_TARGETS: readonly OfflineTarget[] = ['es', 'ca', 'gl', 'eo'];

const fromEnglish = OFFLINE_TARGETS.map((target) => ({ source: HUB, target }));
const intoEnglish = OFFLINE_TARGETS.map((source) => ({ source, target: HUB }));
const written = { engine: 'apertium', pairs: [...fromEnglish, ...intoEnglish] };

/** How a written text gets from one language into another. */
export const TEXT_ROUTES = new Routes(written, written);

/** What the offline engine can do with the models that Debian packages. */
export const OFFLINE_LANGUAGES: EngineLanguages = {
  engine: 'offline',
  recognises: [HUB],
  pairs: fromEnglish,
  texts: TEXT_ROUTES.pairs([HUB, ...OFFLINE_TARGETS]).map(({ source, target }) => ({
    source,
    target,
  })),
  identifies: [],
};

/** `from`: out of English; `into`: out of `other` into English. */
export function apertiumMode(other: OfflineTarget, direction: 'from' | 'into'): string {
  return MODES[other][direction];
}

/** Throws `badRequest` for a language that is not recognised. */
export function expectSource(tag: string): void {
  if (baseLanguage(tag) === HUB) return;
  throw new InferenceError('badRequest', `speech in '${tag}' is not recognised`);
}

/** Throws `badRequest` for a language that is not translated into. */
export function offlineTarget(tag: string): OfflineTarget {
  const base = baseLanguage(tag);
  const target = OFFLINE_TARGETS.find((language) => language === base);
  if (target) return target;
  throw new InferenceError('badRequest', `English is not translated into '${tag}'`);
}
