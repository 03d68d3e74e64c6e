import { describe, expect, it } from 'vitest';
import { canDetect, detectable, guessAllowed, startDetecting } from '../../../client/detection.ts';
import { LanguageTag } from '../../../server/protocol/ids.ts';

const tags = (...texts: readonly string[]) => texts.map((text) => LanguageTag.parse(text));
const engine = {
  identifies: tags('ru', 'en', 'de', 'zh', 'es'),
  recognises: tags('en', 'de', 'ru', 'fr'),
};

describe('"Detect"', () => {
  it('is offered where the engine tells languages apart that it understands', () => {
    expect(detectable(engine)).toEqual(['de', 'en', 'ru']);
    expect(canDetect(engine)).toBe(true);
    expect(canDetect({ ...engine, identifies: [] })).toBe(false);
    expect(canDetect({ ...engine, recognises: tags('en') })).toBe(false);
  });

  it('begins with the languages of the browser', () => {
    expect(guessAllowed(['de-AT', 'de', 'en-GB', 'tlh'])).toEqual(['de', 'en']);
    expect(guessAllowed([])).toEqual([]);
  });

  const [de, en, ru, fr] = [tags('de')[0], tags('en')[0], tags('ru')[0], tags('fr')[0]];
  const start = (allowed: readonly string[], speak = en) => {
    if (speak === undefined) throw new Error('no language');
    const started = startDetecting(engine, tags(...allowed), speak);
    return `${started.allowed.join()} from ${started.speak}`;
  };

  it('goes on from the language spoken, which it may be', () => {
    expect(start(['ru'], de)).toBe('ru,de from de');
    expect(start(['ru', 'en'], ru)).toBe('ru,en from ru');
  });

  it('leaves out what the engine does not tell apart', () => {
    expect(start(['ru', 'es', 'de'], fr)).toBe('ru,de from ru');
  });

  it('has two languages at least: English joins one alone, or another where it is English', () => {
    expect(start([], ru)).toBe('ru,en from ru');
    expect(start([], en)).toBe('en,de from en');
    expect(start(['fr'], fr)).toBe('en,de from en');
  });
});
