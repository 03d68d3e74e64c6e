import { describe, expect, it } from 'vitest';
import {
  targetsOf,
  heardIn,
  hearing,
  hearSections,
  pairNote,
  speakSections,
  tryHearing,
} from '../../../client/translation.ts';
import type { EngineInfo } from '../../../server/protocol/events.ts';
import { LanguageTag } from '../../../server/protocol/ids.ts';

const en = LanguageTag.parse('en');
const es = LanguageTag.parse('es');
const ca = LanguageTag.parse('ca');
const de = LanguageTag.parse('de');

const engine: EngineInfo = {
  state: 'ready',
  name: 'offline',
  pairs: [
    { source: en, target: es },
    { source: en, target: ca },
  ],
  recognises: [en],
  texts: [],
  identifies: [],
};

describe('how a listener hears a speaker', () => {
  it('is the original when they asked for it or share the language', () => {
    expect(hearing(engine, en, 'original')).toEqual({ kind: 'original' });
    expect(hearing(engine, en, LanguageTag.parse('en-GB'))).toEqual({ kind: 'original' });
  });

  it('is a translation when the engine has the pair', () => {
    expect(hearing(engine, en, es)).toEqual({ kind: 'translated', language: es });
  });

  it('is said to be impossible when the engine lacks the pair, also the other way round', () => {
    expect(hearing(engine, de, es)).toEqual({ kind: 'impossible', language: es });
    expect(hearing(engine, es, en)).toEqual({ kind: 'impossible', language: en });
  });
});

describe('a translation that takes two steps', () => {
  const through: EngineInfo = { ...engine, pairs: [{ source: de, target: ca, via: en }] };

  it('says which language it goes through', () => {
    const how = hearing(through, LanguageTag.parse('de-AT'), ca);
    expect(how).toEqual({ kind: 'translated', language: ca, via: en });
    expect(pairNote(through, de, ca)).toBe('From Deutsch to Català words go via English.');
  });

  it('is said of no other', () => {
    expect(pairNote(engine, en, es)).toBeUndefined();
    expect(pairNote(through, ca, de)).toBeUndefined();
    expect(pairNote(through, de, 'original')).toBeUndefined();
  });
});

describe('the languages a speaker is heard in', () => {
  it('count each language once and leave out what cannot be', () => {
    const listeners = [{ hear: es }, { hear: es }, { hear: de }, { hear: en }, { hear: ca }];
    expect(heardIn(engine, en, listeners)).toEqual([es, ca]);
  });
});

describe('the languages a host may turn off', () => {
  it('are those that are translated into, each once, in order of their names', () => {
    const more = [...engine.pairs, { source: de, target: es }, { source: en, target: ca }];
    expect(targetsOf({ ...engine, pairs: more })).toEqual([ca, es]);
  });
});

describe('the language lists', () => {
  it('put first what the engine understands and what it speaks or writes', () => {
    expect(speakSections(engine).able).toEqual([en]);
    expect(hearSections(engine).able).toEqual([ca, en, es]);
    expect(hearSections(engine).unable).not.toContain(es);
    expect(hearSections(engine).unable).toHaveLength(25);
  });
});

describe('trying it alone', () => {
  it('keeps a choice that works and otherwise takes the first that does', () => {
    expect(tryHearing(engine, en, ca)).toBe(ca);
    expect(tryHearing(engine, en, en)).toBe(es);
    expect(tryHearing(engine, en, 'original')).toBe(es);
    expect(tryHearing(engine, de, en)).toBe(en);
  });
});
