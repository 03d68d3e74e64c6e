import { describe, expect, test } from 'vitest';
import { speakable } from '../../../../inference/text/speakable.ts';

describe('a language without rules of its own', () => {
  test.each([
    ['it', 'Ho 21 libri e 3,5 litri.', 'Ho ventuno libri e tre virgola cinque litri.'],
    ['nl', 'Ik heb 21 boeken.', 'Ik heb eenentwintig boeken.'],
    ['cs-CZ', 'Mám 5 knih.', 'Mám pět knih.'],
    ['lv', '2 grāmatas', 'divi grāmatas'],
  ])('has its plain numbers in words: %s', (language, text, said) => {
    expect(speakable(text, language)).toBe(said);
  });

  test.each(['bg', 'et', 'mt', 'sk', 'sl', 'ja', 'xx', ''])(
    'that n2words does not know keeps its digits for the voice: %s',
    (language) => {
      expect(speakable('A 21 b', language)).toBe('A 21 b');
    },
  );

  test('keeps dates, times, sums and serials for the voice', () => {
    const text = '21.11.2026, 14:30, 5 €, $5, 50%, 5-10, A4, 007, 192.168.1.1';
    expect(speakable(text, 'it')).toBe(text);
  });

  test('has markup, emoji and invisible marks removed', () => {
    expect(speakable('**Ciao** <i>a</i> \u202etutti\u200f 🎉', 'it')).toBe('Ciao a tutti');
  });
});

test('a region does not change the rules', () => {
  expect(speakable('5 km', 'en-GB')).toBe('five kilometers.');
  expect(speakable('5 км', 'ru_RU')).toBe('пять километров.');
});
