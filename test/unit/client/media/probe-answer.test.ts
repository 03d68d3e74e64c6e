import { describe, expect, it } from 'vitest';
import { probeAnswer } from '../../../../client/media/probe-answer.ts';
import { TransportId } from '../../../../server/protocol/ids.ts';
import type { TransportInfo } from '../../../../server/protocol/requests.ts';
import type { IceCandidate } from '../../../../server/protocol/rtp.ts';

const candidate = (protocol: 'udp' | 'tcp', rest: Partial<IceCandidate> = {}): IceCandidate => ({
  ...{ foundation: 'f', priority: 7, address: '192.0.2.1', ip: '192.0.2.1', protocol },
  ...{ port: 40_000, type: 'host', ...rest },
});
const probe: TransportInfo = {
  id: TransportId.parse('probe'),
  iceParameters: { usernameFragment: 'frag', password: 'secret', iceLite: true },
  iceCandidates: [candidate('udp'), candidate('tcp', { tcpType: 'passive' })],
  dtlsParameters: {
    role: 'auto',
    fingerprints: [
      { algorithm: 'sha-1', value: 'AA' },
      { algorithm: 'sha-256', value: 'BB' },
    ],
  },
  iceServers: [],
};
const offer = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:data\r\n';
const lines = (kind: 'UDP' | 'TCP' | 'relay') => probeAnswer(offer, probe, kind).split('\r\n');

describe('the answer for a transport that speaks only ICE', () => {
  it('answers the very section that was offered', () => {
    expect(lines('UDP')).toEqual(expect.arrayContaining(['a=mid:data', 'a=group:BUNDLE data']));
    expect(lines('UDP')).toContain('a=fingerprint:sha-256 BB');
    expect(lines('UDP')).toEqual(expect.arrayContaining(['a=ice-ufrag:frag', 'a=ice-pwd:secret']));
  });

  it('has candidates of the kind to try and of no other', () => {
    const candidates = (kind: 'UDP' | 'TCP' | 'relay') =>
      lines(kind).filter((line) => line.startsWith('a=candidate'));
    const udp = 'a=candidate:f 1 udp 7 192.0.2.1 40000 typ host';
    expect(candidates('UDP')).toEqual([udp]);
    expect(candidates('relay')).toEqual([udp]);
    expect(candidates('TCP')).toEqual([
      'a=candidate:f 1 tcp 7 192.0.2.1 40000 typ host tcptype passive',
    ]);
  });

  it('ends every line as SDP asks', () => {
    const text = probeAnswer(offer, probe, 'UDP');
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});
