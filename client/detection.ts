import type { EngineInfo } from '../server/protocol/events.ts';
import type { LanguageTag } from '../server/protocol/ids.ts';
import { alphabetical, matchLanguage, sameLanguage } from './languages.ts';

/** What "I speak: Detect" starts with. */
export interface Detecting {
  readonly allowed: readonly LanguageTag[];
  /** Taken to be spoken until more is known. */
  readonly speak: LanguageTag;
}

/** Languages that this server's engine tells apart and understands, by their own names. */
export function detectable(
  engine: Pick<EngineInfo, 'identifies' | 'recognises'>,
): readonly LanguageTag[] {
  const knows = (tags: readonly LanguageTag[], tag: LanguageTag): boolean =>
    tags.some((known) => sameLanguage(known, tag));
  return alphabetical.filter(
    (tag) => knows(engine.identifies, tag) && knows(engine.recognises, tag),
  );
}

/** "Detect" takes at least two languages to tell apart. */
export function canDetect(engine: Pick<EngineInfo, 'identifies' | 'recognises'>): boolean {
  return detectable(engine).length > 1;
}

/** A first guess at what somebody may speak: their browser's languages. */
export function guessAllowed(preferred: readonly string[]): readonly LanguageTag[] {
  return [...new Set(preferred.flatMap((tag) => matchLanguage(tag) ?? []))];
}

/**
 * Detection among these languages and the one spoken so far, as far as the engine can; where that is
 * only one, English or the engine's first joins it.
 */
export function startDetecting(
  engine: Pick<EngineInfo, 'identifies' | 'recognises'>,
  allowed: readonly LanguageTag[],
  speak: LanguageTag,
): Detecting {
  const possible = detectable(engine);
  const wanted = [...new Set([...allowed, speak])].filter((tag) => possible.includes(tag));
  const others = ['en', ...possible].flatMap((tag) => matchLanguage(tag) ?? []);
  const extra = others.filter((tag) => possible.includes(tag) && !wanted.includes(tag));
  const chosen = [...new Set([...wanted, ...extra.slice(0, Math.max(0, 2 - wanted.length))])];
  return { allowed: chosen, speak: chosen.includes(speak) ? speak : (chosen[0] ?? speak) };
}
