import type { AudienceMember, PeerInfo } from '../server/protocol/events.ts';
import { ownName } from './languages.ts';

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
  const hears = `hears you in ${ownName(language)}`;
  if (lagMs === undefined) return { text: hears, late: false };
  return { text: `${hears}, ${seconds(lagMs)} behind`, late: lagMs > LATE_MS };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A person's connection, as the server sees it. */
export type Network = 'good' | NonNullable<PeerInfo['network']>;

/** A person's connection in words. */
export function describeNetwork(network: Network): string {
  switch (network) {
    case 'good':
      return 'Good connection';
    case 'weak':
      return 'Weak connection';
    case 'poor':
      return 'Poor connection';
  }
}
