import type { MediaStats, SpeakerKey } from '../../media/messages.ts';
import { LanguageTag } from '../protocol/ids.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { CallStats } from '../protocol/stats.ts';

/** What a media process tells, in the words of the protocol; only of the speakers given. */
export function callStats(
  { stages, speakers }: MediaStats,
  known: ReadonlyMap<SpeakerKey, PeerId>,
): CallStats {
  return {
    stages,
    speakers: speakers.flatMap(({ speaker, languages, ...counts }) => {
      const peerId = known.get(speaker);
      if (peerId === undefined) return [];
      const named = languages.map((each) => ({
        ...each,
        language: LanguageTag.parse(each.language),
      }));
      return [{ ...counts, peerId, languages: named }];
    }),
  };
}
