import { describe, expect, it } from 'vitest';
import {
  heardIn,
  hearing,
  hearSections,
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

describe('the languages a speaker is heard in', () => {
  it('count each language once and leave out what cannot be', () => {
    const listeners = [{ hear: es }, { hear: es }, { hear: de }, { hear: en }, { hear: ca }];
    expect(heardIn(engine, en, listeners)).toEqual([es, ca]);
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
