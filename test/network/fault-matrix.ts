import type { Fault } from '../support/lab/faults.ts';
import type { Person } from '../support/lab/hosts.ts';
import type { Weather } from '../support/lab/rough-path.ts';

/**
 * The fault matrix: what is done to a call's network, and what must hold then. The tests of this
 * folder assert every row; `npm run bench -- recovery` measures it and writes docs/reliability.md.
 */
export type Row = Outage | Weathered | Way;

interface Common {
  readonly name: string;
  /** What must hold, in words. */
  readonly criterion: string;
}

/** The network is broken for a while, or changed for good. */
export interface Outage extends Common {
  readonly kind: 'outage';
  readonly fault: Fault | { readonly kind: 'move' };
  /** How long it lasts; what changes for good lasts no time. */
  readonly lastsMs: number;
  /** From when the wait for sound is counted. */
  readonly countedFrom: 'its beginning' | 'its end';
  /** Longest wait for sound beyond what one waits for words anyway. */
  readonly withinMs: number;
  readonly expects: {
    readonly iceRestart?: 'none';
    /** Whether the others lose sight of those it befalls. */
    readonly gone: boolean;
    /** The sound must not stop at all. */
    readonly unheard?: true;
    /** What status "Connection" must say in the end. */
    readonly path?: RegExp;
  };
}

/** The network stays bad for as long as one looks. */
export interface Weathered extends Common {
  readonly kind: 'weather';
  readonly weather:
    { readonly kind: 'lose'; readonly percent: number } | ({ readonly kind: 'delay' } & Weather);
  readonly expects: {
    readonly concealedPercent?: number;
    readonly captionDelayMs?: number;
    readonly jitterBufferMs?: number;
    /** Status "Connection" warns. */
    readonly poor: boolean;
    /** Whether status "Connection" may speak of reconnecting. */
    readonly reconnects?: false;
    /** Every sentence is understood as one, at the least. */
    readonly turns?: true;
  };
}

/** A call that begins on a network which lets little through. */
export interface Way extends Common {
  readonly kind: 'way';
  readonly faults: readonly Fault[];
  readonly relayOnly: boolean;
  /** What status "Connection" must say. */
  readonly path: RegExp;
  /** Longest time from opening the link to the first translated words heard. */
  readonly withinMs: number;
}

export const everyone: readonly Person[] = ['speaker', 'listener'];

const loss = (percent: number) => ({ kind: 'lose', percent }) as const;
const HTTPS = 443;

/** In the order they are tried in one call: what changes the call for good comes last. */
export const weathers: readonly Weathered[] = [
  {
    kind: 'weather',
    name: '5 % loss',
    criterion: 'no reconnect; concealed samples < 8 %; captions within 1 s of a clean run',
    weather: loss(5),
    expects: { concealedPercent: 8, captionDelayMs: 1_000, poor: false, reconnects: false },
  },
  {
    kind: 'weather',
    name: '20 % loss',
    criterion: 'the call stays up; “Poor network” is shown; captions may lag, never repeat',
    weather: loss(20),
    expects: { poor: true },
  },
];

export const jitter = {
  kind: 'weather',
  name: '±100 ms jitter, out of order',
  criterion: 'no turn of the speaker is dropped; jitter buffer < 250 ms (median)',
  weather: { kind: 'delay', seed: 7, delayMs: [0, 200] },
  expects: { jitterBufferMs: 250, poor: false, turns: true },
} as const satisfies Weathered;

const blackout = (
  seconds: number,
): Pick<Outage, 'kind' | 'name' | 'fault' | 'lastsMs' | 'countedFrom'> => ({
  kind: 'outage',
  name: `${seconds} s blackout`,
  fault: { kind: 'cut' },
  lastsMs: seconds * 1_000,
  countedFrom: 'its end',
});

export const outages: readonly Outage[] = [
  {
    ...blackout(3),
    criterion: 'no ICE restart; audio back ≤ 1 s after',
    withinMs: 1_000,
    expects: { iceRestart: 'none', gone: false },
  },
  {
    kind: 'outage',
    name: 'socket killed, media up',
    criterion: 'audio never stops; missed captions come in order, once',
    fault: { kind: 'reset', port: HTTPS },
    lastsMs: 5_000,
    countedFrom: 'its beginning',
    withinMs: 1_000,
    expects: { iceRestart: 'none', gone: false, unheard: true },
  },
  {
    ...blackout(10),
    criterion: 'audio back ≤ 5 s after; nobody is removed',
    withinMs: 5_000,
    expects: { gone: false },
  },
  {
    kind: 'outage',
    name: 'changed client address',
    criterion: 'ICE restart, audio back ≤ 5 s after the change',
    fault: { kind: 'move' },
    lastsMs: 0,
    countedFrom: 'its beginning',
    withinMs: 5_000,
    expects: { gone: false },
  },
  {
    ...blackout(40),
    criterion: 'removed after the grace; back by itself ≤ 5 s after; same person, one tile',
    withinMs: 5_000,
    expects: { gone: true },
  },
  {
    kind: 'outage',
    name: 'UDP dropped',
    criterion: 'TCP or TURN/TCP within 10 s',
    fault: { kind: 'drop', protocol: 'udp' },
    lastsMs: 25_000,
    countedFrom: 'its beginning',
    withinMs: 10_000,
    expects: { gone: false, path: /TCP|TLS/ },
  },
];

// Chromium takes the first relay that answers, so in each of these the others are out of reach.
export const ways: readonly Way[] = [
  {
    name: 'relay only, UDP',
    faults: [{ kind: 'drop', protocol: 'tcp', towards: 'relay' } as const],
    relayOnly: true,
    path: /TURN over UDP/,
  },
  {
    name: 'relay only, TCP',
    faults: [
      { kind: 'drop', protocol: 'udp' } as const,
      { kind: 'drop', protocol: 'tcp', towards: 'relay', port: HTTPS } as const,
    ],
    relayOnly: true,
    path: /TURN over TCP/,
  },
  {
    name: 'relay only, TLS',
    faults: [{ kind: 'only-tcp', port: HTTPS } as const],
    relayOnly: true,
    path: /TURN over TLS/,
  },
  {
    name: 'only TCP 443 let out',
    faults: [{ kind: 'only-tcp', port: HTTPS } as const],
    relayOnly: false,
    path: /TURN over TLS/,
  },
].map((way) => ({
  ...way,
  kind: 'way',
  criterion: 'first translated words ≤ 10 s after opening the link',
  withinMs: 10_000,
}));
