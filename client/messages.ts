import type { ErrorCode } from '../server/protocol/errors.ts';
import type { TranscriptState } from '../server/protocol/events.ts';
import type { LobbyGuest } from '../server/protocol/hosting.ts';
import type { Blockage } from './media/connection-quality.ts';

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
      return 'Nothing of this meeting is kept in writing.';
    case 'on':
      return agreed
        ? 'What you say is kept in writing on this server, and so is what others say who agreed.'
        : 'What others say who agreed is kept in writing on this server. Your words are not.';
    case 'failed':
      return 'The server could not go on writing this meeting down. What is said from now on is not kept.';
    case 'deleted':
      return 'The host has deleted the transcript. What is said from now on is not kept.';
  }
}

/** How long something is kept, in words. */
export function keptFor(ms: number): string {
  const hours = Math.round(ms / 3_600_000);
  const [value, unit] =
    hours >= 48 ? [Math.round(hours / 24), 'day'] : [Math.max(1, hours), 'hour'];
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** Who wants to come in, to a host. */
export function knocking(waiting: readonly Pick<LobbyGuest, 'displayName'>[]): string {
  const [only] = waiting;
  if (only === undefined) return '';
  return waiting.length === 1
    ? `${only.displayName} wants to come in.`
    : `${waiting.length} people want to come in.`;
}

/** When no way to the server was found for sound. */
export function noWay(blockage: Blockage): string {
  return blockage === 'relay'
    ? 'No sound gets through: the network lets nothing out directly, and the relay did not let you in. Leave and open the link again; if it stays so, tell whoever runs this server.'
    : 'No sound gets through: this network lets neither UDP nor TCP out to this server. Try another network, such as your phone’s. You can go on reading here.';
}

/** When the host wants everyone reminded. */
export const CONSENT_REMINDER =
  'Everyone’s voice here is translated on this server by machine, and the translation may be wrong. Leave if you do not agree.';

export const MAX_NAME = 64;

/** A link without its secret part. */
export const incomplete: Explanation = {
  title: 'There is no such meeting',
  text: 'The link is incomplete: the part after the # is missing. Ask for it again, and copy all of it.',
};

/** What happened and what to do, in the words of the interface. */
export function explain(code: FailureCode): Explanation {
  switch (code) {
    case 'roomNotFound':
      return {
        title: 'There is no such meeting',
        text: 'The link may be incomplete, or the meeting has ended. Ask for the link again, or start a new meeting.',
      };
    case 'badToken':
      return {
        title: 'Your place has expired',
        text: 'Open the meeting link again to get a new one.',
      };
    case 'stopping':
      return {
        title: 'This server is about to restart',
        text: 'It takes no new meetings now. Try again in a minute.',
      };
    case 'roomLocked':
      return {
        title: 'This meeting is locked',
        text: 'Nobody new can join now. Ask whoever invited you to unlock it, then try again.',
      };
    case 'roomEnded':
      return {
        title: 'This meeting has ended',
        text: 'The host has ended it. If you should meet again, the host opens it with the same link.',
      };
    case 'removed':
      return {
        title: 'You were removed from this meeting',
        text: 'The host has removed you. To take part again, ask them.',
      };
    case 'waiting':
      return {
        title: 'Waiting to be let in',
        text: 'The host has been told that you are here. Keep this page open.',
      };
    case 'lobbyFull':
      return {
        title: 'Many people are waiting',
        text: 'There is no room left in the lobby of this meeting. Try again in a minute.',
      };
    case 'roomFull':
      return {
        title: 'This meeting is full',
        text: 'Everyone who fits in is in. Try again when someone has left.',
      };
    case 'serverFull':
      return {
        title: 'This server is full',
        text: 'It cannot take another meeting or guest right now. Try again in a few minutes.',
      };
    case 'mediaFull':
      return {
        title: 'There is no place left for this meeting',
        text: 'The part of the server that translates it serves as many people as it can. Try again when someone has left, or start a new meeting.',
      };
    case 'nameTooLong':
      return {
        title: 'This name is too long',
        text: `Names can have at most ${MAX_NAME} characters. Choose a shorter one.`,
      };
    case 'badLanguage':
      return {
        title: 'This language is not known here',
        text: 'Choose your languages from the lists.',
      };
    case 'rateLimited':
      return { title: 'Too many tries', text: 'Wait a moment, then try again.' };
    case 'unreachable':
      return {
        title: 'The server cannot be reached',
        text: 'Check your internet connection, then try again.',
      };
    case 'unavailable':
      return {
        title: 'Calls are not possible right now',
        text: 'The server is starting or being repaired. Try again in a minute.',
      };
    case 'unsupported':
      return {
        title: 'This browser cannot join calls',
        text: 'Open the link in a current Chrome, Edge, Firefox or Safari.',
      };
    case 'badRequest':
    case 'tooLarge':
      return {
        title: 'The server did not accept this',
        text: 'Check your name and languages. If they are right, load the page again.',
      };
    case 'forbidden':
      return { title: 'Only the host can do this', text: 'Ask the host to do it.' };
    case 'notJoined':
    case 'notFound':
    case 'internal':
      return {
        title: 'Something went wrong on the server',
        text: 'Load the page again. If it happens twice, tell whoever runs this server.',
      };
  }
}

/** What would turn the direction of the text beside a name; the server drops it. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** What is wrong with a name, or undefined. The server's rule, said before it is asked. */
export function nameProblem(name: string): string | undefined {
  const trimmed = name.replace(TURNS, '').trim();
  if (!SEEN.test(trimmed)) return 'Enter your name, so that others know who speaks.';
  if (trimmed.length > MAX_NAME) return explain('nameTooLong').text;
  if (/\p{Cc}/u.test(trimmed)) return 'This name has characters that cannot be shown.';
  return undefined;
}
