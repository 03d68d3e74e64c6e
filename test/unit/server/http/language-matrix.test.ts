import { expect, test } from 'vitest';
import { languageMatrix } from '../../../../server/http/language-matrix.ts';
import { tag } from '../../../support/room-stage.ts';

const nothing = { pairs: [], recognises: [], texts: [], identifies: [] };

test('every language that the engine has anything to do with is in it once, in order', () => {
  const matrix = languageMatrix({
    ...{ state: 'ready', name: 'canary' },
    pairs: [
      { source: tag('de'), target: tag('en') },
      { source: tag('de'), target: tag('fr'), via: tag('en') },
    ],
    recognises: [tag('de'), tag('mt')],
    texts: [{ source: tag('gl'), target: tag('fr') }],
    identifies: [tag('ja'), tag('de')],
  });
  expect(matrix.languages).toEqual(['de', 'en', 'fr', 'gl', 'ja', 'mt']);
  expect(matrix.pairs[1]).toEqual({ source: 'de', target: 'fr', via: 'en' });
  expect(matrix).not.toHaveProperty('name');
});

test('of an engine that has not told anything it is empty', () => {
  expect(languageMatrix({ state: 'starting', name: '', ...nothing })).toEqual({
    ...{ state: 'starting', languages: [] },
    ...nothing,
  });
});
