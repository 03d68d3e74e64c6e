import { describe, expect, it } from 'vitest';
import { describeOther, describeSelf } from '../../../client/person.ts';
import type { Fare } from '../../../client/person.ts';
import type { EngineInfo, PeerInfo, TranslationState } from '../../../server/protocol/events.ts';
import { LanguageTag, PeerId } from '../../../server/protocol/ids.ts';

const en = LanguageTag.parse('en');
const es = LanguageTag.parse('es');
const de = LanguageTag.parse('de');
const peerId = PeerId.parse('emma');

const engine: EngineInfo = {
  state: 'ready',
  name: 'offline',
  pairs: [{ source: en, target: es }],
  recognises: [en],
  texts: [],
  identifies: [],
};

const emma: PeerInfo = {
  peerId,
  displayName: 'Emma',
  role: 'guest',
  speak: en,
  hear: en,
  microphone: 'live',
  connection: 'here',
  colour: 0,
};

function state(change: Partial<TranslationState>): Fare {
  return { state: { peerId, language: es, state: 'idle', ...change } };
}

describe("another person's card", () => {
  it('says what they speak and what I hear', () => {
    expect(describeOther(emma, es, engine, undefined).text).toBe(
      'speaks English · you hear Español',
    );
    expect(describeOther(emma, en, engine, undefined).text).toBe('speaks English');
    expect(
      describeOther({ ...emma, microphone: 'muted' }, 'original', engine, undefined).text,
    ).toBe('speaks English · muted');
  });

  it('says what a translation goes through', () => {
    const through: EngineInfo = { ...engine, pairs: [{ source: de, target: es, via: en }] };
    expect(describeOther({ ...emma, speak: de }, es, through, undefined).text).toBe(
      'speaks Deutsch · you hear Español via English',
    );
    expect(describeSelf({ speak: de, microphone: 'live' }, [{ hear: es }], through).text).toBe(
      'speak Deutsch · heard in Español via English',
    );
  });

  it('says who the host is', () => {
    expect(describeOther({ ...emma, role: 'host' }, en, engine, undefined).text).toBe(
      'host · speaks English',
    );
  });

  it('says that the host limits the languages, where that is why', () => {
    const limited = state({ state: 'unavailable', limited: true });
    expect(describeOther(emma, es, engine, limited).warning).toMatch(/host limits the languages/);
    const broken = state({ state: 'unavailable' });
    expect(describeOther(emma, es, engine, broken).warning).not.toMatch(/host/);
  });

  it('says nothing of speaking for a listener', () => {
    const view = describeOther({ ...emma, speak: de, microphone: 'none' }, es, engine, undefined);
    expect(view.text).toBe('listening only');
    expect(view.warning).toBeUndefined();
  });

  it('shows interpreting, then the lag while the voice speaks, and neither when idle', () => {
    const interpreting = describeOther(emma, es, engine, state({ state: 'interpreting' }));
    expect(interpreting).toMatchObject({ interpreting: true, lag: undefined });
    const speaking = describeOther(emma, es, engine, state({ state: 'speaking', lagMs: 1840 }));
    expect(speaking).toMatchObject({ interpreting: false, lag: { text: '1.8 s', late: false } });
    const idle = describeOther(emma, es, engine, state({ state: 'idle', lagMs: 1840 }));
    expect(idle).toMatchObject({ interpreting: false, lag: undefined });
  });

  it('marks a lag above four seconds as late', () => {
    const view = describeOther(emma, es, engine, state({ state: 'speaking', lagMs: 4100 }));
    expect(view.lag).toEqual({ text: '4.1 s', late: true });
  });

  it('warns when a pair is not possible and when translation has failed', () => {
    expect(describeOther({ ...emma, speak: de }, es, engine, undefined).warning).toBe(
      'Translation not possible. You hear the original.',
    );
    expect(describeOther(emma, es, engine, state({ state: 'unavailable' })).warning).toBe(
      'Translation is unavailable. You hear the original.',
    );
    const interpreting = state({ state: 'interpreting' });
    expect(describeOther(emma, es, engine, { ...interpreting, loss: 'translation' }).warning).toBe(
      'Translation is unavailable. You hear the original.',
    );
  });

  it('says that there are captions only while the voice is lost', () => {
    const interpreting = state({ state: 'interpreting' });
    expect(describeOther(emma, es, engine, { ...interpreting, loss: 'voice' }).warning).toBe(
      'No voice for Español right now. Captions go on.',
    );
    expect(describeOther(emma, en, engine, { loss: 'voice' }).warning).toBeUndefined();
  });

  it('does not call impossible what the engine has not yet said', () => {
    const starting: EngineInfo = { ...engine, state: 'starting', name: '', pairs: [] };
    expect(describeOther(emma, es, starting, undefined).warning).toBe(
      'Translation is not ready. You hear the original.',
    );
  });
});

describe('my own card', () => {
  it('says in what I am heard', () => {
    expect(
      describeSelf({ speak: en, microphone: 'live' }, [{ hear: es }, { hear: en }], engine).text,
    ).toBe('speak English · heard in Español');
  });

  it('says when nobody needs my words translated, but not while I am alone', () => {
    expect(describeSelf({ speak: en, microphone: 'live' }, [{ hear: en }], engine).text).toBe(
      'speak English · nobody here needs your words translated',
    );
    expect(describeSelf({ speak: en, microphone: 'live' }, [], engine).text).toBe('speak English');
  });

  it('says that someone hears me as I am because their language is not possible', () => {
    const view = describeSelf({ speak: en, microphone: 'muted' }, [{ hear: de }], engine);
    expect(view.text).toBe('speak English · muted');
    expect(view.warning).toBe('Some here hear you as you are: their language is not possible.');
  });
});

describe('who is not translated, and who shares sound', () => {
  const refusing: PeerInfo = { ...emma, untranslated: true };

  it('says that they are not translated, which is no fault', () => {
    const view = describeOther(refusing, es, engine, undefined);
    expect([view.text, view.warning]).toEqual(['speaks English · not translated', undefined]);
    expect(
      describeOther({ ...refusing, speak: de }, es, engine, undefined).warning,
    ).toBeUndefined();
  });

  it('says it to themselves, and not that nobody needs their words', () => {
    const view = describeSelf(
      { ...refusing, speak: en, microphone: 'live' },
      [{ hear: es }, { hear: de }],
      engine,
    );
    expect([view.text, view.warning]).toEqual(['speak English · not translated', undefined]);
  });

  it('counts the sound of a tab as speaking, without a microphone too', () => {
    const sharing: PeerInfo = { ...emma, microphone: 'none', sharesSound: true };
    expect(describeOther(sharing, es, engine, undefined).text).toBe(
      'speaks English · you hear Español · shares sound',
    );
    expect(
      describeSelf({ ...sharing, speak: en, microphone: 'none' }, [{ hear: es }], engine).text,
    ).toBe('speak English · share sound · heard in Español');
  });

  it('says of a silent listener neither', () => {
    const listening: PeerInfo = { ...refusing, microphone: 'none' };
    expect(describeOther(listening, es, engine, undefined).text).toBe('listening only');
  });
});
