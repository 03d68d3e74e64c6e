import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { missingWords } from '../../../client/expression-words.ts';
import { duration, loss } from '../../../client/figures.ts';
import { locales, readLocaleFrom } from '../../../client/locale.ts';
import type { Locale } from '../../../client/locale.ts';
import { explain, knocking } from '../../../client/messages.ts';
import { loadMessages, m } from '../../../client/paraglide/messages.js';
import { describeOther, describeSelf } from '../../../client/person.ts';
import { LineSearch } from '../../../client/record/search.ts';
import { captionOf } from '../../../client/record/recall.ts';
import { toJson } from '../../../client/record/json.ts';
import { toTxt } from '../../../client/record/txt.ts';
import { speakerFigures } from '../../../client/under-the-hood.ts';
import type { ChatMessage } from '../../../server/protocol/chat.ts';
import { ErrorCode } from '../../../server/protocol/errors.ts';
import type { EngineInfo, PeerInfo } from '../../../server/protocol/events.ts';
import { PeerId } from '../../../server/protocol/ids.ts';
import { recordLine } from '../../support/record-lines.ts';
import { tag } from '../../support/room-stage.ts';

let current: Locale = 'en';
readLocaleFrom(() => current);
await Promise.all(locales.map((locale) => loadMessages(locale)));
beforeEach(() => {
  current = 'en';
});
afterAll(() => {
  readLocaleFrom(() => 'en');
});

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const engine: EngineInfo = {
  ...{ state: 'ready', name: 'offline', recognises: [], texts: [], identifies: [] },
  pairs: [{ source: tag('de'), target: tag('es'), via: tag('en') }],
};
const ana: PeerInfo = {
  ...{ peerId: PeerId.parse('ana'), displayName: 'Ana', role: 'host', colour: 0 },
  ...{ speak: tag('de'), hear: tag('es'), microphone: 'muted', connection: 'here' },
};

describe('numbers of people', () => {
  it.each([
    [1, '1 человек', '1 людина'],
    [2, '2 человека', '2 людини'],
    [5, '5 человек', '5 людей'],
    [11, '11 человек', '11 людей'],
    [21, '21 человек', '21 людина'],
    [104, '104 человека', '104 людини'],
  ])('%d is counted as Russian and Ukrainian count', (count, russian, ukrainian) => {
    current = 'ru';
    expect(m.call_people({ count })).toBe(russian);
    current = 'uk';
    expect(m.call_people({ count })).toBe(ukrainian);
  });

  it('agree with what they do', () => {
    current = 'de';
    const guest = { displayName: 'Ana' };
    expect(knocking([guest])).toBe('Ana möchte hereinkommen.');
    expect(knocking([guest, guest])).toBe('2 Personen möchten hereinkommen.');
    current = 'ru';
    expect(knocking([guest, guest])).toBe('2 человека хотят войти.');
    expect(knocking(Array.from({ length: 5 }, () => guest))).toBe('5 человек хотят войти.');
  });
});

describe('a person’s card', () => {
  it('says the same in every language, with the name as it is', () => {
    const cards = locales.map((locale) => {
      current = locale;
      return describeOther(ana, tag('es'), engine, undefined);
    });
    expect(new Set(cards.map(({ text }) => text)).size).toBe(locales.length);
    for (const { name, text } of cards) {
      expect(name).toBe('Ana');
      expect(text).toContain('Deutsch');
      expect(text).toContain('Español');
    }
  });

  it('names the language on the way in the language of the page', () => {
    current = 'ru';
    expect(describeOther(ana, tag('es'), engine, undefined).text).toBe(
      'организатор · говорит: Deutsch · вы слышите: Español (через английский) · микрофон отключён',
    );
    current = 'fr';
    const own = { speak: tag('de'), microphone: 'live' } as const;
    expect(describeSelf(own, [{ hear: tag('es') }], engine).text).toBe(
      'vous parlez Deutsch · on vous entend en Español (via anglais)',
    );
  });

  it('follows a change of language', () => {
    const before = describeOther(ana, tag('es'), engine, undefined).text;
    current = 'uk';
    const after = describeOther(ana, tag('es'), engine, undefined).text;
    expect(after).not.toBe(before);
    expect(after).toContain('говорить: Deutsch');
  });
});

