import { describe, expect, it } from 'vitest';
import { Routes, type Translates } from '../../../../inference/routes/routes.ts';

const pairs = (...names: readonly string[]) =>
  names.map((name) => {
    const [source = '', target = ''] = name.split('>');
    return { source, target };
  });

const speech: Translates = {
  engine: 'canary',
  pairs: pairs('en>de', 'en>ru', 'en>mt', 'de>en', 'ru>en', 'mt>en'),
};
const text: Translates = { engine: 'm2m100', pairs: pairs('en>de', 'en>ru', 'en>ca', 'de>ru') };

describe('a speech engine around English with a text translator behind it', () => {
  const routes = new Routes(speech, text);

  it.each([
    ['de', 'de', { kind: 'same' }],
    ['en-GB', 'en-US', { kind: 'same' }],
    ['en', 'de', { kind: 'direct', engine: 'canary' }],
    ['ru', 'en', { kind: 'direct', engine: 'canary' }],
    ['de-AT', 'en-US', { kind: 'direct', engine: 'canary' }],
    ['de', 'ru', { kind: 'through', via: 'en', engines: ['canary', 'm2m100'] }],
    ['mt', 'de', { kind: 'through', via: 'en', engines: ['canary', 'm2m100'] }],
    ['de', 'ca', { kind: 'through', via: 'en', engines: ['canary', 'm2m100'] }],
    ['en', 'ca', { kind: 'through', via: 'en', engines: ['m2m100'] }],
    ['de', 'mt', { kind: 'impossible' }],
    ['ca', 'de', { kind: 'impossible' }],
    ['ca', 'en', { kind: 'impossible' }],
    ['de', 'ja', { kind: 'impossible' }],
    ['', 'de', { kind: 'impossible' }],
  ] as const)('goes from %s into %s as %o', (source, target, route) => {
    expect(routes.of(source, target)).toEqual(route);
  });

  it('lists what is possible, and what for goes through English', () => {
    expect(routes.pairs(['en', 'de', 'mt'])).toEqual([
      { source: 'en', target: 'de' },
      { source: 'en', target: 'ru' },
      { source: 'en', target: 'mt' },
      { source: 'en', target: 'ca' },
      { source: 'de', target: 'ru', via: 'en' },
      { source: 'de', target: 'en' },
      { source: 'de', target: 'ca', via: 'en' },
      { source: 'mt', target: 'de', via: 'en' },
      { source: 'mt', target: 'ru', via: 'en' },
      { source: 'mt', target: 'en' },
      { source: 'mt', target: 'ca', via: 'en' },
    ]);
  });
});

describe('a speech engine alone', () => {
  const routes = new Routes(speech);

  it('has no way between two languages that are not English', () => {
    expect(routes.of('de', 'ru')).toEqual({ kind: 'impossible' });
    expect(routes.of('en', 'ca')).toEqual({ kind: 'impossible' });
    expect(routes.pairs(['en', 'de', 'ru', 'mt'])).toHaveLength(6);
  });
});

describe('a text translator that is its own second step', () => {
  const apertium: Translates = { engine: 'apertium', pairs: pairs('es>en', 'en>ca', 'en>es') };

  it('goes through English by itself', () => {
    const routes = new Routes(apertium, apertium);
    expect(routes.of('es', 'ca')).toEqual({ kind: 'through', via: 'en', engines: ['apertium'] });
    expect(routes.of('ca', 'es')).toEqual({ kind: 'impossible' });
  });
});
