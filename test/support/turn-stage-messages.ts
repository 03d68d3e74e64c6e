import type { TurnOptions } from '../../server/options.ts';
import type { IceServer } from '../../server/protocol/ice.ts';
import type { TurnCode, TurnEndpoint, TurnLogin } from './turn-probe.ts';

/** A network of its own with a machine on it, and the relay that runs there. */
export interface TurnStageOptions {
  /** Addresses of the machine, each with the length of its network's prefix. */
  readonly addresses: readonly string[];
  readonly host: string;
  readonly announcedAddresses: readonly string[];
  readonly turn: TurnOptions;
  readonly tls: { readonly key: string; readonly cert: string };
}

/** One connection to the relay: an allocation, then permissions for peers, then its release. */
export interface ProbeRequest {
  readonly endpoint: TurnEndpoint;
  readonly login?: TurnLogin;
  /** Family of the relayed address. */
  readonly family: 4 | 6;
  readonly peers: readonly string[];
  /** Sent through the relay to a peer that sends it back. */
  readonly echo?: { readonly peer: string; readonly text: string };
}

export interface ProbeOutcome {
  readonly allocate: TurnCode;
  readonly peers: Readonly<Record<string, TurnCode>>;
  readonly echoed?: string;
  /** Absent when nothing was allocated. */
  readonly release?: TurnCode;
}

/** Several allocations with one login, held at the same time. */
export interface FloodRequest {
  readonly endpoint: TurnEndpoint;
  readonly login: TurnLogin;
  readonly allocations: number;
}

export interface StageRequest {
  readonly id: number;
  readonly ask:
    | { readonly type: 'probe'; readonly probe: ProbeRequest }
    | { readonly type: 'flood'; readonly flood: FloodRequest }
    | { readonly type: 'answers'; readonly address: string; readonly port: number }
    | { readonly type: 'ice-servers'; readonly peerId: string; readonly now: number }
    | { readonly type: 'restarts' };
}

/** `id` is that of the request; the stage's first message, when its relay runs, has -1. */
export interface StageReply {
  readonly id: number;
  readonly probe?: ProbeOutcome;
  readonly iceServers?: readonly IceServer[];
  readonly flood?: readonly TurnCode[];
  readonly answers?: boolean;
  readonly restarts?: number;
  readonly failed?: string;
}
