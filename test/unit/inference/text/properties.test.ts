import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_TEXT } from '../../../../inference/text/clean.ts';
import { SPOKEN_LANGUAGES } from '../../../../inference/text/languages.ts';
import { NOUN_KEYS } from '../../../../inference/text/symbols.ts';
import { phrases } from '../../../../inference/text/phrases.ts';
import { speakable } from '../../../../inference/text/speakable.ts';

const TAGS = SPOKEN_LANGUAGES.map(({ tag }) => tag);

/** What texts are made of that speech recognisers, translators and people who type write. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3000, max: 3_000_000 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((n) => n.toFixed(2)),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...[
        '21.11.2026',
        '2026-11-21',
        '14:30',
        '9 p.m.',
        '5-10',
        '1,234.5',
        '1 234,5',
        '12/2',
        '½',
        '²',
      ],
      ...[
        '№ 5',
        '$5',
        '5 €',
        '3 млн',
        'руб.',
        'km/h',
        'м²',
        '°C',
        '%',
        '§ 3',
        '+7 495 123-45-67',
        '5-го',
      ],
      ...[
        'Dr.',
        'т. е.',
        'z. B.',
        'usw.',
        'itd.',
        'etc.',
        'NASA',
        'США',
        'XXI век',
        'a@b.com',
        'www.x.org/a',
      ],
      ...[
        'Google',
        'Юлия',
        "it's",
        'и',
        'May 5',
        '5 мая',
        '5. Mai',
        '1er',
        '1980s',
        '٣',
        '𝟜',
        '🙂',
        '<b>',
        '*a*',
      ],
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...' .,!?:;-–()[]/\\\'"+=<>#&*@\n'.split('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const text = fc
  .array(fc.tuple(piece, fc.constantFrom(' ', ' ', ' ', '', '\u00a0')), { maxLength: 12 })
  .map((parts) => parts.flat().join(''));
const language = fc.constantFrom(...TAGS);

describe('any text', () => {
  test('comes out without digits, marks and signs', () => {
    fc.assert(
      fc.property(text, language, (written, tag) => {
        expect(speakable(written, tag)).toMatch(/^[\p{L}\p{M} .,!?:;'-]*$/u);
      }),
      { numRuns: 1500 },
    );
  });

  test('that has been made speakable stays as it is', () => {
    fc.assert(
      fc.property(text, language, (written, tag) => {
        const said = speakable(written, tag);
        expect(speakable(said, tag)).toBe(said);
      }),
      { numRuns: 1500 },
    );
  });

  test('never says that something is undefined', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), language, (number, tag) => {
        expect(speakable(String(number), tag)).not.toMatch(/undefined|NaN| {2}/u);
      }),
    );
  });

  test('is split into phrases that are the text again when joined', () => {
    const tag = fc.constantFrom(...TAGS, 'it', 'ja', 'not a language');
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), tag, (parts, language) => {
        const written = parts.join(' ');
        const joined = phrases(written, language).join(' ');
        expect(joined.replace(/\s/gu, '')).toBe(written.replace(/\s/gu, ''));
      }),
    );
  });
});

describe('hostile text', () => {
  const long = (unit: string) => unit.repeat(Math.ceil(100_000 / unit.length));
  const units = [
    '1',
    '1,',
    '1 ',
    '111 ',
    "1'",
    '1-',
    '1/',
    '1:',
    '1.1.',
    '(1) ',
    '+1 ',
    'a@',
    'a.',
    'a-',
    '<a',
    '[',
    '[a](',
  ];
  const more = [
    '*',
    ' ',
    'a\n \n',
    'AB ',
    'т. ',
    'z. ',
    'http://',
    'www.',
    "'",
    'XIV ',
    '.,!?',
    '\u0301',
    '\u202e1\u200f',
    '٣',
    '𝟙',
    'x',
  ];

  test.each([...units, ...more])('of 100 kB of %j is bounded and quick', (unit) => {
    for (const tag of [...TAGS, 'it', 'bg']) {
      const started = performance.now();
      const said = speakable(long(unit), tag);
      expect(performance.now() - started).toBeLessThan(1000);
      expect(said.length).toBeLessThanOrEqual(
        TAGS.includes(tag) ? LONGEST_TEXT : LONGEST_TEXT * 10,
      );
    }
  });

  test.each(TAGS)('a number of 400 digits is read digit by digit in %s', (tag) => {
    const said = speakable('7'.repeat(400), tag);
    expect(said.split(' ')).toHaveLength(400);
  });

  test('of 100 kB is split quickly and whole', () => {
    for (const unit of ['a', 'a. ', 'т. ', 'word, ', '日本'])
      expect(phrases(long(unit), 'ru').join('').replace(/\s/gu, '')).toBe(
        long(unit).replace(/\s/gu, ''),
      );
  });
});

describe.each(SPOKEN_LANGUAGES)('the tables of $tag', ({ tag, nouns, months, fractions }) => {
  test('have every unit and currency, in as many forms as the language has', () => {
    expect([...NOUN_KEYS].filter((key) => !nouns.has(key))).toEqual([]);
    const wanted = ['ru', 'uk', 'pl'].includes(tag) ? [3, 4] : [2];
    for (const [key, { forms }] of nouns) expect(wanted, key).toContain(forms.length);
  });

  test('have twelve months, and the fractions that have signs', () => {
    expect(months).toHaveLength(12);
    for (const sign of '½⅓⅔¼¾⅕⅛')
      expect(fractions.has(sign.normalize('NFKC').replace('⁄', '/'))).toBe(true);
  });
});
