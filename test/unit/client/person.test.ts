import { describe, expect, it } from 'vitest';
import { describeOther, describeSelf } from '../../../client/person.ts';
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
};

const emma: PeerInfo = {
  peerId,
  displayName: 'Emma',
  speak: en,
  hear: en,
  microphone: 'live',
  connection: 'here',
  colour: 0,
};

function state(change: Partial<TranslationState>): TranslationState {
  return { peerId, language: es, state: 'idle', ...change };
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
    expect(describeOther(emma, es, engine, state({ state: 'failed' })).warning).toBe(
      'Translation is unavailable. You hear the original.',
    );
  });

  it('does not call impossible what the engine has not yet said', () => {
    const starting: EngineInfo = { state: 'starting', name: '', pairs: [], recognises: [] };
    expect(describeOther(emma, es, starting, undefined).warning).toBe(
      'Translation is not ready. You hear the original.',
    );
  });
});

describe('my own card', () => {
  it('says in what I am heard', () => {
    expect(describeSelf(en, 'live', [{ hear: es }, { hear: en }], engine).text).toBe(
      'speak English · heard in Español',
    );
  });

  it('says when nobody needs my words translated, but not while I am alone', () => {
    expect(describeSelf(en, 'live', [{ hear: en }], engine).text).toBe(
      'speak English · nobody here needs your words translated',
    );
    expect(describeSelf(en, 'live', [], engine).text).toBe('speak English');
  });

  it('says that someone hears me as I am because their language is not possible', () => {
    const view = describeSelf(en, 'muted', [{ hear: de }], engine);
    expect(view.text).toBe('speak English · muted');
    expect(view.warning).toBe('Some here hear you as you are: their language is not possible.');
  });
});
