import type { TransportInfo } from '../../server/protocol/requests.ts';
import type { Tried, WayKind } from '../way.ts';
import { readQuality } from './connection-quality.ts';
import type { Quality } from './connection-quality.ts';
import { probeAnswer } from './probe-answer.ts';

/** What leads there directly does so soon; a relay over TLS takes several round trips to two places. */
const PATIENCE_MS: Readonly<Record<WayKind, number>> = { UDP: 4_000, TCP: 4_000, relay: 8_000 };
const LOOK_MS = 100;
/** Looks at the statistics after it has connected, until the round trip is known. */
const LOOKS = 12;

/**
 * Tries one kind of way to a probe's transport by ICE alone: no handshake, no media. Resolves in any
 * case, at the latest when the signal says that nobody wants to know any more.
 */
export async function tryWay(
  probe: TransportInfo,
  kind: WayKind,
  signal: AbortSignal,
): Promise<Tried> {
  const connection = new RTCPeerConnection({
    iceServers: kind === 'relay' ? relays(probe) : [],
    iceTransportPolicy: kind === 'relay' ? 'relay' : 'all',
  });
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS[kind])]);
  try {
    const connected = whenConnected(connection, patience);
    connection.createDataChannel('probe');
    const offer = await connection.createOffer();
    await connection.setLocalDescription(offer);
    const sdp = probeAnswer(offer.sdp ?? '', probe, kind);
    await connection.setRemoteDescription({ type: 'answer', sdp });
    await connected;
    const { path, roundTrip } = await measure(connection, patience);
    return { kind, path: path ?? (kind === 'relay' ? 'TURN over UDP' : kind), roundTrip };
  } catch {
    return { kind, path: undefined, roundTrip: undefined };
  } finally {
    connection.close();
  }
}

function relays({ iceServers }: TransportInfo): RTCIceServer[] {
  return iceServers.map((server) => ({ ...server, urls: [...server.urls] }));
}

async function whenConnected(connection: RTCPeerConnection, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  promise.catch(() => undefined);
  const look = (): void => {
    const state = connection.iceConnectionState;
    if (state === 'connected' || state === 'completed') resolve(undefined);
    else if (state === 'failed') reject(new Error('no way'));
  };
  const giveUp = (): void => {
    reject(new Error('given up'));
  };
  connection.addEventListener('iceconnectionstatechange', look);
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  await promise;
}

/** The round trip of ICE's own checks; the shortest of a few, for the first ones wake things up. */
async function measure(connection: RTCPeerConnection, signal: AbortSignal): Promise<Quality> {
  let best = readQuality(await connection.getStats());
  for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = readQuality(await connection.getStats());
    const roundTrip = Math.min(best.roundTrip ?? Infinity, now.roundTrip ?? Infinity);
    best = { ...now, roundTrip: Number.isFinite(roundTrip) ? roundTrip : undefined };
  }
  return best;
}
