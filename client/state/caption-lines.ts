import type { CaptionEvent } from '../../server/protocol/events.ts';
import type { HearChoice } from '../../server/protocol/ids.ts';
import { m } from '../paraglide/messages.js';

/** Lines kept, as many as the server keeps; the oldest go first. */
export const MAX_LINES = 2_000;

/**
 * The conversation after one more caption. Lines are in order of `sequence`. A final line keeps its
 * words, unless its speaker says it differently: what else comes later may only mark it as spoken or
 * as having a gap. A final line without words or gap is removed: nothing was said after all.
 */
export function applyCaption(
  lines: readonly CaptionEvent[],
  caption: CaptionEvent,
): readonly CaptionEvent[] {
  const index = lines.findLastIndex((line) => line.sequence <= caption.sequence);
  const found = lines[index]?.sequence === caption.sequence ? lines[index] : undefined;
  if (found?.final === true) {
    const isLater = caption.corrected === true && caption.revision > found.revision;
    return lines.with(index, isLater ? caption : marked(found, caption));
  }
  const empty = caption.final && caption.committed.trim() === '' && caption.gap === undefined;
  if (found !== undefined) {
    return empty ? lines.toSpliced(index, 1) : lines.with(index, caption);
  }
  return empty ? lines : lines.toSpliced(index + 1, 0, caption).slice(-MAX_LINES);
}

function marked(line: CaptionEvent, later: CaptionEvent): CaptionEvent {
  if (line.language !== later.language) return line;
  const gap = line.gap ?? later.gap;
  const { revision } = later;
  return {
    ...line,
    revision,
    spoken: line.spoken || later.spoken,
    ...(gap === undefined ? {} : { gap }),
  };
}

/** The conversation after a change of "I hear": unfinished lines in another language end here. */
export function keepLanguage(
  lines: readonly CaptionEvent[],
  hear: HearChoice,
): readonly CaptionEvent[] {
  return lines.filter(
    (line) => line.final || line.language === (hear === 'original' ? line.source : hear),
  );
}

/** The conversation after coming back: what was unfinished is known again only if it is sent again. */
export function mergeHistory(
  lines: readonly CaptionEvent[],
  history: readonly CaptionEvent[],
): readonly CaptionEvent[] {
  return history.reduce(
    applyCaption,
    lines.filter((line) => line.final),
  );
}

/** The conversation with lines it lacks, such as those from before the page was loaded again. */
export function addMissing(
  lines: readonly CaptionEvent[],
  found: readonly CaptionEvent[],
): readonly CaptionEvent[] {
  const known = new Set(lines.map(({ sequence }) => sequence));
  const missing = found.filter(({ sequence }) => !known.has(sequence));
  return [...missing, ...lines].sort((a, b) => a.sequence - b.sequence).slice(-MAX_LINES);
}

/** Committed and tentative words as one text, with a space between them where words meet. */
export function separator(committed: string, tentative: string): '' | ' ' {
  const meet = /\S$/.test(committed) && /^[\p{L}\p{N}]/u.test(tentative);
  return meet ? ' ' : '';
}

/** What the caption strip shows: the last lines with words, oldest first. */
export function lastLines(lines: readonly CaptionEvent[], count: number): readonly CaptionEvent[] {
  const last: CaptionEvent[] = [];
  for (let index = lines.length - 1; index >= 0 && last.length < count; index -= 1) {
    const line = lines[index];
    if (line !== undefined && line.committed + line.tentative !== '') last.unshift(line);
  }
  return last;
}

/** Where words are missing, said in words. */
export function gapText(gap: NonNullable<CaptionEvent['gap']>): string {
  switch (gap) {
    case 'skipped':
      return m.captions_gap_skipped();
    case 'failed':
      return m.captions_gap_failed();
  }
}
