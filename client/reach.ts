import type { AudienceMember, PeerInfo } from '../server/protocol/events.ts';
import { seconds } from './format.ts';
import { ownName } from './languages.ts';
import { m } from './paraglide/messages.js';

/** Behind the speaker by more than this is late. */
export const LATE_MS = 4_000;

export interface Reach {
  readonly text: string;
  readonly late: boolean;
}

/** How far along a listener is with one's own words; undefined while nothing is on its way. */
export function describeReach(member: AudienceMember | undefined): Reach | undefined {
  if (member === undefined) return undefined;
  const { language, state, lagMs } = member;
  if (state !== 'interpreting' && state !== 'speaking') return undefined;
  const name = ownName(language);
  if (lagMs === undefined) return { text: m.room_reach({ language: name }), late: false };
  const text = m.room_reach_behind({ language: name, time: seconds(lagMs) });
  return { text, late: lagMs > LATE_MS };
}

/** A person's connection, as the server sees it. */
export type Network = 'good' | NonNullable<PeerInfo['network']>;

/** A person's connection in words. */
export function describeNetwork(network: Network): string {
  switch (network) {
    case 'good':
      return m.room_network_good();
    case 'weak':
      return m.room_network_weak();
    case 'poor':
      return m.room_network_poor();
  }
}
