import type { ChatMessage } from '../server/protocol/chat.ts';
import type { Reaction } from '../server/protocol/reactions.ts';
import { languageName } from './languages.ts';
import type { FailureCode } from './messages.ts';
import { m } from './paraglide/messages.js';

/** How each reaction looks, in the order of the buttons, and what it is called. */
export const reactions: Readonly<
  Record<Reaction, { readonly sign: string; readonly name: () => string }>
> = {
  agree: { sign: '👍', name: m.call_reaction_agree },
  applause: { sign: '👏', name: m.call_reaction_applause },
  love: { sign: '❤️', name: m.call_reaction_love },
  laugh: { sign: '😂', name: m.call_reaction_laugh },
  wave: { sign: '👋', name: m.call_reaction_wave },
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
      return m.chat_coming();
    case 'failed':
      return m.chat_failed();
    case 'impossible':
      return m.chat_impossible({
        source: languageName(source),
        target: languageName(translation.language),
      });
    case 'declined':
      return m.chat_declined({ name: displayName });
  }
}

/** Why a message was not sent, and what to do. */
export function sendFailure(code: FailureCode): string {
  switch (code) {
    case 'rateLimited':
      return m.chat_send_rate_limited();
    case 'unreachable':
    case 'notJoined':
      return m.chat_send_unreachable();
    case 'badRequest':
    case 'tooLarge':
      return m.chat_send_too_long();
    default:
      return m.chat_send_failed();
  }
}

/** Why a line was not changed, and what to do. */
export function correctionFailure(code: FailureCode): string {
  switch (code) {
    case 'notFound':
      return m.captions_correct_not_found();
    case 'rateLimited':
      return m.captions_correct_rate_limited();
    case 'unreachable':
    case 'notJoined':
      return m.captions_correct_unreachable();
    default:
      return m.captions_correct_failed();
  }
}

/** A raised hand among all that are raised, by their numbers: whose turn it is. */
export function turnOf(hand: number, raised: readonly number[]): number {
  return raised.filter((other) => other < hand).length + 1;
}
