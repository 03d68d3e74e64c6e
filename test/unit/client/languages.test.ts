import { describe, expect, it } from 'vitest';
import {
  alphabetical,
  guessLanguage,
  matchHearing,
  matchLanguage,
  offered,
  ownName,
  sameLanguage,
} from '../../../client/languages.ts';
import { LanguageTag } from '../../../server/protocol/ids.ts';

describe('the languages offered', () => {
  it("are Canary's 25 and the offline engine's three more, each once and each a valid tag", () => {
    expect(offered).toHaveLength(28);
    expect(new Set(offered).size).toBe(28);
    for (const tag of offered) expect(LanguageTag.safeParse(tag).success).toBe(true);
  });

  it('are listed by name, every one', () => {
    expect([...alphabetical].sort()).toEqual([...offered].sort());
    expect(alphabetical.map(ownName).slice(0, 3)).toEqual(['Català', 'Čeština', 'Dansk']);
  });

  it.each([
    ['pl', 'Polski'],
    ['es', 'Español'],
    ['ru', 'Русский'],
    ['gl', 'Galego'],
    ['eo', 'Esperanto'],
    ['mt', 'Malti'],
  ])('calls %s by its own name', (tag, name) => {
    expect(ownName(LanguageTag.parse(tag))).toBe(name);
  });
});

describe('matching a tag', () => {
  it('takes a region for its language', () => {
    expect(matchLanguage('pt-BR')).toBe('pt');
    expect(matchLanguage(' DE_at ')).toBe('de');
    expect(sameLanguage('en-GB', 'en')).toBe(true);
    expect(sameLanguage('en', 'es')).toBe(false);
  });

  it('does not invent languages', () => {
    expect(matchLanguage('klingon')).toBeUndefined();
    expect(matchLanguage('')).toBeUndefined();
    expect(matchLanguage('original')).toBeUndefined();
  });

  it('knows that one may want to hear the original', () => {
    expect(matchHearing('original')).toBe('original');
    expect(matchHearing('es-MX')).toBe('es');
    expect(matchHearing('xx')).toBeUndefined();
  });

  it("guesses the first of the browser's languages that is offered, else English", () => {
    expect(guessLanguage(['ja', 'uk-UA', 'en'])).toBe('uk');
    expect(guessLanguage(['ja'])).toBe('en');
    expect(guessLanguage([])).toBe('en');
  });
});
