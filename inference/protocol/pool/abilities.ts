import { baseLanguage } from '../../routes/base-language.ts';
import type { EngineLanguages, LanguagePair, SpokenPair } from '../task-models.ts';

/** What one endpoint can do. */
export interface Abilities extends EngineLanguages {
  /** Languages that it speaks; undefined where it does not say, and should speak what it translates into. */
  readonly speaks: readonly string[] | undefined;
}

const same = (one: string, other: string): boolean => baseLanguage(one) === baseLanguage(other);

export function recognises({ recognises: known }: Abilities, source: string): boolean {
  return known.some((language) => same(language, source));
}

/** A text in its own language needs no translation. */
export function translatesSpeech({ pairs }: Abilities, pair: LanguagePair): boolean {
  return isAmong(pairs, pair);
}

export function translatesTexts(
  { texts }: Abilities,
  { source, targets }: { readonly source: string; readonly targets: readonly string[] },
): boolean {
  return targets.every((target) => isAmong(texts, { source, target }));
}

export function speaks({ speaks: said, pairs, recognises: known }: Abilities, language: string) {
  if (said !== undefined) return said.some((spoken) => same(spoken, language));
  const shown = [...known, ...pairs.map(({ target }) => target)];
  return shown.some((other) => same(other, language));
}

export function tellsApart({ identifies }: Abilities): boolean {
  return identifies.length > 0;
}

/** What all of them can do together: of two ways between two languages the shorter. */
export function together(all: readonly Abilities[]): EngineLanguages {
  const spoken = new Map<string, SpokenPair>();
  for (const pair of all.flatMap(({ pairs }) => pairs)) {
    const known = spoken.get(keyOf(pair));
    if (known === undefined || (known.via !== undefined && pair.via === undefined)) {
      spoken.set(keyOf(pair), pair);
    }
  }
  const texts = all.flatMap(({ texts: pairs }) => pairs);
  return {
    engine: unique(all.map(({ engine }) => engine)).join(', '),
    recognises: unique(all.flatMap(({ recognises: known }) => known)),
    pairs: [...spoken.values()],
    texts: [...new Map(texts.map((pair) => [keyOf(pair), pair])).values()],
    identifies: unique(all.flatMap(({ identifies }) => identifies)),
  };
}

function isAmong(pairs: readonly LanguagePair[], { source, target }: LanguagePair): boolean {
  if (same(source, target)) return true;
  return pairs.some((pair) => same(pair.source, source) && same(pair.target, target));
}

const keyOf = ({ source, target }: LanguagePair): string => `${source}>${target}`;
const unique = (names: readonly string[]): string[] => [...new Set(names)];
