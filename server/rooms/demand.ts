import type { HearChoice, LanguageTag, PeerId } from '../protocol/ids.ts';
import { findPair, findRecognised, wantsTranslation } from './language.ts';
import type { Ability } from './language.ts';

/** What demand depends on, of one person. */
export interface DemandPeer {
  readonly peerId: PeerId;
  readonly speak: LanguageTag;
  readonly hear: HearChoice;
  readonly hearOwn: boolean;
  /** Those this person hears as they are, whatever "I hear" is; absent: nobody. */
  readonly originals?: ReadonlySet<PeerId>;
  /** Does not agree to the machine hearing them; absent: agrees. */
  readonly untranslated?: boolean;
  /** Sends a microphone or tab, muted or not. */
  readonly publishes: boolean;
  /** Sends a camera or screen; absent: neither. */
  readonly shows?: boolean;
  /** Has a transport to receive on. */
  readonly receives: boolean;
}

/** A language one speaker is wanted in. Without `voiced`, as captions only. */
export interface WantedTarget {
  readonly language: LanguageTag;
  readonly voiced: boolean;
}

/** Work on one speaker; nobody who is not in the map is listened to. */
export interface SpeakerDemand {
  /** The engine's tag for the language spoken. */
  readonly language: LanguageTag;
  /** In a fixed order, each language once. */
  readonly targets: readonly WantedTarget[];
}

/** Tracks of one other peer that a listener should receive. */
export interface WantedTracks {
  readonly of: PeerId;
  /** What they send themselves: sound and pictures. */
  readonly original: boolean;
  /** The language of the translated track. */
  readonly translation?: LanguageTag;
}

export interface Demand {
  readonly speakers: ReadonlyMap<PeerId, SpeakerDemand>;
  readonly listeners: ReadonlyMap<PeerId, readonly WantedTracks[]>;
}

/**
 * Who must be recognised, translated and voiced, and who receives which tracks. Pure: the same
 * people and the same engine always give the same answer, so a room may compute it after any change
 * and apply the difference.
 */
export function demand(peers: readonly DemandPeer[], ability: Ability): Demand {
  const speakers = new Map<PeerId, SpeakerDemand>();
  for (const speaker of peers) {
    const heard = peers.length > 1 || speaker.hearOwn;
    const wanted = speaker.publishes && speaker.untranslated !== true && heard;
    const language = findRecognised(ability, speaker.speak);
    if (!wanted || language === undefined) continue;
    speakers.set(speaker.peerId, { language, targets: targets(speaker, peers, ability) });
  }
  const listeners = new Map(
    peers
      .filter((listener) => listener.receives)
      .map((listener) => [listener.peerId, tracks(listener, peers, ability)]),
  );
  return { speakers, listeners };
}

/** Whether `listener` has asked for the original of `speaker` alone. */
export function hearsAsIs(
  speaker: Pick<DemandPeer, 'peerId'>,
  listener: Pick<DemandPeer, 'originals'>,
): boolean {
  return listener.originals?.has(speaker.peerId) === true;
}

/** The language `listener` gets `speaker` translated into, if that is wanted and possible. */
export function translationFor(
  speaker: DemandPeer,
  listener: DemandPeer,
  ability: Ability,
): LanguageTag | undefined {
  if (speaker.peerId === listener.peerId && !listener.hearOwn) return undefined;
  if (speaker.untranslated === true || hearsAsIs(speaker, listener)) return undefined;
  if (!wantsTranslation(speaker.speak, listener.hear)) return undefined;
  if (findRecognised(ability, speaker.speak) === undefined) return undefined;
  return findPair(ability, speaker.speak, listener.hear)?.target;
}

function targets(
  speaker: DemandPeer,
  peers: readonly DemandPeer[],
  ability: Ability,
): readonly WantedTarget[] {
  const voiced = new Map<LanguageTag, boolean>();
  for (const listener of peers) {
    const language = translationFor(speaker, listener, ability);
    if (language === undefined) continue;
    voiced.set(language, listener.receives || voiced.get(language) === true);
  }
  return [...voiced]
    .map(([language, isVoiced]) => ({ language, voiced: isVoiced }))
    .sort((a, b) => (a.language < b.language ? -1 : 1));
}

function tracks(
  listener: DemandPeer,
  peers: readonly DemandPeer[],
  ability: Ability,
): readonly WantedTracks[] {
  return peers
    .filter((speaker) => speaker.publishes || speaker.shows)
    .map((speaker) => {
      const translation = speaker.publishes
        ? translationFor(speaker, listener, ability)
        : undefined;
      return {
        of: speaker.peerId,
        original: speaker.peerId !== listener.peerId,
        ...(translation !== undefined && { translation }),
      };
    })
    .filter((wanted) => wanted.original || wanted.translation !== undefined);
}