describe('figures', () => {
  it('are written as each language writes them', () => {
    current = 'de';
    expect(plain(duration(1_840))).toBe('1,8 s');
    expect(plain(loss(12_320, 25))).toBe('0,2 % verloren von 12.345 Paketen');
    current = 'ru';
    expect(plain(duration(45))).toBe('45 мс');
    expect(plain(loss(12_321, 0))).toBe('Без потерь, 12 321 пакет');
    expect(plain(loss(12_323, 0))).toBe('Без потерь, 12 323 пакета');
  });

  it('of the server name nothing in English', () => {
    current = 'es';
    const stats = { peerId: ana.peerId, packets: 9, lost: 0, recovered: 2, concealedMs: 340 };
    const language = { language: tag('ca'), lagMs: 1_840, waitingMs: 400, tempo: 1.08 };
    const { lines, languages } = speakerFigures({
      ...{ ...stats, waitingMs: 1_600 },
      languages: [language],
    });
    expect([...lines, ...languages].map(({ label, text }) => plain(`${label}: ${text}`))).toEqual([
      'Paquetes: Ninguno perdido de 9 paquetes, 2 recuperados',
      'Rellenado: 340 ms de sonido',
      'En espera: 1,6 s de habla',
      'Català: 1,8 s de retraso · 400 ms en espera · 8 % más rápido',
    ]);
  });
});

describe('the record', () => {
  const lines = [recordLine(0)];

  it('as text is in the language of the page, with its own way of writing the day', () => {
    current = 'de';
    const text = toTxt(lines, { timeZone: 'Europe/Madrid' });
    expect(text).toContain('Parley, Samstag, 21. November 2026');
    expect(text).toContain('Spanisch, KI-Stimme: Hola.');
    expect(text).toContain('Englisch: Hello.');
  });

  it('for programs is the same in every language', () => {
    const files = locales.map((locale) => {
      current = locale;
      return toJson(lines);
    });
    expect(new Set(files).size).toBe(1);
  });

  it('calls the reader by the word of the language chosen last', () => {
    const reader = { selfId: PeerId.parse('ann'), hearOwn: true };
    const [line] = lines.map((one) => ({ ...captionOf(one, reader), peerId: reader.selfId }));
    const search = new LineSearch();
    const nameNow = () =>
      search.find(line ? [line] : [], { selfId: reader.selfId, view: 'both', query: '' }).rows[0]
        ?.name;
    expect(nameNow()).toEqual([{ text: 'You' }]);
    current = 'de';
    expect(nameNow()).toEqual([{ text: 'Sie' }]);
  });
});

describe('what went wrong', () => {
  it('is said calmly in every language, and what to do', () => {
    for (const locale of locales) {
      current = locale;
      for (const code of [...ErrorCode.options, 'unreachable' as const]) {
        const { title, text } = explain(code);
        expect(title, `${locale} ${code}`).toMatch(/\S[^.!]$/);
        expect(text, `${locale} ${code}`).toMatch(/^[^!]+\.$/);
      }
    }
  });

  it('names both languages of a translation that is not possible', () => {
    const author = { peerId: ana.peerId, displayName: 'Ana', colour: 0 };
    const message: ChatMessage = {
      ...{ sequence: 0, revision: 0, ...author, source: tag('en'), text: 'hello', sentAt: 0 },
      translation: { language: tag('es'), missing: 'impossible' },
    };
    current = 'ru';
    expect(missingWords(message)).toBe('Здесь нет перевода: английский → испанский.');
    current = 'es';
    expect(missingWords(message)).toBe('Aquí no hay traducción del inglés al español.');
  });
});
