import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PeerId } from '../../../../server/protocol/ids.ts';
import type { HearChoice, LanguageTag } from '../../../../server/protocol/ids.ts';
import { demand } from '../../../../server/rooms/demand.ts';
import type { DemandPeer } from '../../../../server/rooms/demand.ts';
import { englishEngine, tag } from '../../../support/room-stage.ts';

const ann = person('ann', { speak: tag('en'), hear: 'original' });
const luz = person('luz', { speak: tag('es'), hear: tag('es') });

function person(id: string, rest: Partial<DemandPeer>): DemandPeer {
  return {
    peerId: PeerId.parse(id),
    speak: tag('en'),
    hear: 'original',
    hearOwn: false,
    publishes: true,
    receives: true,
    ...rest,
  };
}

describe('demand', () => {
  test('a listener of another language gets the original and the translation', () => {
    const { speakers, listeners } = demand([ann, luz], englishEngine);
    expect(listeners.get(luz.peerId)).toEqual([
      { of: ann.peerId, original: true, translation: 'es' },
    ]);
    expect(speakers.get(ann.peerId)).toEqual({
      language: 'en',
      targets: [{ language: 'es', voiced: true }],
    });
  });

  test('nobody works on the words of someone who is alone', () => {
    expect(demand([ann], englishEngine).speakers.size).toBe(0);
  });

  test('who hears their own translation is enough to have it made', () => {
    const alone = { ...ann, hear: tag('es'), hearOwn: true };
    const { speakers, listeners } = demand([alone], englishEngine);
    expect(speakers.get(alone.peerId)?.targets).toEqual([{ language: 'es', voiced: true }]);
    expect(listeners.get(alone.peerId)).toEqual([
      { of: alone.peerId, original: false, translation: 'es' },
    ]);
  });

  test('a language wanted only by someone who cannot hear is written, not spoken', () => {
    const { speakers } = demand([ann, { ...luz, receives: false }], englishEngine);
    expect(speakers.get(ann.peerId)?.targets).toEqual([{ language: 'es', voiced: false }]);
  });

  test('regions of one language understand each other', () => {
    const kate = person('kate', { speak: tag('en-GB'), hear: tag('en-US') });
    const juan = person('juan', { speak: tag('es'), hear: tag('es-MX') });
    const { listeners } = demand([{ ...ann, speak: tag('en-US') }, kate, juan], englishEngine);
    expect(listeners.get(kate.peerId)?.find(({ of }) => of === ann.peerId)).toEqual({
      of: ann.peerId,
      original: true,
    });
    expect(listeners.get(juan.peerId)?.map(({ translation }) => translation)).toEqual(['es', 'es']);
  });

  test('a pair the engine cannot translate leaves the original', () => {
    const emil = person('emil', { speak: tag('de') });
    const { speakers, listeners } = demand([emil, luz], englishEngine);
    expect(listeners.get(luz.peerId)).toEqual([{ of: emil.peerId, original: true }]);
    expect(speakers.get(emil.peerId)).toEqual({ language: 'de', targets: [] });
    expect(speakers.has(luz.peerId)).toBe(false);
  });
});

describe('someone who wants one person in the original', () => {
  const pia = person('pia', { hear: tag('es'), originals: new Set([ann.peerId]) });
  const bob = person('bob', {});

  test('gets no translation of them, and of the others as before', () => {
    const { listeners } = demand([ann, bob, pia], englishEngine);
    expect(listeners.get(pia.peerId)).toEqual([
      { of: ann.peerId, original: true },
      { of: bob.peerId, original: true, translation: 'es' },
    ]);
  });

  test('has nobody translate for nobody', () => {
    expect(demand([ann, pia], englishEngine).speakers.get(ann.peerId)?.targets).toEqual([]);
  });

  test('takes nothing from those who want the translation', () => {
    const { speakers } = demand([ann, pia, luz], englishEngine);
    expect(speakers.get(ann.peerId)?.targets).toEqual([{ language: 'es', voiced: true }]);
  });
});

const language = fc.constantFrom<LanguageTag>(...['en', 'en-GB', 'es', 'ca', 'de', 'fr'].map(tag));
const anyPerson = fc.record({
  speak: language,
  hear: fc.oneof(fc.constant<HearChoice>('original'), language),
  hearOwn: fc.boolean(),
  publishes: fc.boolean(),
  receives: fc.boolean(),
});
const anyRoom = fc
  .array(anyPerson, { maxLength: 6 })
  .map((people) => people.map((who, i) => person(`p${i}`, who)));

describe('whoever is in the room', () => {
  test('each track wanted is another’s, or one’s own translation asked for', () => {
    fc.assert(
      fc.property(anyRoom, (peers) => {
        for (const [listener, tracks] of demand(peers, englishEngine).listeners) {
          for (const { of, original, translation } of tracks) {
            const hearOwn = peers.find(({ peerId }) => peerId === listener)?.hearOwn;
            if (of !== listener) expect(original).toBe(true);
            else
              expect([original, hearOwn, translation !== undefined]).toEqual([false, true, true]);
          }
        }
      }),
    );
  });

  test('a language is voiced exactly when somebody is to receive it', () => {
    fc.assert(
      fc.property(anyRoom, (peers) => {
        const { speakers, listeners } = demand(peers, englishEngine);
        const voiced = [...speakers].flatMap(([of, { targets }]) =>
          targets.filter((target) => target.voiced).map((target) => `${of} ${target.language}`),
        );
        const received = [...listeners.values()]
          .flat()
          .filter(({ translation }) => translation !== undefined)
          .map(({ of, translation }) => `${of} ${translation ?? ''}`);
        expect(new Set(voiced)).toEqual(new Set(received));
        expect(new Set(voiced).size).toBe(voiced.length);
      }),
    );
  });

  test('only a translated language that the engine can make is ever asked for', () => {
    fc.assert(
      fc.property(anyRoom, (peers) => {
        for (const [, { language: source, targets }] of demand(peers, englishEngine).speakers) {
          for (const { language: target } of targets) {
            expect(englishEngine.pairs).toContainEqual({ source, target });
          }
        }
      }),
    );
  });

  test('who sends nothing is nobody’s work and nobody’s track', () => {
    fc.assert(
      fc.property(anyRoom, (peers) => {
        const { speakers, listeners } = demand(peers, englishEngine);
        const silent = peers.filter(({ publishes }) => !publishes).map(({ peerId }) => peerId);
        const used = [...speakers.keys(), ...[...listeners.values()].flat().map(({ of }) => of)];
        for (const peerId of silent) expect(used).not.toContain(peerId);
      }),
    );
  });
});
