import type { EngineInfo } from '../protocol/events.ts';
import type { HearChoice, LanguageTag } from '../protocol/ids.ts';

/** What the engine is known to translate and recognise. */
export type Ability = Pick<EngineInfo, 'pairs' | 'recognises'>;

export interface Pair {
  readonly source: LanguageTag;
  readonly target: LanguageTag;
}

/** Whether two tags name one spoken language: `en-GB` and `en-US` do (RFC 5646 section 2.2.1). */
export function sameLanguage(a: string, b: string): boolean {
  return primary(a) === primary(b);
}

/** Whether a listener who chose `hear` needs a speaker of `speak` translated. */
export function wantsTranslation(speak: LanguageTag, hear: HearChoice): hear is LanguageTag {
  return hear !== 'original' && !sameLanguage(speak, hear);
}

/** The engine's own pair for two languages: exact tags first, then the same languages. */
export function findPair(
  ability: Pick<Ability, 'pairs'>,
  speak: LanguageTag,
  hear: LanguageTag,
): Pair | undefined {
  return (
    ability.pairs.find(({ source, target }) => source === speak && target === hear) ??
    ability.pairs.find(
      ({ source, target }) => sameLanguage(source, speak) && sameLanguage(target, hear),
    )
  );
}

/** The engine's own tag for a language it recognises. */
export function findRecognised(ability: Ability, speak: LanguageTag): LanguageTag | undefined {
  return (
    ability.recognises.find((tag) => tag === speak) ??
    ability.recognises.find((tag) => sameLanguage(tag, speak))
  );
}

function primary(tag: string): string {
  const end = tag.indexOf('-');
  return end < 0 ? tag : tag.slice(0, end);
}
