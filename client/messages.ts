import type { ErrorCode } from '../server/protocol/errors.ts';
import type { TranscriptState } from '../server/protocol/events.ts';

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
    case 'notJoined':
    case 'notFound':
    case 'internal':
      return {
        title: 'Something went wrong on the server',
        text: 'Load the page again. If it happens twice, tell whoever runs this server.',
      };
  }
}

/** What is wrong with a name, or undefined. The server's rule, said before it is asked. */
export function nameProblem(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'Enter your name, so that others know who speaks.';
  if (trimmed.length > MAX_NAME) return explain('nameTooLong').text;
  if (/\p{Cc}/u.test(trimmed)) return 'This name has characters that cannot be shown.';
  return undefined;
}
