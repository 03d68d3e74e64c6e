import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalNoise } from '../../../../inference/synthesize/noise.ts';
import { chunks, textIds, written } from '../../../../inference/synthesize/supertonic-text.ts';

describe('a text for Supertonic', () => {
  it.each([
    ['is marked with its language', 'Доброе утро.', '<ru>Доброе утро.</ru>'],
    ['gets a stop at its end', 'Good morning', '<ru>Good morning.</ru>'],
    ['keeps the sign at its end', 'Wirklich?', '<ru>Wirklich?</ru>'],
    ['keeps a comma at its end', 'Первое,', '<ru>Первое,</ru>'],
    ['has straight quotes and short dashes', '“a” ‘b’ — c–d', '<ru>"a"\'b\' - c-d.</ru>'],
    ['has no space before a sign', 'Да , правда !', '<ru>Да, правда!</ru>'],
    ['has no signs that are not said', 'a_b [c] d|e #f g/h → i', '<ru>a b c d e f g h i.</ru>'],
    ['says what @ means', 'a@b', '<ru>a at b.</ru>'],
    ['has no emoji', 'Отлично 👍🏽 🇩🇪!', '<ru>Отлично!</ru>'],
    ['cannot close its own mark', 'a</ru>b', '<ru>a ru b.</ru>'],
    ['is one line', ' a \n\t b ', '<ru>a b.</ru>'],
  ])('%s', (_, text, given) => {
    expect(written(text, 'ru').normalize('NFC')).toBe(given.normalize('NFC'));
  });

  it('is taken apart into letters and their marks', () => {
    expect(written('ёé', 'ru')).toBe('<ru>е\u0308e\u0301.</ru>');
  });

  it.each(['', '   ', '…', '?!', '👍', '"\''])('of nothing to say is empty: %j', (text) => {
    expect(written(text, 'en')).toBe('');
  });

  it('is given by the numbers of its characters, without those that the model does not know', () => {
    const indexer = Array.from({ length: 128 }, (_, code) => (code === 98 ? -1 : code + 1000));
    expect([...textIds('abcж', indexer)]).toEqual([1097n, 1099n]);
  });
});

describe('a long text', () => {
  const sentence = 'The delivery will not be here before Friday, so the test is put off. ';

  it('is spoken in parts of at most 300 characters, cut between sentences', () => {
    const parts = chunks(sentence.repeat(9), 'en');
    expect(parts).toHaveLength(3);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(300);
      expect(part.endsWith('put off.')).toBe(true);
    }
    expect(parts.join(' ')).toBe(sentence.repeat(9).trim());
  });

  it('a short one stays whole', () => {
    expect(chunks(sentence.repeat(3), 'en')).toEqual([sentence.repeat(3).trim()]);
  });

  it('whatever it is, no part is longer and no letter is lost', () => {
    const bare = (text: string): string => text.replace(/\s/gu, '');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (text) => {
        const parts = chunks(text, 'ru');
        expect(parts.every((part) => part.length <= 300)).toBe(true);
        expect(bare(parts.join(''))).toBe(bare(text));
      }),
    );
  });
});

describe('the noise that speech is made from', () => {
  it('is the same for the same seed, and begins the same whatever its length', () => {
    expect(normalNoise(1001, 5)).toEqual(normalNoise(1001, 5));
    expect(normalNoise(500, 5)).toEqual(normalNoise(1000, 5).slice(0, 500));
    expect(normalNoise(8, 5)).not.toEqual(normalNoise(8, 6));
  });

  it('is of the standard normal distribution', () => {
    const noise = normalNoise(200_000, 7);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const square = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    const within = noise.filter((value) => Math.abs(value) < 1).length / noise.length;
    expect(mean).toBeCloseTo(0, 1.7);
    expect(square).toBeCloseTo(1, 1.7);
    expect(within).toBeCloseTo(0.6827, 1.7);
  });
});
