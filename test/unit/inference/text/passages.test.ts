import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPieces, passages } from '../../../../inference/text/passages.ts';

/** Translates by shouting, and tells what it was given. */
async function shouted(text: string, limit = 1000) {
  const given: string[] = [];
  const whole = await byPieces(passages(text, { language: 'en', limit }), (piece) => {
    given.push(piece);
    return Promise.resolve(piece.toUpperCase());
  });
  return { whole, given };
}

describe('a text that is translated by pieces', () => {
  it('is given to the translator by sentences and keeps its spaces', async () => {
    expect(await shouted('  One two.  Is it?\tYes ')).toEqual({
      whole: '  ONE TWO.  IS IT?\tYES ',
      given: ['One two.', 'Is it?', 'Yes'],
    });
  });

  it('does not end a sentence behind an abbreviation', async () => {
    expect((await shouted('Ask Dr. Jones about it.')).given).toHaveLength(1);
  });

  it('keeps its lines, and what has no word in it', async () => {
    expect(await shouted('one\n\n- two\r\n…\n:-) 🙂')).toEqual({
      whole: 'ONE\n\n- TWO\r\n…\n:-) 🙂',
      given: ['one', '- two'],
    });
  });

  it('keeps addresses as they are', async () => {
    const text = 'see https://example.org/a?b=c for more';
    expect(await shouted(text)).toEqual({
      whole: 'SEE https://example.org/a?b=c FOR MORE',
      given: ['see', 'for more'],
    });
  });

  it('is cut where a sentence is too long, at punctuation or a space', async () => {
    const long = `${'word '.repeat(30)}and, after a comma, ${'word '.repeat(30)}`.trim();
    const { whole, given } = await shouted(long, 100);
    expect(whole).toBe(long.toUpperCase());
    expect(given.every((piece) => piece.length <= 100)).toBe(true);
    expect(given.length).toBeLessThan(6);
  });

  it('is not given away when it is empty', async () => {
    expect(await shouted(' \n ')).toEqual({ whole: ' \n ', given: [] });
    expect(await shouted('')).toEqual({ whole: '', given: [] });
  });

  it('loses nothing, whatever it is', async () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 20, max: 60 }), async (text, limit) => {
        const same = (piece: string) => Promise.resolve(piece);
        const apart = passages(text, { language: 'en', limit });
        expect(await byPieces(apart, same)).toBe(text);
        expect(apart.with(apart.words)).toBe(text);
      }),
    );
  });

  it('fails with the translator', async () => {
    const failing = () => Promise.reject(new Error('no'));
    const apart = passages('one', { language: 'en', limit: 100 });
    await expect(byPieces(apart, failing)).rejects.toThrow('no');
  });
});
