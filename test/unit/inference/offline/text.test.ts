import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectSource,
  OFFLINE_LANGUAGES,
  offlineTarget,
} from '../../../../inference/offline/languages.ts';
import { cleanHypothesis } from '../../../../inference/offline/recogniser/hypothesis.ts';
import { fromStream, toStream } from '../../../../inference/offline/translator/text-format.ts';
import { baseLanguage } from '../../../../inference/routes/base-language.ts';
import { espeakVoice } from '../../../../inference/offline/voice/voices.ts';

const badRequest: unknown = expect.objectContaining({ code: 'badRequest' });

describe('a hypothesis', () => {
  it.each([
    [
      'loses silences, noises and sentence marks',
      '<s> good <sil> day [NOISE] ++UM++ </s>',
      'good day',
    ],
    ['loses pronunciation numbers', "the(2) record(3) isn't(2)", "the record isn't"],
    [
      'is in lower case but for the pronoun',
      "i think I'm in it i'd SAY",
      "I think I'm in it I'd say",
    ],
    ['may be nothing at all', '<s> <sil> [BREATH] </s>', ''],
    ['may be empty', '', ''],
  ])('%s', (_, hypothesis, text) => {
    expect(cleanHypothesis(hypothesis)).toBe(text);
  });

  it('has no mark of the recogniser left, whatever it was', () => {
    const word = fc.constantFrom('well', '<sil>', '[NOISE]', '++AH++', 'a(2)', 'i', '</s>');
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(cleanHypothesis(words.join(' '))).not.toMatch(/[<>[\]()+]|^\s|\s\s|\s$/);
      }),
    );
  });
});

describe('Apertium’s stream format', () => {
  it('escapes what would be taken for markup', () => {
    expect(toStream('a/b [c] ^d$ {e} <f> @g \\')).toBe(
      'a\\/b \\[c\\] \\^d\\$ \\{e\\} \\<f\\> \\@g \\\\.[]',
    );
  });

  it('keeps a text on one line without NUL', () => {
    expect(toStream(' one\0two\r\n three\t')).toBe('one two three.[]');
  });

  it('gives back the text without marks, and without the full stop that was added', () => {
    expect(fromStream("c[']mon a\\/b.[]")).toBe("c'mon a/b");
    expect(fromStream('Fin..[]')).toBe('Fin.');
    expect(fromStream(' Soy.[]\n')).toBe('Soy');
    expect(fromStream('.[]')).toBe('');
  });

  it('loses nothing on the way there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
        expect(fromStream(toStream(text))).toBe(line);
        expect(toStream(text)).not.toContain('\0');
      }),
    );
  });
});

describe('the offline engine’s languages', () => {
  it('are matched without their region', () => {
    expect(() => {
      expectSource('en-US');
    }).not.toThrow();
    expect(offlineTarget('es-MX')).toBe('es');
    expect(baseLanguage('CA-valencia')).toBe('ca');
  });

  it('are English to four', () => {
    const targets = OFFLINE_LANGUAGES.pairs.map(({ source, target }) => `${source}-${target}`);
    expect(targets).toEqual(['en-es', 'en-ca', 'en-gl', 'en-eo']);
    expect(OFFLINE_LANGUAGES.pairs.every(({ via }) => via === undefined)).toBe(true);
  });

  it('are all of the five to each other where they are written', () => {
    expect(OFFLINE_LANGUAGES.texts).toHaveLength(20);
    expect(OFFLINE_LANGUAGES.texts).toContainEqual({ source: 'gl', target: 'eo' });
  });

  it('are no others', () => {
    expect(() => {
      expectSource('es');
    }).toThrow(badRequest);
    expect(() => offlineTarget('en')).toThrow(badRequest);
    expect(() => offlineTarget('est')).toThrow(badRequest);
    expect(() => offlineTarget('')).toThrow(badRequest);
  });
});

describe('voices', () => {
  it('of one kind differ from each other and start over', () => {
    for (const kind of ['male', 'female']) {
      const names = [0, 1, 2, 3, 4, 5].map((n) => espeakVoice('es', `${kind}-${n}`).name);
      expect(new Set(names).size).toBe(6);
      expect(espeakVoice('es', `${kind}-6`)).toEqual(espeakVoice('es', kind));
    }
  });

  it('speak the language, Galician with the Spanish voice', () => {
    expect(espeakVoice('ca-ES', 'male').name).toBe('ca+m3');
    expect(espeakVoice('eo', 'female').name).toBe('eo+f2');
    expect(espeakVoice('gl', 'female').name).toBe('es+f2');
  });

  it.each(['', 'child', 'male-', 'male--1', 'male-x', 'female-1.5', 'female-9999999'])(
    'are not called "%s"',
    (voice) => {
      expect(() => espeakVoice('es', voice)).toThrow(badRequest);
    },
  );

  it('speak all of Canary’s languages, but not every language there is', () => {
    expect(espeakVoice('ru', 'male').name).toBe('ru+m3');
    expect(espeakVoice('pt-BR', 'male').name).toBe('pt+m3');
    expect(() => espeakVoice('ja', 'male')).toThrow(badRequest);
  });
});
