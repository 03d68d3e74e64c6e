import type { EngineInfo, PeerInfo, TranslationState } from '../server/protocol/events.ts';
import type { HearChoice, LanguageTag } from '../server/protocol/ids.ts';
import { explainLoss } from './degradation.ts';
import type { Loss } from './degradation.ts';
import { seconds } from './format.ts';
import { languageName, ownName } from './languages.ts';
import { m } from './paraglide/messages.js';
import { hearing, heardIn } from './translation.ts';
import type { Hearing } from './translation.ts';

/** What a person's card says. */
export interface PersonView {
  readonly name: string;
  readonly text: string;
  /** Amber: something does not work for this pair. */
  readonly warning: string | undefined;
  readonly interpreting: boolean;
  /** How far behind the voice that is speaking now is. */
  readonly lag: { readonly text: string; readonly late: boolean } | undefined;
}

/** How someone's words fare on the way to the listener, and what is missing of them. */
export interface Fare {
  readonly state?: TranslationState | undefined;
  readonly loss?: Loss | undefined;
}

const LATE_MS = 4_000;

/** Another participant, as the listener who hears `hear` sees them. */
export function describeOther(
  peer: PeerInfo,
  hear: HearChoice,
  engine: EngineInfo,
  fare: Fare = {},
): PersonView {
  if (peer.connection === 'reconnecting') return away(peer);
  const { untranslated = false, sharesSound = false } = peer;
  const how: Hearing = untranslated ? { kind: 'original' } : hearing(engine, peer.speak, hear);
  const silent = peer.microphone === 'none' && !sharesSound;
  const speaks = m.people_speaks({ language: ownName(peer.speak) });
  const parts: string[] = silent ? [m.people_listening_only()] : [speaks, ...heard(how)];
  if (untranslated && !silent) parts.push(m.people_not_translated());
  if (sharesSound) parts.push(m.people_shares_sound());
  if (peer.role === 'host') parts.unshift(m.people_host());
  if (peer.microphone === 'muted') parts.push(m.people_muted());
  const { state } = fare;
  const active = how.kind === 'translated' ? state?.state : undefined;
  return {
    name: peer.displayName,
    text: parts.join(' · '),
    warning: silent ? undefined : warningOf(how, engine, fare),
    interpreting: active === 'interpreting',
    lag: active === 'speaking' ? lagOf(state?.lagMs) : undefined,
  };
}

/** Their place is kept for a while. */
function away({ displayName }: PeerInfo): PersonView {
  return {
    name: displayName,
    text: m.people_reconnecting(),
    warning: undefined,
    interpreting: false,
    lag: undefined,
  };
}

function heard(how: Hearing): readonly string[] {
  if (how.kind !== 'translated') return [];
  const language = ownName(how.language);
  return how.via === undefined
    ? [m.people_you_hear({ language })]
    : [m.people_you_hear_via({ language, via: languageName(how.via) })];
}

function warningOf(how: Hearing, engine: EngineInfo, { state, loss }: Fare): string | undefined {
  if (how.kind === 'impossible') {
    return engine.state === 'ready' ? m.people_not_possible() : m.people_not_ready();
  }
  if (how.kind === 'original') return undefined;
  if (state?.limited) return m.people_limited();
  if (state?.state === 'unavailable') return explainLoss('translation', how.language);
  return loss && explainLoss(loss, how.language);
}

function lagOf(lagMs: number | undefined): PersonView['lag'] {
  return lagMs === undefined ? undefined : { text: seconds(lagMs), late: lagMs > LATE_MS };
}

/** What one's own card is about: the microphone as it is on this page. */
export type OwnState = Pick<PeerInfo, 'speak' | 'microphone' | 'untranslated' | 'sharesSound'>;

/** This person's own card: who understands them. */
export function describeSelf(
  own: OwnState,
  others: readonly Pick<PeerInfo, 'hear'>[],
  engine: EngineInfo,
): PersonView {
  const { speak, microphone, untranslated = false, sharesSound = false } = own;
  const languages = untranslated ? [] : heardIn(engine, speak, others);
  const silent = microphone === 'none' && !sharesSound;
  const speaks = m.people_you_speak({ language: ownName(speak) });
  const parts: string[] = [silent ? m.people_you_listen_only() : speaks];
  if (untranslated && !silent) parts.push(m.people_not_translated());
  if (sharesSound) parts.push(m.people_you_share_sound());
  if (microphone === 'muted') parts.push(m.people_muted());
  const [first] = languages;
  if (!silent && first !== undefined) {
    parts.push(
      languages.length === 1
        ? heardAs(hearing(engine, speak, first), first)
        : m.people_heard_in_languages({ count: languages.length }),
    );
  }
  const unneeded = !silent && !untranslated && others.length > 0 && languages.length === 0;
  const impossible = others.some(({ hear }) => hearing(engine, speak, hear).kind === 'impossible');
  if (unneeded && !impossible) parts.push(m.people_unneeded());
  return {
    name: m.call_you(),
    text: parts.join(' · '),
    warning:
      !silent && !untranslated && impossible && engine.state === 'ready'
        ? m.people_heard_as_is()
        : undefined,
    interpreting: false,
    lag: undefined,
  };
}

function heardAs(how: Hearing, tag: LanguageTag): string {
  const language = ownName(tag);
  return how.kind === 'translated' && how.via !== undefined
    ? m.people_heard_in_via({ language, via: languageName(how.via) })
    : m.people_heard_in({ language });
}
