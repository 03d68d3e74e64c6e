import type { Path } from './media/connection-quality.ts';

/** Kinds of ways from this page to the media ports. */
export type WayKind = 'UDP' | 'TCP' | 'relay';

/** What became of trying one of them. */
export interface Tried {
  readonly kind: WayKind;
  /** How it leads there; undefined when it does not. */
  readonly path: Path | undefined;
  /** Milliseconds, where known. */
  readonly roundTrip: number | undefined;
}

export interface Verdict {
  readonly tone: 'good' | 'fair' | 'bad';
  readonly text: string;
  /** What to do, where something is to be done. */
  readonly advice: string | undefined;
}

/** From here on two people notice that answers come late. */
const LONG_MS = 300;

/**
 * What a person should know of their way to the server. The best way that is open is what the call
 * takes; relays are tried by the call only when there is nothing better, and so it is said.
 */
export function verdict(tried: readonly Tried[]): Verdict {
  const open = (kind: WayKind) => tried.find((way) => way.kind === kind && way.path !== undefined);
  const udp = open('UDP');
  const tcp = open('TCP');
  const relay = open('relay');
  if (udp) {
    const far = (udp.roundTrip ?? 0) > LONG_MS;
    return {
      tone: far ? 'fair' : 'good',
      text: `${far ? 'Long way' : 'Good connection'}: direct${time(udp)}.`,
      advice: far ? 'Answers come late. If you use a VPN, try without it.' : undefined,
    };
  }
  if (tcp) {
    return {
      tone: 'fair',
      text: `Usable connection: direct, but over TCP only${time(tcp)}.`,
      advice:
        'This network blocks UDP, so sound may stutter when it is busy. Another network, such as your phone’s, may be better.',
    };
  }
  if (relay) {
    return {
      tone: 'fair',
      text: `Only through a relay (${relay.path ?? ''})${time(relay)}.`,
      advice: 'This network blocks the direct way. The meeting works, a little slower.',
    };
  }
  return {
    tone: 'bad',
    text: 'No sound gets through: this network lets neither UDP nor TCP out to this server.',
    advice:
      'Try another network, such as your phone’s, or without a VPN. You can join and read along.',
  };
}

function time({ roundTrip }: Tried): string {
  return roundTrip === undefined ? '' : `, ${Math.max(1, Math.round(roundTrip))} ms`;
}
