import type { TransportInfo } from '../../server/protocol/requests.ts';
import type { IceCandidate } from '../../server/protocol/rtp.ts';
import type { WayKind } from '../way.ts';

/**
 * The answer (SDP, RFC 8866, with RFC 8839 and RFC 8841) to an offer of one data channel, from a
 * transport that speaks nothing but ICE. Of its candidates it has those of the kind to try; what a
 * relay sends on is UDP.
 */
export function probeAnswer(offer: string, probe: TransportInfo, kind: WayKind): string {
  const { iceParameters, iceCandidates, dtlsParameters } = probe;
  const protocol = kind === 'TCP' ? 'tcp' : 'udp';
  const mid = /^a=mid:(\S+)/m.exec(offer)?.[1] ?? '0';
  const fingerprint =
    dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256') ??
    dtlsParameters.fingerprints[0];
  return [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mid}`, 'a=ice-lite'],
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ...['c=IN IP4 127.0.0.1', `a=mid:${mid}`, 'a=setup:passive', 'a=sctp-port:5000'],
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    ...(fingerprint ? [`a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`] : []),
    ...iceCandidates.filter((candidate) => candidate.protocol === protocol).map(candidateLine),
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

function candidateLine(candidate: IceCandidate): string {
  const { foundation, protocol, priority, address, port, type, tcpType } = candidate;
  const base = `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}`;
  return tcpType === undefined ? base : `${base} tcptype ${tcpType}`;
}
