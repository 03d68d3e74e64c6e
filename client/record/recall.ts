import type { CaptionEvent } from '../../server/protocol/events.ts';
import type { PeerId } from '../../server/protocol/ids.ts';
import type { RecordLine } from '../../server/protocol/record.ts';

/** What decides how a line looks to the one who reads it. */
export interface RecordReader {
  readonly selfId: PeerId | undefined;
  readonly hearOwn: boolean;
}

/** A line of the record as it would have been read when it was said: one's own words as spoken. */
export function captionOf(line: RecordLine, { selfId, hearOwn }: RecordReader): CaptionEvent {
  const { sequence, peerId, displayName, colour, source, original, startedAt } = line;
  const { gap, corrected } = line;
  const translation = peerId === selfId && !hearOwn ? undefined : line.translation;
  const spoken = { committed: original, tentative: '' };
  const base = {
    ...{ sequence, revision: 0, peerId, displayName, colour, source, startedAt },
    ...{ tentative: '', final: true },
    ...(gap && { gap }),
    ...(corrected && { corrected }),
  };
  if (!translation) return { ...base, ...spoken, language: source, spoken: false };
  return {
    ...base,
    language: translation.language,
    committed: translation.text,
    original: spoken,
    spoken: translation.spoken,
  };
}
