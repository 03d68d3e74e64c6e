import type { EngineInfo, PeerInfo, TranslationState } from '../server/protocol/events.ts';
import type { HearChoice, LanguageTag } from '../server/protocol/ids.ts';
import { ownName } from './languages.ts';
import { hearing, heardIn } from './translation.ts';

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

const LATE_MS = 4_000;

/** Another participant, as the listener who hears `hear` sees them. */
export function describeOther(
  peer: PeerInfo,
  hear: HearChoice,
  engine: EngineInfo,
  state: TranslationState | undefined,
): PersonView {
  if (peer.connection === 'reconnecting') return away(peer);
  const how = hearing(engine, peer.speak, hear);
  const speaks = `speaks ${ownName(peer.speak)}`;
  const parts = peer.microphone === 'none' ? ['listening only'] : [speaks, ...heard(how)];
  if (peer.microphone === 'muted') parts.push('muted');
  const active = how.kind === 'translated' ? state?.state : undefined;
  return {
    name: peer.displayName,
    text: parts.join(' · '),
    warning: peer.microphone === 'none' ? undefined : warningOf(how.kind, engine, active),
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

function heard(how: ReturnType<typeof hearing>): readonly string[] {
  return how.kind === 'translated' ? [`you hear ${ownName(how.language)}`] : [];
}

function warningOf(
  kind: ReturnType<typeof hearing>['kind'],
  engine: EngineInfo,
  state: TranslationState['state'] | undefined,
): string | undefined {
  if (kind === 'impossible') {
    return engine.state === 'ready'
      ? 'Translation not possible. You hear the original.'
      : 'Translation is not ready. You hear the original.';
  }
  return state === 'unavailable' || state === 'failed'
    ? 'Translation is unavailable. You hear the original.'
    : undefined;
}

function lagOf(lagMs: number | undefined): PersonView['lag'] {
  return lagMs === undefined
    ? undefined
    : { text: `${(lagMs / 1000).toFixed(1)} s`, late: lagMs > LATE_MS };
}

/** This person's own card: who understands them. */
export function describeSelf(
  speak: LanguageTag,
  microphone: PeerInfo['microphone'],
  others: readonly Pick<PeerInfo, 'hear'>[],
  engine: EngineInfo,
): PersonView {
  const languages = heardIn(engine, speak, others);
  const parts = [microphone === 'none' ? 'listening only' : `speak ${ownName(speak)}`];
  if (microphone === 'muted') parts.push('muted');
  const [first] = languages;
  if (microphone !== 'none' && first !== undefined) {
    parts.push(
      languages.length === 1
        ? `heard in ${ownName(first)}`
        : `heard in ${languages.length} languages`,
    );
  }
  const unneeded = microphone !== 'none' && others.length > 0 && languages.length === 0;
  const impossible = others.some(({ hear }) => hearing(engine, speak, hear).kind === 'impossible');
  if (unneeded && !impossible) parts.push('nobody here needs your words translated');
  return {
    name: 'You',
    text: parts.join(' · '),
    warning:
      microphone !== 'none' && impossible && engine.state === 'ready'
        ? 'Some here hear you as you are: their language is not possible.'
        : undefined,
    interpreting: false,
    lag: undefined,
  };
}
