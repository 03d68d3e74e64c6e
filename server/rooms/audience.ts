import type { AudienceMember } from '../protocol/events.ts';
import type { DemandPeer } from './demand.ts';
import type { EngineView, TranslationStates } from './translation-states.ts';

/**
 * Who gets one speaker's words translated, and how far they are on the way to each: what a speaker
 * is told, so that they know whom to wait for.
 */
export function audienceOf(
  speaker: DemandPeer,
  peers: readonly DemandPeer[],
  states: TranslationStates,
  engine: EngineView,
): readonly AudienceMember[] {
  return peers.flatMap((listener) => {
    if (listener.peerId === speaker.peerId) return [];
    const state = states.between(speaker, listener, engine);
    if (state === undefined || state.state === 'unavailable') return [];
    const { language, lagMs } = state;
    return [
      {
        ...{ peerId: listener.peerId, language, state: state.state },
        ...(lagMs !== undefined && { lagMs }),
      },
    ];
  });
}

export function sameAudience(a: readonly AudienceMember[], b: readonly AudienceMember[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ peerId, language, state, lagMs }, index) => {
      const other = b[index];
      return (
        peerId === other?.peerId &&
        language === other.language &&
        state === other.state &&
        lagMs === other.lagMs
      );
    })
  );
}
