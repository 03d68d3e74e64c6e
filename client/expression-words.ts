import type { ChatMessage } from '../server/protocol/chat.ts';
import type { Reaction } from '../server/protocol/reactions.ts';
import { englishName } from './languages.ts';
import type { FailureCode } from './messages.ts';

/** How each reaction looks, in the order of the buttons, and what it is called. */
export const reactions: Readonly<
  Record<Reaction, { readonly sign: string; readonly name: string }>
> = {
  agree: { sign: '👍', name: 'Thumbs up' },
  applause: { sign: '👏', name: 'Applause' },
  love: { sign: '❤️', name: 'Heart' },
  laugh: { sign: '😂', name: 'Laughing' },
  wave: { sign: '👋', name: 'Wave' },
};

/** Why a message is not in the reader's language; undefined when nothing is missing. */
export function missingWords({
  displayName,
  source,
  translation,
}: ChatMessage): string | undefined {
  if (translation === undefined || 'text' in translation) return undefined;
  switch (translation.missing) {
    case 'coming':
      return 'Being translated…';
    case 'failed':
      return 'This could not be translated.';
    case 'impossible':
      return `No translation from ${englishName(source)} to ${englishName(translation.language)} here.`;
    case 'declined':
      return `${displayName} has chosen not to be translated.`;
  }
}

/** Why a message was not sent, and what to do. */
export function sendFailure(code: FailureCode): string {
  switch (code) {
    case 'rateLimited':
      return 'That was a lot at once. Wait a few seconds, then send it again.';
    case 'unreachable':
    case 'notJoined':
      return 'There is no connection right now. Send it again when it is back.';
    case 'badRequest':
    case 'tooLarge':
      return 'This is too long. Send it in two parts.';
    default:
      return 'This could not be sent. Try again in a moment.';
  }
}

/** Why a line was not changed, and what to do. */
export function correctionFailure(code: FailureCode): string {
  switch (code) {
    case 'notFound':
      return 'This line can no longer be changed. Say it again instead.';
    case 'rateLimited':
      return 'That was a lot at once. Wait a few seconds, then try again.';
    case 'unreachable':
    case 'notJoined':
      return 'There is no connection right now. Try again when it is back.';
    default:
      return 'This could not be changed. Try again in a moment.';
  }
}

/** A raised hand among all that are raised, by their numbers: whose turn it is. */
export function turnOf(hand: number, raised: readonly number[]): number {
  return raised.filter((other) => other < hand).length + 1;
}
