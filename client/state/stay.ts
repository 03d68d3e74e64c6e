import type { HearChoice, LanguageTag } from '../../server/protocol/ids.ts';
import { CallError } from '../messages.ts';
import type { FailureCode } from '../messages.ts';
import type { RoomLink } from '../routes.ts';
import type { Pass } from './pass.ts';

/** What someone wants of a meeting; kept through every reconnection. */
export interface Wish {
  readonly link: RoomLink;
  /** What is shown at the door of it. */
  readonly pass: Pass;
  readonly displayName: string;
  readonly speak: LanguageTag;
  readonly hear: HearChoice;
  readonly hearOwn: boolean;
  /** Agrees that what they say is kept in writing, where the server does that. */
  readonly keepWords: boolean;
  /** Send and receive through a relay only. */
  readonly relayOnly: boolean;
}

/** Why a call is over. */
export type EndReason = 'left' | 'gone' | 'full' | 'stopping' | 'lost';

export type Phase =
  | { readonly name: 'outside' | 'joining' | 'inside' }
  | { readonly name: 'refused'; readonly code: FailureCode }
  | { readonly name: 'ended'; readonly why: EndReason };

/** What to do when coming back into a call has failed: wait and try again, or give up. */
export type Recovery = { readonly waitMs: number } | { readonly end: EndReason };

/** How long a server that stops may take to come back before the meeting is over. */
export const RESTART_PATIENCE_MS = 60_000;

const WAITS_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000];
const transient: ReadonlySet<FailureCode> = new Set([
  'unreachable',
  'unavailable',
  'internal',
  'rateLimited',
  'badToken',
  'notJoined',
  'stopping',
]);

const full: ReadonlySet<FailureCode> = new Set(['roomFull', 'mediaFull', 'serverFull']);

/** The answer to the `attempt`-th failure, counted from 0. */
export function recovery(code: FailureCode, attempt: number): Recovery {
  if (code === 'roomNotFound') return { end: 'gone' };
  if (full.has(code)) return { end: 'full' };
  const waitMs = WAITS_MS[attempt];
  return waitMs === undefined || !transient.has(code) ? { end: 'lost' } : { waitMs };
}

export function failureOf(error: unknown): FailureCode {
  return error instanceof CallError ? error.code : 'internal';
}
