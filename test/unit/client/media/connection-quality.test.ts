import { describe, expect, it } from 'vitest';
import { isPoor, readQuality } from '../../../../client/media/connection-quality.ts';

function report(change: {
  readonly protocol?: string;
  readonly candidateType?: string;
  readonly relayProtocol?: string;
  readonly lost?: number;
  readonly roundTrip?: number;
}): ReadonlyMap<string, unknown> {
  const {
    protocol = 'udp',
    candidateType = 'host',
    relayProtocol,
    lost = 0,
    roundTrip = 0.02,
  } = change;
  return new Map<string, unknown>([
    ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P' }],
    ['X', { id: 'X', type: 'candidate-pair', localCandidateId: 'other' }],
    [
      'P',
      { id: 'P', type: 'candidate-pair', localCandidateId: 'L', currentRoundTripTime: roundTrip },
    ],
    ['L', { id: 'L', type: 'local-candidate', protocol, candidateType, relayProtocol }],
    ['I1', { id: 'I1', type: 'inbound-rtp', packetsReceived: 100, packetsLost: lost }],
    ['I2', { id: 'I2', type: 'inbound-rtp', packetsReceived: 50, packetsLost: 0 }],
    // A picture that suffers is made smaller; it says nothing of speech.
    ['V', { id: 'V', type: 'inbound-rtp', kind: 'video', packetsReceived: 900, packetsLost: 400 }],
  ]);
}

const none = { packets: 0, lost: 0 };

describe('connection quality', () => {
  it('names the way media travels on the selected pair', () => {
    expect(readQuality(report({})).path).toBe('UDP');
    expect(readQuality(report({ protocol: 'tcp' })).path).toBe('TCP');
    const relayed = (relayProtocol: string) =>
      readQuality(report({ candidateType: 'relay', relayProtocol })).path;
    expect(['udp', 'tcp', 'tls'].map(relayed)).toEqual([
      'TURN over UDP',
      'TURN over TCP',
      'TURN over TLS',
    ]);
    expect(readQuality(new Map()).path).toBeUndefined();
  });

  it('finds the pair that Firefox marks as selected', () => {
    const entries = new Map<string, unknown>([
      ['P', { type: 'candidate-pair', selected: true, localCandidateId: 'L' }],
      ['L', { type: 'local-candidate', protocol: 'udp', candidateType: 'host' }],
    ]);
    expect(readQuality(entries).path).toBe('UDP');
  });

  it('adds up what all tracks received and lost', () => {
    expect(readQuality(report({ lost: 7 })).received).toEqual({ packets: 150, lost: 7 });
  });

  it('calls a network poor when more than 8 % was lost since the last look', () => {
    expect(isPoor(none, readQuality(report({ lost: 20 })))).toBe(true);
    expect(isPoor(none, readQuality(report({ lost: 5 })))).toBe(false);
    const before = readQuality(report({ lost: 20 })).received;
    expect(isPoor(before, readQuality(report({ lost: 20 })))).toBe(false);
  });

  it('calls a very long way poor', () => {
    expect(isPoor(none, readQuality(report({ roundTrip: 0.7 })))).toBe(true);
  });

  it('survives entries that are not what they should be', () => {
    const odd = new Map<string, unknown>([
      ['a', null],
      ['b', { type: 'inbound-rtp', packetsReceived: 'many' }],
      ['c', 'text'],
    ]);
    expect(readQuality(odd)).toEqual({ path: undefined, received: none, roundTrip: undefined });
  });
});
