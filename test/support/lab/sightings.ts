import type { Line } from './participant.ts';
import type { Seen } from './page-watch.ts';

type Sound = 'translated' | 'original';
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When something was to be heard, as spans of time; the last one may go on. */
export function heard(seen: readonly Seen[], what: Sound): readonly Span[] {
  const changes = seen.flatMap((one) => (one.what === what ? [one] : []));
  return changes.flatMap(({ at, audible }, index) =>
    audible ? [{ from: at, to: changes[index + 1]?.at ?? Infinity }] : [],
  );
}

/** The first moment of a sound from `since` on; undefined when there was none. */
export function firstHeard(seen: readonly Seen[], what: Sound, since: number): number | undefined {
  const span = heard(seen, what).find(({ to }) => to > since);
  return span && Math.max(span.from, since);
}

/** The first beginning of a sound from `since` on: what sounds already does not count. */
export function firstBeginning(
  seen: readonly Seen[],
  what: Sound,
  since: number,
): number | undefined {
  return heard(seen, what).find(({ from }) => from >= since)?.from;
}

/** The longest time without a sound that began and ended within a span. */
export function longestSilence(seen: readonly Seen[], what: Sound, { from, to }: Span): number {
  const within = heard(seen, what).filter((span) => span.to >= from && span.from <= to);
  const silences = within
    .slice(1)
    .map((span, index) => span.from - (within[index]?.to ?? span.from));
  return Math.max(0, ...silences);
}

/** When packets of an original came first, from `since` on. */
export function firstPackets(seen: readonly Seen[], since: number): number | undefined {
  return seen.find(({ what, at }) => what === 'packets' && at >= since)?.at;
}

/** When words that were said from `since` on were first shown. */
export function firstLine(seen: readonly Seen[], since: number): number | undefined {
  return seen.find((one) => one.what === 'line' && one.startedAt >= since)?.at;
}

/** What status "Connection" has said from `since` on, beginning with what it said then. */
export function statuses(seen: readonly Seen[], since: number): readonly string[] {
  const all = seen.filter((one) => one.what === 'status');
  const before = all.findLast(({ at }) => at < since);
  const after = all.filter(({ at }) => at >= since);
  return [...(before ? [before] : []), ...after].map(({ text }) => text);
}

export interface Comparison {
  /** Lines the other has and this page has not. */
  readonly missing: number;
  /** Lines shown twice. */
  readonly repeated: number;
  readonly inOrder: boolean;
}

/** A page's lines beside those of a page that was there all the time. */
export function compare(lines: readonly Line[], complete: readonly Line[]): Comparison {
  const times = lines.map(({ startedAt }) => startedAt);
  const known = new Set(times);
  return {
    missing: complete.filter(({ startedAt }) => !known.has(startedAt)).length,
    repeated: times.length - known.size,
    inOrder: times.every((time, index) => time >= (times[index - 1] ?? 0)),
  };
}

/** The longest time within a span in which no packet of an original came. */
export function longestGap(seen: readonly Seen[], { from, to }: Span): number {
  const packets = seen.filter(({ what, at }) => what === 'packets' && at >= from && at <= to);
  const times = [from, ...packets.map(({ at }) => at), to];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** From the first word of each line that was said within a span to its final form, in milliseconds. */
export function captionDelays(seen: readonly Seen[], { from, to }: Span): readonly number[] {
  return seen.flatMap((one) =>
    one.what === 'final' && one.startedAt >= from && one.startedAt <= to
      ? [one.at - one.startedAt]
      : [],
  );
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
