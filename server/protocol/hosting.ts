import { z } from 'zod';
import { LanguageTag, PeerId } from './ids.ts';

const MAX_LANGUAGES = 64;

/** Somebody in particular, or everyone it can be meant for. */
const Whom = z.union([z.literal('all'), PeerId]);
export type Whom = z.infer<typeof Whom>;

/** Which languages a meeting is translated into. Those that are not heard are still spoken. */
export const LanguageLimits = z.strictObject({
  /** Languages that may be heard translated; null: all that the engine can do. */
  allowed: z.array(LanguageTag).max(MAX_LANGUAGES).nullable(),
  /** So many at once; null: no limit. Who has been here longest comes first. */
  most: z.int().min(1).max(MAX_LANGUAGES).nullable(),
});
export type LanguageLimits = z.infer<typeof LanguageLimits>;

/** Requests that only a host may make; others get `forbidden`. */
export const hostRequests = {
  /** Nobody new gets in; those who were in may come back. */
  'host:lock': z.strictObject({ locked: z.boolean() }),
  /** Newcomers wait until a host lets them in. Turned off, those who wait come in. */
  'host:lobby': z.strictObject({ on: z.boolean() }),
  'host:admit': z.strictObject({ peerId: Whom }),
  'host:refuse': z.strictObject({ peerId: Whom }),
  /** Everyone's own microphone stays theirs to turn on again. */
  'host:mute': z.strictObject({ peerId: Whom }),
  /** Lowers a raised hand. */
  'host:lowerHand': z.strictObject({ peerId: Whom }),
  'host:remove': z.strictObject({ peerId: PeerId }),
  /** That person is host from now on, and whoever asks is a guest. */
  'host:handOver': z.strictObject({ peerId: PeerId }),
  /** The meeting is over for everyone. */
  'host:end': z.strictObject({}),
  'host:languages': LanguageLimits,
  'host:consentNotice': z.strictObject({ on: z.boolean() }),
} as const;

/** What the hosts have decided for everyone. */
export interface RoomPolicy {
  readonly locked: boolean;
  readonly lobby: boolean;
  readonly languages: LanguageLimits;
  /** Everyone is reminded in the call that a machine translates what they say. */
  readonly consentNotice: boolean;
}

/** Someone who waits to be let in, as hosts see them. */
export interface LobbyGuest {
  readonly peerId: PeerId;
  readonly displayName: string;
  readonly speak: LanguageTag;
}

/**
 * Why the server hangs up. `ended`, `removed`: by a host. `refused`: not let in. `unanswered`: nobody
 * let them in for long. `elsewhere`: the same person has come by another page. `moved`: the meeting
 * goes on at another server; ask at the door where.
 */
export type ClosingReason =
  'serverStopping' | 'moved' | 'ended' | 'removed' | 'refused' | 'unanswered' | 'elsewhere';
