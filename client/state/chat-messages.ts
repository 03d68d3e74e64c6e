import type { ChatMessage } from '../../server/protocol/chat.ts';
import type { PeerId } from '../../server/protocol/ids.ts';

/** Messages kept; the oldest go first. */
export const MAX_MESSAGES = 500;

/** The chat after news of one message: in order, each once, as it was told last. */
export function applyMessage(
  messages: readonly ChatMessage[],
  message: ChatMessage,
): readonly ChatMessage[] {
  const index = messages.findLastIndex(({ sequence }) => sequence <= message.sequence);
  const known = messages[index];
  if (known?.sequence !== message.sequence) {
    return messages.toSpliced(index + 1, 0, message).slice(-MAX_MESSAGES);
  }
  return message.revision > known.revision ? messages.with(index, message) : messages;
}

/** How many of others' messages come after the last one that was read. */
export function unread(
  messages: readonly ChatMessage[],
  read: number,
  selfId: PeerId | undefined,
): number {
  return messages.filter(({ sequence, peerId }) => sequence > read && peerId !== selfId).length;
}

/** What was typed as it can be sent: without control characters, but with its line breaks. */
export function sendable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[^\P{Cc}\n]/gu, '')
    .trim();
}
