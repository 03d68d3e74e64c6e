import type { LanguageLimits } from '../protocol/hosting.ts';
import type { LanguageTag } from '../protocol/ids.ts';
import { translationFor } from './demand.ts';
import type { DemandPeer } from './demand.ts';
import { sameLanguage } from './language.ts';
import type { Ability } from './language.ts';

/**
 * What is left of an engine's ability in a meeting whose hosts limit its languages: pairs into the
 * languages that are on, and of those into as many as may be translated at once. Who has been here
 * longest comes first. Pure, like `demand`.
 */
export function permitted<A extends Ability>(
  ability: A,
  peers: readonly DemandPeer[],
  { allowed, most }: LanguageLimits,
): A {
  const on = (target: LanguageTag): boolean =>
    allowed === null || allowed.some((tag) => sameLanguage(tag, target));
  const possible = { ...ability, pairs: ability.pairs.filter(({ target }) => on(target)) };
  if (most === null) return possible;
  const chosen = new Set([...wantedTargets(possible, peers)].slice(0, most));
  return { ...possible, pairs: possible.pairs.filter(({ target }) => chosen.has(target)) };
}

/** Languages that somebody is to be translated into, in order of those who want them. */
function wantedTargets(ability: Ability, peers: readonly DemandPeer[]): ReadonlySet<LanguageTag> {
  const targets = new Set<LanguageTag>();
  for (const listener of peers) {
    for (const speaker of peers) {
      const target = speaker.publishes && translationFor(speaker, listener, ability);
      if (target) targets.add(target);
    }
  }
  return targets;
}
