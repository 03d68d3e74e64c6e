import { describe, expect, it } from 'vitest';
import {
  applyMessage,
  MAX_MESSAGES,
  sendable,
  unread,
} from '../../../../client/state/chat-messages.ts';
import type { ChatMessage } from '../../../../server/protocol/chat.ts';
import { LanguageTag, PeerId } from '../../../../server/protocol/ids.ts';

const emma = PeerId.parse('emma');
const luz = PeerId.parse('luz');

function message(sequence: number, change: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...{ sequence, revision: sequence, peerId: emma, displayName: 'Emma', colour: 0 },
    ...{ source: LanguageTag.parse('en'), text: `message ${sequence}`, sentAt: 0 },
    ...change,
  };
}

const chat = (...messages: readonly ChatMessage[]) => messages.reduce(applyMessage, []);
const numbers = (messages: readonly ChatMessage[]) => messages.map(({ sequence }) => sequence);

describe('the chat', () => {
  it('is in order whatever the order of arrival, each message once', () => {
    expect(numbers(chat(message(3), message(1), message(2), message(1)))).toEqual([1, 2, 3]);
  });

  it('takes what is told of a message later, and nothing that is older', () => {
    const translation = { language: LanguageTag.parse('es'), text: 'hola' };
    const translated = message(1, { revision: 9, translation });
    expect(chat(message(1), translated, message(1))).toEqual([translated]);
  });

  it('forgets the oldest', () => {
    const many = Array.from({ length: MAX_MESSAGES + 2 }, (_, index) => message(index));
    expect(chat(...many)[0]?.sequence).toBe(2);
    expect(chat(...many)).toHaveLength(MAX_MESSAGES);
  });

  it('counts others’ messages behind the last one read', () => {
    const messages = chat(message(1), message(2), message(3, { peerId: luz }), message(4));
    expect(unread(messages, 1, luz)).toBe(2);
    expect(unread(messages, 4, luz)).toBe(0);
    expect(unread(messages, -1, undefined)).toBe(4);
  });
});

describe('what was typed', () => {
  it('is sent without what cannot be shown, and with its line breaks', () => {
    expect(sendable('  one\r\ntwo\tthree\u0000\u0007\u009f four \n')).toBe('one\ntwo three four');
  });

  it('is nothing when there are only blanks', () => {
    expect(sendable(' \n\t ')).toBe('');
  });

  it('keeps other alphabets, emoji and signs of direction', () => {
    const text = 'שלום \u202eabc 👩‍👩‍👧 e\u0301';
    expect(sendable(text)).toBe(text);
  });
});
