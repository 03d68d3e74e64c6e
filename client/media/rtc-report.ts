/** A peer connection's statistics (W3C webrtc-stats): entries are open records by specification. */
export type RtcReport = ReadonlyMap<string, unknown>;

/** A field of an entry, whatever it is. */
function field(entry: unknown, name: string): unknown {
  return typeof entry === 'object' && entry !== null
    ? new Map(Object.entries(entry)).get(name)
    : undefined;
}

/** A field that is text; empty where it is missing. */
export function text(entry: unknown, name: string): string {
  const value = field(entry, name);
  return typeof value === 'string' ? value : '';
}

/** A field that is a number; 0 where it is missing. */
export function number(entry: unknown, name: string): number {
  const value = field(entry, name);
  return typeof value === 'number' ? value : 0;
}

export function total(entries: readonly unknown[], name: string): number {
  return entries.reduce<number>((sum, entry) => sum + number(entry, name), 0);
}

/** What this end receives to be heard, one entry for each track. */
export function inboundTracks(report: RtcReport): readonly unknown[] {
  return [...report.values()].filter(
    (entry) => text(entry, 'type') === 'inbound-rtp' && text(entry, 'kind') !== 'video',
  );
}

/** The pair of candidates that media travels by. */
export function selectedPair(report: RtcReport): unknown {
  const entries = [...report.values()];
  const transport = entries.find((entry) => text(entry, 'type') === 'transport');
  // Firefox has no transport entry; it marks the pair itself.
  return (
    report.get(text(transport, 'selectedCandidatePairId')) ??
    entries.find(
      (entry) => text(entry, 'type') === 'candidate-pair' && field(entry, 'selected') === true,
    )
  );
}
