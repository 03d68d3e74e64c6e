import { describe, expect, it } from 'vitest';
import {
  canaryRoutes,
  directionOf,
  engineLanguages,
  languagesOf,
} from '../../../../inference/translate/languages.ts';
import { familyOf, Prompts } from '../../../../inference/translate/prompt.ts';
import { stuckTokens } from '../../../../inference/translate/repetition.ts';
import { Vocabulary } from '../../../../inference/translate/vocabulary.ts';
import { toyVocabulary } from '../../../support/canary-model.ts';

const vocabularyOf = (...pieces: string[]) =>
  Vocabulary.parse(pieces.map((piece, id) => `${piece} ${id}\n`).join(''));

const write = (...pieces: string[]) => vocabularyOf(...pieces).text([...pieces.keys()]);

describe('a vocabulary', () => {
  it.each([
    ['words from parts of words', ['▁Gu', 'ten', '▁Tag', '.'], 'Guten Tag.'],
    ['no special pieces', ['<|en|>', '▁yes', '<|endoftext|>', '<pad>', '<unk>', '<blk>'], 'yes'],
    ['the space before an opening mark', ['▁Hola', ',', '▁¿', 'qué', '?'], 'Hola, ¿qué?'],
    ['one space for several', ['▁a', '▁', '▁b'], 'a b'],
    ['letters from bytes', ['▁', '<0xC3>', '<0xA9>', 't', 'é'], 'été'],
    ['what pieces look like special but are not', ['<', '|', '▁<b>'], '<| <b>'],
    ['nothing of nothing', [], ''],
  ])('writes %s', (_, pieces, text) => {
    expect(write(...pieces)).toBe(text);
  });

  it('writes of a beginning that ends before a word the beginning of the text', () => {
    const pieces = ['▁One', '▁', 'two', ',', '▁three', '▁fo', 'ur'];
    const vocabulary = vocabularyOf(...pieces);
    const all = [...pieces.keys()];
    for (const end of all.filter((id) => vocabulary.beginsWord(id))) {
      expect(vocabulary.text(all)).toMatch(new RegExp(`^${vocabulary.text(all.slice(0, end))}`));
    }
  });

  it('knows pieces with a space in them, and files without a last line break', () => {
    const vocabulary = Vocabulary.parse('a b 0\n<|x|> 1');
    expect(vocabulary.text([0])).toBe('a b');
    expect(vocabulary.id('<|x|>')).toBe(1);
  });

  it.each([
    ['a 0\nb\n', 'line 2 is not a piece and its number'],
    ['a 0\nb 2\n', 'line 2 has number 2 and not 1'],
    ['a 0\nb 0\n', 'line 2 has number 0 and not 1'],
    ['a zero\n', 'line 1 is not a piece and its number'],
  ])('that is broken says where: %j', (text, reason) => {
    expect(() => Vocabulary.parse(text)).toThrow(reason);
  });
});

describe('a prompt', () => {
  const v2 = Vocabulary.parse(toyVocabulary('v2'));
  const flash = Vocabulary.parse(toyVocabulary('flash'));

  it('of v2 has ten tokens, a lone space first', () => {
    expect(familyOf(v2)).toBe('v2');
    expect(new Prompts(v2, 'v2').of('de', 'en')).toEqual([1107, 7, 4, 16, 78, 64, 5, 9, 11, 13]);
  });

  it('of a flash model has nine', () => {
    expect(familyOf(flash)).toBe('flash');
    expect(new Prompts(flash, 'flash').of('de', 'en')).toEqual([7, 4, 16, 76, 62, 5, 9, 11, 13]);
  });

  it('may have its lone space or not, as a model was exported', () => {
    expect(new Prompts(v2, 'v2', false).of('en', 'en')).toHaveLength(9);
  });

  it('cannot be made of a vocabulary that lacks a language', () => {
    const text = toyVocabulary('v2').replace('<|uk|>', '<|xx|>');
    expect(() => new Prompts(Vocabulary.parse(text), 'v2')).toThrow('<|uk|>');
  });
});

describe('languages', () => {
  const alone = canaryRoutes('v2');

  it('are 25 of v2 and four of flash models, each to and from English', () => {
    expect(languagesOf('v2')).toHaveLength(25);
    expect(engineLanguages('v2').pairs).toHaveLength(48);
    expect(engineLanguages('flash')).toEqual({
      engine: 'canary',
      recognises: ['en', 'de', 'es', 'fr'],
      pairs: [
        ...['de', 'es', 'fr'].map((target) => ({ source: 'en', target })),
        ...['de', 'es', 'fr'].map((source) => ({ source, target: 'en' })),
      ],
      texts: [],
      identifies: [],
    });
  });

  it('reach each other, and more, where English text goes on', () => {
    const texts = {
      engine: 'text',
      pairs: ['de', 'fr', 'ca'].map((target) => ({ source: 'en', target })),
    };
    const { pairs } = engineLanguages('flash', texts);
    expect(pairs).toContainEqual({ source: 'de', target: 'fr', via: 'en' });
    expect(pairs).toContainEqual({ source: 'es', target: 'ca', via: 'en' });
    expect(pairs).toContainEqual({ source: 'en', target: 'ca' });
    expect(pairs).not.toContainEqual(expect.objectContaining({ source: 'de', target: 'es' }));
    const routes = canaryRoutes('flash', texts);
    expect(directionOf('flash', routes, { source: 'de', targets: ['fr-CA', 'en', 'ca'] })).toEqual({
      source: 'de',
      targets: ['fr', 'en', 'ca'],
      onward: new Set(['fr', 'ca']),
    });
  });

  it('are matched without their regions', () => {
    const direction = directionOf('v2', alone, { source: 'en-US', targets: ['es-MX', 'EN', 'uk'] });
    expect(direction).toEqual({
      source: 'en',
      targets: ['es', 'en', 'uk'],
      onward: new Set(),
    });
  });

  it.each([
    ['zh', ['en'], "speech in 'zh' is not recognised"],
    ['', [], "speech in '' is not recognised"],
    ['en', ['de', 'tlh'], "'en' is not translated into 'tlh'"],
    ['de', ['en', 'fr'], "'de' is not translated into 'fr'"],
  ])('that are not there are named: from %j into %j', (source, targets, message) => {
    expect(() => directionOf('v2', alone, { source, targets })).toThrow(
      expect.objectContaining({ code: 'badRequest', message }),
    );
  });
});

describe('a model that is stuck', () => {
  const text = [1, 2, 3, 4, 5, 6];
  it.each([
    ['says five times the same', [...text, 9, 9, 9, 9, 9], 4],
    ['says two in turns three times', [...text, 8, 9, 8, 9, 8, 9], 4],
    ['says three in turns three times', [...text, 7, 8, 9, 7, 8, 9, 7, 8, 9], 6],
    ['has not, after four times', [...text, 9, 9, 9, 9], 0],
    ['has not, when it says no, no, no', [1, 9, 9, 9, 9, 9], 0],
    ['has not, when it said so before', [9, 9, 9, 9, 9, ...text], 0],
    ['has not, with nothing said', [], 0],
  ])('%s', (_, tokens, repeated) => {
    expect(stuckTokens(tokens)).toBe(repeated);
  });
});
