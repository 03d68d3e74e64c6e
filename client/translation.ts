import type { EngineInfo, PeerInfo } from '../server/protocol/events.ts';
import type { HearChoice, LanguageTag } from '../server/protocol/ids.ts';
import { alphabetical, languageName, ownName, sameLanguage } from './languages.ts';
import { m } from './paraglide/messages.js';

/** How a listener hears one speaker. */
export type Hearing =
  | { readonly kind: 'original' }
  /** `via`: the language that the words go through on the way, where there is one. */
  | { readonly kind: 'translated'; readonly language: LanguageTag; readonly via?: LanguageTag }
  | { readonly kind: 'impossible'; readonly language: LanguageTag };

export function canTranslate(engine: EngineInfo, source: LanguageTag, target: LanguageTag) {
  return pairOf(engine, source, target) !== undefined;
}

function pairOf(engine: EngineInfo, source: LanguageTag, target: LanguageTag) {
  return engine.pairs.find(
    (pair) => sameLanguage(pair.source, source) && sameLanguage(pair.target, target),
  );
}

export function hearing(engine: EngineInfo, speak: LanguageTag, hear: HearChoice): Hearing {
  if (hear === 'original' || sameLanguage(speak, hear)) return { kind: 'original' };
  const pair = pairOf(engine, speak, hear);
  if (pair === undefined) return { kind: 'impossible', language: hear };
  return { kind: 'translated', language: hear, ...(pair.via !== undefined && { via: pair.via }) };
}

/** What there is to say of the two languages that a person chose; undefined when nothing is. */
export function pairNote(engine: EngineInfo, speak: LanguageTag, hear: HearChoice) {
  const how = hearing(engine, speak, hear);
  if (how.kind !== 'translated' || how.via === undefined) return undefined;
  return m.people_pair_via({
    source: ownName(speak),
    target: ownName(how.language),
    via: languageName(how.via),
  });
}

/** Languages into which one speaker's words are translated for these listeners, each once. */
export function heardIn(
  engine: EngineInfo,
  speak: LanguageTag,
  listeners: readonly Pick<PeerInfo, 'hear'>[],
): readonly LanguageTag[] {
  const languages = listeners.flatMap(({ hear }) => {
    const how = hearing(engine, speak, hear);
    return how.kind === 'translated' ? [how.language] : [];
  });
  return [...new Set(languages)];
}

/** A list in two parts: what this server's engine can do, and the rest. */
export interface LanguageSections {
  readonly able: readonly LanguageTag[];
  readonly unable: readonly LanguageTag[];
}

function split(able: (tag: LanguageTag) => boolean): LanguageSections {
  return {
    able: alphabetical.filter((tag) => able(tag)),
    unable: alphabetical.filter((tag) => !able(tag)),
  };
}

/** Languages that the engine translates into, in the order of their own names. */
export function targetsOf(engine: EngineInfo): readonly LanguageTag[] {
  const targets = new Set(engine.pairs.map(({ target }) => target));
  return [...targets].sort((a, b) => ownName(a).localeCompare(ownName(b), 'en'));
}

/** "I speak": languages whose speech the engine understands come first. */
export function speakSections(engine: EngineInfo): LanguageSections {
  return split((tag) => engine.recognises.some((known) => sameLanguage(known, tag)));
}

/** "I hear": languages the engine translates into come first, and those it writes down. */
export function hearSections(engine: EngineInfo): LanguageSections {
  return split(
    (tag) =>
      engine.pairs.some((pair) => sameLanguage(pair.target, tag)) ||
      engine.recognises.some((known) => sameLanguage(known, tag)),
  );
}

/** A language to try the engine with: what the speaker chose if it works, else the first that does. */
export function tryHearing(engine: EngineInfo, speak: LanguageTag, hear: HearChoice): HearChoice {
  if (hear !== 'original' && canTranslate(engine, speak, hear)) return hear;
  return engine.pairs.find((pair) => sameLanguage(pair.source, speak))?.target ?? hear;
}
