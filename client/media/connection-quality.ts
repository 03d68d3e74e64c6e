import { inboundTracks, number, selectedPair, text, total } from './rtc-report.ts';
import type { RtcReport } from './rtc-report.ts';

/** How media travels, as the interface says it. */
export type Path = 'UDP' | 'TCP' | 'TURN over UDP' | 'TURN over TCP' | 'TURN over TLS';

/** Why no way to the server was found: none leads there, or a relay does not let us in. */
export type Blockage = 'network' | 'relay';

export type ConnectionPhase = 'connecting' | 'connected' | 'reconnecting';

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

/** Reads what matters out of a peer connection's statistics. */
export function readQuality(report: RtcReport): Quality {
  const pair = selectedPair(report);
  const tracks = inboundTracks(report);
  const roundTrip = number(pair, 'currentRoundTripTime') * 1000;
  return {
    path: pathOf(report.get(text(pair, 'localCandidateId'))),
    received: { packets: total(tracks, 'packetsReceived'), lost: total(tracks, 'packetsLost') },
    roundTrip: roundTrip > 0 ? roundTrip : undefined,
  };
}

/** Grows with all that arrives over a connection: media, control, and answers to ICE's own checks. */
export function arrived(report: RtcReport): number {
  const pair = selectedPair(report);
  return number(pair, 'bytesReceived') + number(pair, 'responsesReceived');
}

function pathOf(candidate: unknown): Path | undefined {
  if (candidate === undefined) return undefined;
  if (text(candidate, 'candidateType') === 'relay') {
    switch (text(candidate, 'relayProtocol')) {
      case 'tcp':
        return 'TURN over TCP';
      case 'tls':
        return 'TURN over TLS';
      default:
        return 'TURN over UDP';
    }
  }
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
