import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatUnit, listed, percent, seconds } from '../../../client/format.ts';
import { directionOf, locales, matchLocale, readLocaleFrom } from '../../../client/locale.ts';
import type { Locale } from '../../../client/locale.ts';
import { loadMessages, m } from '../../../client/paraglide/messages.js';

const CLIENT = join(import.meta.dirname, '../../../client');
const Settings = z.object({
  baseLocale: z.string(),
  locales: z.array(z.string()),
  'plugin.inlang.messageFormat': z.object({ pathPattern: z.array(z.string()) }),
});
const settings = Settings.parse(read('project.inlang/settings.json'));

const Forms = z.object({
  selectors: z.array(z.string()),
  declarations: z.array(z.string()),
  match: z.record(z.string(), z.string()),
});
const Text = z.union([z.string(), z.tuple([Forms])]);
type Text = z.infer<typeof Text>;
const areas = readdirSync(join(CLIENT, 'messages'));

/** All texts in a language, by key. */
function texts(locale: Locale): ReadonlyMap<string, Text> {
  return new Map(
    areas.flatMap((area) =>
      Object.entries(z.record(z.string(), Text).parse(read(`messages/${area}/${locale}.json`))),
    ),
  );
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(CLIENT, path), 'utf8'));
}

/** What is shown in one case or another. */
const variants = (text: Text): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values(text[0].match);

/** What is put into it, each once. */
const placeholders = (text: Text): readonly string[] => {
  const names = [
    ...variants(text)
      .join()
      .matchAll(/\{(\w+)\}/g),
  ].map(([, name = '']) => name);
  return [...new Set(names)].sort();
};

const english = texts('en');
const others = locales.filter((locale) => locale !== 'en');

describe('the interface', () => {
  it('has the languages that its compiler knows, and all its texts', () => {
    expect([...locales]).toEqual(settings.locales);
    const patterns = settings['plugin.inlang.messageFormat'].pathPattern;
    expect(patterns.map((path) => path.split('/')[2]).sort()).toEqual([...areas].sort());
  });

  it('names its texts by area, so that whoever reads a key knows where to look', () => {
    for (const area of areas) {
      const keys = Object.keys(z.record(z.string(), Text).parse(read(`messages/${area}/en.json`)));
      expect(keys.filter((key) => !key.startsWith(`${area}_`))).toEqual([]);
    }
  });

  it('has no text that is never said', () => {
    const sources = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|svelte)$/.test(path) && !/^(paraglide|dist)/.test(path))
      .map((path) => readFileSync(join(CLIENT, path), 'utf8'))
      .join('\n');
    const said = new Set([...sources.matchAll(/\bm\.(\w+)/g)].map(([, key]) => key));
    expect([...english.keys()].filter((key) => !said.has(key))).toEqual([]);
  });
});

describe.each(others)('in %s', (locale) => {
  const translated = texts(locale);

  it('nothing is missing, and nothing is left over', () => {
    expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('every text has the placeholders of the English one', () => {
    const differing = [...english].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(translated.get(key) ?? '').join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('what is counted has every plural that the language has', () => {
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
    const lacking = [...translated].filter(([, text]) => {
      if (typeof text === 'string' || !text[0].declarations.join().includes(': plural'))
        return false;
      const forms = Object.keys(text[0].match).join();
      return !pluralCategories.every((category) => forms.includes(`=${category}`));
    });
    expect(lacking.map(([key]) => key)).toEqual([]);
  });

  it('no text is counted in English alone', () => {
    const alone = [...english].filter(
      ([key, text]) => typeof text !== 'string' && typeof translated.get(key) === 'string',
    );
    expect(alone.map(([key]) => key)).toEqual([]);
  });

  it('no sentence is left in English', () => {
    const same = [...english].filter(
      ([key, text]) =>
        typeof text === 'string' &&
        translated.get(key) === text &&
        /\p{L}{2,} \p{L}{2,} \p{L}{2,}/u.test(text),
    );
    expect(same.map(([key]) => key)).toEqual([]);
  });

  it('nobody is shouted at', () => {
    const loud = [...translated].filter(([, text]) => variants(text).join().includes('!'));
    expect(loud.map(([key]) => key)).toEqual([]);
  });
});

describe('the language of the pages', () => {
  afterEach(() => {
    readLocaleFrom(() => 'en');
  });

  it('is the first that the reader asks for and Parley speaks', () => {
    expect(matchLocale(['ja', 'de-AT', 'en'])).toBe('de');
    expect(matchLocale(['UK'])).toBe('uk');
    expect(matchLocale(['ja', ''])).toBe('en');
    expect(matchLocale([])).toBe('en');
  });

  it('is fetched when it is needed; until then texts are English', async () => {
    readLocaleFrom(() => 'uk');
    expect(m.home_new_meeting()).toBe('New meeting');
    await loadMessages('uk');
    expect(m.home_new_meeting()).toBe('Нова зустріч');
  });

  it('gives numbers and lists their form', async () => {
    expect([seconds(1_840), percent(0.2), formatUnit(1, 'day')]).toEqual([
      '1.8 s',
      '20 %',
      '1 day',
    ]);
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    await loadMessages('ru');
    readLocaleFrom(() => 'ru');
    expect([seconds(1_840), formatUnit(3, 'day')]).toEqual(['1,8 с', '3 дня']);
    expect(listed(['a', 'b', 'c'])).toBe('a, b и c');
  });

  it('runs from right to left where its script does', () => {
    expect(locales.map(directionOf)).toEqual(locales.map(() => 'ltr'));
    expect(['ar', 'he', 'fa', 'ur', 'az-Arab'].map(directionOf)).toEqual(
      Array.from({ length: 5 }, () => 'rtl'),
    );
  });
});
