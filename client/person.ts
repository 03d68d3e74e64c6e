import type { EngineInfo, PeerInfo, TranslationState } from '../server/protocol/events.ts';
import type { HearChoice } from '../server/protocol/ids.ts';
import { explainLoss } from './degradation.ts';
import type { Loss } from './degradation.ts';
import { ownName } from './languages.ts';
import { hearing, heardIn, viaInWords } from './translation.ts';
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
  const speaks = `speaks ${ownName(peer.speak)}`;
  const parts = silent ? ['listening only'] : [speaks, ...heard(how)];
  if (untranslated && !silent) parts.push('not translated');
  if (sharesSound) parts.push('shares sound');
  if (peer.role === 'host') parts.unshift('host');
  if (peer.microphone === 'muted') parts.push('muted');
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
    text: 'reconnecting…',
    warning: undefined,
    interpreting: false,
    lag: undefined,
  };
}

function heard(how: Hearing): readonly string[] {
  return how.kind === 'translated' ? [`you hear ${ownName(how.language)}${viaInWords(how)}`] : [];
}

function warningOf(how: Hearing, engine: EngineInfo, { state, loss }: Fare): string | undefined {
  if (how.kind === 'impossible') {
    return engine.state === 'ready'
      ? 'Translation not possible. You hear the original.'
      : 'Translation is not ready. You hear the original.';
  }
  if (how.kind === 'original') return undefined;
  if (state?.limited) return 'The host limits the languages here. You hear the original.';
  if (state?.state === 'unavailable') return explainLoss('translation', how.language);
  return loss && explainLoss(loss, how.language);
}

function lagOf(lagMs: number | undefined): PersonView['lag'] {
  return lagMs === undefined
    ? undefined
    : { text: `${(lagMs / 1000).toFixed(1)} s`, late: lagMs > LATE_MS };
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
  const parts = [silent ? 'listening only' : `speak ${ownName(speak)}`];
  if (untranslated && !silent) parts.push('not translated');
  if (sharesSound) parts.push('share sound');
  if (microphone === 'muted') parts.push('muted');
  const [first] = languages;
  if (!silent && first !== undefined) {
    parts.push(
      languages.length === 1
        ? `heard in ${ownName(first)}${viaInWords(hearing(engine, speak, first))}`
        : `heard in ${languages.length} languages`,
    );
  }
  const unneeded = !silent && !untranslated && others.length > 0 && languages.length === 0;
  const impossible = others.some(({ hear }) => hearing(engine, speak, hear).kind === 'impossible');
  if (unneeded && !impossible) parts.push('nobody here needs your words translated');
  return {
    name: 'You',
    text: parts.join(' · '),
    warning:
      !silent && !untranslated && impossible && engine.state === 'ready'
        ? 'Some here hear you as you are: their language is not possible.'
        : undefined,
    interpreting: false,
    lag: undefined,
  };
}
