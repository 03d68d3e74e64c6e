import type { Detect } from '../../server/protocol/detection.ts';
import type { HearChoice, LanguageTag, VoicePreference } from '../../server/protocol/ids.ts';
import type { ClosingReason } from '../../server/protocol/hosting.ts';
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
  readonly detect: Detect;
  readonly hearOwn: boolean;
  readonly voice: VoicePreference;
  /** Agrees that what they say is kept in writing, where the server does that. */
  readonly keepWords: boolean;
  /** Whether the machine may hear what they say; undefined: never asked. */
  readonly consent: boolean | undefined;
  /** Send and receive through a relay only. */
  readonly relayOnly: boolean;
}

/** What is said of oneself at each entry. */
export function introduction(wish: Wish) {
  const { displayName, speak, hear, hearOwn, detect, voice, keepWords, consent } = wish;
  return {
    ...{ displayName, speak, hear, hearOwn, detect, voice, keepWords },
    ...(consent !== undefined && { consent }),
  };
}

/** What is decided anew each time before joining. */
export type DoorChoices = Pick<Wish, 'hearOwn' | 'keepWords' | 'consent'>;

/** Why a call is over. */
export type EndReason =
  | 'left'
  | 'gone'
  | 'full'
  | 'stopping'
  | 'lost'
  | Exclude<ClosingReason, 'serverStopping' | 'moved'>;

export type Phase =
  | { readonly name: 'outside' | 'joining' | 'waiting' | 'inside' }
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
  if (code === 'removed') return { end: 'removed' };
  if (code === 'roomEnded') return { end: 'ended' };
  if (full.has(code)) return { end: 'full' };
  const waitMs = WAITS_MS[attempt];
  return waitMs === undefined || !transient.has(code) ? { end: 'lost' } : { waitMs };
}

export function failureOf(error: unknown): FailureCode {
  return error instanceof CallError ? error.code : 'internal';
}

/** False when what was asked is refused; while there is no connection it is only put off. */
export async function granted(asked: Promise<unknown> | undefined): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    return failureOf(error) === 'unreachable';
  }
}
