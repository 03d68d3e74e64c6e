import { describe, expect, test } from 'vitest';
import { phrases } from '../../../../inference/text/phrases.ts';

describe('a text for a voice', () => {
  test('is split at its sentences', () => {
    expect(phrases('Hello there. How are you? Fine!', 'en')).toEqual([
      'Hello there.',
      'How are you?',
      'Fine!',
    ]);
  });

  test('has a short first phrase when its first sentence is long', () => {
    const text =
      'When we look at the results of the last quarter, and at those of the one before it, the picture that comes out is one of slow and steady growth in every region.';
    const [first = '', second = ''] = phrases(text, 'en');
    expect(first).toBe('When we look at the results of the last quarter,');
    expect(second.startsWith('and at those of the one before it')).toBe(true);
  });

  test('is cut between words where there is no punctuation', () => {
    const text =
      'this is a sentence that goes on and on without any comma until somebody runs out of breath';
    const [first = ''] = phrases(text, 'en');
    expect(first.length).toBeLessThanOrEqual(60);
    expect(text.startsWith(`${first} `)).toBe(true);
  });

  test('breathes longer after the first phrase', () => {
    const text = `Yes. ${'word '.repeat(100).trim()}.`;
    const [, ...rest] = phrases(text, 'en');
    expect(Math.max(...rest.map((phrase) => phrase.length))).toBeLessThanOrEqual(200);
    expect(rest).toHaveLength(3);
  });

  test.each([
    ['en', 'I met Dr. Smith there. He left.', 2],
    ['en', 'It was J. R. Tolkien who wrote it. I know.', 2],
    ['en', 'We bought pens, paper, etc. Then we left.', 2],
    ['ru', 'Это т. е. Иван Петров. Он пришёл.', 2],
    ['ru', 'Письмо для проф. Иванова готово. Всё.', 2],
    ['de', 'Wir nehmen z. B. Kaffee. Danke.', 2],
    ['de', 'Am 3. Oktober ist frei. Gut.', 2],
    ['fr', 'M. Dupont est arrivé. Il attend.', 2],
    ['es', 'El Sr. García llegó. Espera.', 2],
    ['pl', 'Mamy np. Annę i Jana. Dobrze.', 2],
    ['uk', 'Це ім. Шевченка парк. Так.', 2],
  ])('is not split behind an abbreviation: %s %s', (language, text, count) => {
    expect(phrases(text, language)).toHaveLength(count);
  });

  test('without spaces is cut between characters, never within one', () => {
    const text = '𝒳'.repeat(150);
    const cut = phrases(text, 'en');
    expect(cut.join('')).toBe(text);
    for (const phrase of cut) expect(phrase.isWellFormed()).toBe(true);
  });

  test('keeps the comma of a number', () => {
    expect(
      phrases('Bitte zahlen Sie uns für die letzten Wochen genau 1234567,89 Euro.', 'de').join(' '),
    ).toContain('1234567,89');
  });

  test('in an unknown language is split all the same', () => {
    expect(phrases('Eins. Zwei.', 'not a language')).toEqual(['Eins.', 'Zwei.']);
  });

  test('that is empty has no phrases', () => {
    expect(phrases(' \n ', 'en')).toEqual([]);
  });
});
