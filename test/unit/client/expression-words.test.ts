import { describe, expect, it } from 'vitest';
import {
  correctionFailure,
  missingWords,
  reactions,
  sendFailure,
  turnOf,
} from '../../../client/expression-words.ts';
import type { ChatMessage, ChatTranslation } from '../../../server/protocol/chat.ts';
import { ErrorCode } from '../../../server/protocol/errors.ts';
import { LanguageTag, PeerId } from '../../../server/protocol/ids.ts';
import { REACTIONS } from '../../../server/protocol/reactions.ts';

const zh = LanguageTag.parse('zh');

function message(translation?: ChatTranslation): ChatMessage {
  const author = { peerId: PeerId.parse('emma'), displayName: 'Emma', colour: 0 };
  const words = { source: LanguageTag.parse('en'), text: 'hello', sentAt: 0 };
  return { sequence: 0, revision: 0, ...author, ...words, ...(translation && { translation }) };
}

describe('a message', () => {
  it('says why it is not in the reader’s language', () => {
    const words = (missing: 'coming' | 'failed' | 'impossible' | 'declined') =>
      missingWords(message({ language: zh, missing }));
    expect(words('coming')).toBe('Being translated…');
    expect(words('failed')).toBe('This could not be translated.');
    expect(words('impossible')).toBe('No translation from English to Chinese here.');
    expect(words('declined')).toBe('Emma has chosen not to be translated.');
  });

  it('says nothing when nothing is missing', () => {
    expect(missingWords(message())).toBeUndefined();
    expect(missingWords(message({ language: zh, text: '你好' }))).toBeUndefined();
  });
});

describe('a failure', () => {
  it('is told in words that say what to do, whatever the code', () => {
    for (const code of [...ErrorCode.options, 'unreachable' as const]) {
      for (const words of [sendFailure(code), correctionFailure(code)]) {
        expect(words).toMatch(/^[A-Z].*\b(again|parts)\b.*\.$/);
        expect(words).not.toContain('!');
      }
    }
  });
});

it('every reaction has a sign and a name of its own', () => {
  expect(Object.keys(reactions)).toEqual([...REACTIONS]);
  expect(new Set(Object.values(reactions).map(({ name }) => name())).size).toBe(REACTIONS.length);
});

it('whose turn it is goes by who raised their hand first', () => {
  expect([7, 3, 12].map((hand) => turnOf(hand, [7, 3, 12]))).toEqual([2, 1, 3]);
});
