/** How media travels, as the interface says it. */
export type Path = 'UDP' | 'TCP' | 'relay';

export interface Received {
  readonly packets: number;
  readonly lost: number;
}

export interface Quality {
  readonly path: Path | undefined;
  /** Totals of the whole call so far. */
  readonly received: Received;
  /** Milliseconds, where known. */
  readonly roundTrip: number | undefined;
}

/** A field of a statistics entry; entries are open records by specification. */
function field(entry: unknown, name: string): unknown {
  return typeof entry === 'object' && entry !== null
    ? new Map(Object.entries(entry)).get(name)
    : undefined;
}

const text = (entry: unknown, name: string): string => {
  const value = field(entry, name);
  return typeof value === 'string' ? value : '';
};

const number = (entry: unknown, name: string): number => {
  const value = field(entry, name);
  return typeof value === 'number' ? value : 0;
};

/** Reads what matters out of a peer connection's statistics (W3C webrtc-stats). */
export function readQuality(report: ReadonlyMap<string, unknown>): Quality {
  const entries = [...report.values()];
  const transport = entries.find((entry) => text(entry, 'type') === 'transport');
  // Firefox has no transport entry; it marks the pair itself.
  const pair =
    report.get(text(transport, 'selectedCandidatePairId')) ??
    entries.find(
      (entry) => text(entry, 'type') === 'candidate-pair' && field(entry, 'selected') === true,
    );
  const local = report.get(text(pair, 'localCandidateId'));
  const inbound = entries.filter((entry) => text(entry, 'type') === 'inbound-rtp');
  const roundTrip = number(pair, 'currentRoundTripTime') * 1000;
  return {
    path: pathOf(local),
    received: {
      packets: total(inbound, 'packetsReceived'),
      lost: total(inbound, 'packetsLost'),
    },
    roundTrip: roundTrip > 0 ? roundTrip : undefined,
  };
}

function total(entries: readonly unknown[], name: string): number {
  return entries.reduce<number>((sum, entry) => sum + number(entry, name), 0);
}

function pathOf(candidate: unknown): Path | undefined {
  if (candidate === undefined) return undefined;
  if (text(candidate, 'candidateType') === 'relay') return 'relay';
  return text(candidate, 'protocol').toLowerCase() === 'tcp' ? 'TCP' : 'UDP';
}

const POOR_LOSS = 0.08;
const POOR_ROUND_TRIP = 600;
const ENOUGH_PACKETS = 50;

/** Whether speech suffers: many packets lost since the last look, or a very long way. */
export function isPoor(before: Received, now: Quality): boolean {
  const lost = now.received.lost - before.lost;
  const packets = now.received.packets - before.packets + lost;
  return (
    (packets >= ENOUGH_PACKETS && lost / packets > POOR_LOSS) ||
    (now.roundTrip ?? 0) > POOR_ROUND_TRIP
  );
}
