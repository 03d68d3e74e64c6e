import type { ErrorCode } from '../server/protocol/errors.ts';
import type { TranscriptState } from '../server/protocol/events.ts';
import type { LobbyGuest } from '../server/protocol/hosting.ts';
import { formatUnit } from './format.ts';
import type { Blockage } from './media/connection-quality.ts';
import { m } from './paraglide/messages.js';

/** Why a request failed: the server's code, or that no answer came. */
export type FailureCode = ErrorCode | 'unreachable';

/** A failed request. What a person reads is `explain(code)`; the message is for developers. */
export class CallError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.name = 'CallError';
    this.code = code;
  }
}

export interface Explanation {
  readonly title: string;
  readonly text: string;
}

/** What becomes of what is said, to someone who agreed that their words are kept, or did not. */
export function transcriptNote(state: TranscriptState, agreed: boolean): string {
  switch (state) {
    case 'off':
      return m.record_kept_off();
    case 'on':
      return agreed ? m.record_kept_on() : m.record_kept_on_others();
    case 'failed':
      return m.record_kept_failed();
    case 'deleted':
      return m.record_kept_deleted();
  }
}

/** How long something is kept, in words. */
export function keptFor(ms: number): string {
  const hours = Math.round(ms / 3_600_000);
  return hours >= 48
    ? formatUnit(Math.round(hours / 24), 'day')
    : formatUnit(Math.max(1, hours), 'hour');
}

/** Who wants to come in, to a host. */
export function knocking(waiting: readonly Pick<LobbyGuest, 'displayName'>[]): string {
  const [only] = waiting;
  if (only === undefined) return '';
  return waiting.length === 1
    ? m.host_knocks({ name: only.displayName })
    : m.host_knock({ count: waiting.length });
}

/** When no way to the server was found for sound. */
export function noWay(blockage: Blockage): string {
  return blockage === 'relay' ? m.call_no_way_relay() : m.call_no_way_network();
}

export const MAX_NAME = 64;

/** A link without its secret part. */
export function incomplete(): Explanation {
  return { title: m.errors_room_not_found_title(), text: m.errors_incomplete_text() };
}

/** What happened and what to do, in the words of the interface. */
export function explain(code: FailureCode): Explanation {
  switch (code) {
    case 'roomNotFound':
      return { title: m.errors_room_not_found_title(), text: m.errors_room_not_found_text() };
    case 'badToken':
      return { title: m.errors_bad_token_title(), text: m.errors_bad_token_text() };
    case 'stopping':
      return { title: m.errors_stopping_title(), text: m.errors_stopping_text() };
    case 'roomLocked':
      return { title: m.errors_room_locked_title(), text: m.errors_room_locked_text() };
    case 'roomEnded':
      return { title: m.errors_room_ended_title(), text: m.errors_room_ended_text() };
    case 'removed':
      return { title: m.errors_removed_title(), text: m.errors_removed_text() };
    case 'waiting':
      return { title: m.errors_waiting_title(), text: m.errors_waiting_text() };
    case 'lobbyFull':
      return { title: m.errors_lobby_full_title(), text: m.errors_lobby_full_text() };
    case 'roomFull':
      return { title: m.errors_room_full_title(), text: m.errors_room_full_text() };
    case 'serverFull':
      return { title: m.errors_server_full_title(), text: m.errors_server_full_text() };
    case 'mediaFull':
      return { title: m.errors_media_full_title(), text: m.errors_media_full_text() };
    case 'nameTooLong':
      return {
        title: m.errors_name_too_long_title(),
        text: m.errors_name_too_long_text({ count: MAX_NAME }),
      };
    case 'badLanguage':
      return { title: m.errors_bad_language_title(), text: m.errors_bad_language_text() };
    case 'rateLimited':
      return { title: m.errors_rate_limited_title(), text: m.errors_rate_limited_text() };
    case 'unreachable':
      return { title: m.errors_unreachable_title(), text: m.errors_unreachable_text() };
    case 'unavailable':
    case 'moved':
      return { title: m.errors_unavailable_title(), text: m.errors_unavailable_text() };
    case 'unsupported':
      return { title: m.errors_unsupported_title(), text: m.errors_unsupported_text() };
    case 'badRequest':
    case 'tooLarge':
      return { title: m.errors_bad_request_title(), text: m.errors_bad_request_text() };
    case 'forbidden':
      return { title: m.errors_forbidden_title(), text: m.errors_forbidden_text() };
    case 'notJoined':
    case 'notFound':
    case 'internal':
      return { title: m.errors_internal_title(), text: m.errors_internal_text() };
  }
}

/** What would turn the direction of the text beside a name; the server drops it. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** What is wrong with a name, or undefined. The server's rule, said before it is asked. */
export function nameProblem(name: string): string | undefined {
  const trimmed = name.replace(TURNS, '').trim();
  if (!SEEN.test(trimmed)) return m.errors_name_missing();
  if (trimmed.length > MAX_NAME) return explain('nameTooLong').text;
  if (/\p{Cc}/u.test(trimmed)) return m.errors_name_characters();
  return undefined;
}
