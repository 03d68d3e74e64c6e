import { milliseconds } from './format.ts';
import type { Path } from './media/connection-quality.ts';
import { m } from './paraglide/messages.js';

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
  if (udp) return overUdp(udp);
  if (tcp) {
    const time = timeOf(tcp);
    const text = time === undefined ? m.prejoin_way_tcp() : m.prejoin_way_tcp_time({ time });
    return { tone: 'fair', text, advice: m.prejoin_way_tcp_advice() };
  }
  if (relay) {
    const path = relay.path ?? '';
    const time = timeOf(relay);
    const text =
      time === undefined ? m.prejoin_way_relay({ path }) : m.prejoin_way_relay_time({ path, time });
    return { tone: 'fair', text, advice: m.prejoin_way_relay_advice() };
  }
  return { tone: 'bad', text: m.prejoin_way_none(), advice: m.prejoin_way_none_advice() };
}

function overUdp(way: Tried): Verdict {
  const time = timeOf(way);
  if (time === undefined) return { tone: 'good', text: m.prejoin_way_good(), advice: undefined };
  return (way.roundTrip ?? 0) > LONG_MS
    ? { tone: 'fair', text: m.prejoin_way_far_time({ time }), advice: m.prejoin_way_far_advice() }
    : { tone: 'good', text: m.prejoin_way_good_time({ time }), advice: undefined };
}

function timeOf({ roundTrip }: Tried): string | undefined {
  return roundTrip === undefined ? undefined : milliseconds(Math.max(1, roundTrip));
}
