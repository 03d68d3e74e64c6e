import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HearChoice, PeerId } from '../../../../server/protocol/ids.ts';
import { demand } from '../../../../server/rooms/demand.ts';
import type { DemandPeer } from '../../../../server/rooms/demand.ts';
import { permitted } from '../../../../server/rooms/language-limits.ts';
import type { Ability } from '../../../../server/rooms/language.ts';
import { tag } from '../../../support/room-stage.ts';

const languages = ['en', 'es', 'es-MX', 'ca', 'de', 'fr'].map(tag);
const ability: Ability = {
  recognises: languages,
  pairs: languages.flatMap((source) =>
    languages.filter((target) => target !== source).map((target) => ({ source, target })),
  ),
};
const unlimited = { allowed: null, most: null };

function person(id: string, speak: string, hear: string): DemandPeer {
  const rest = { hearOwn: false, publishes: true, receives: true };
  return { peerId: PeerId.parse(id), speak: tag(speak), hear: HearChoice.parse(hear), ...rest };
}

const ann = person('ann', 'en', 'original');
const luz = person('luz', 'es', 'es');
const fay = person('fay', 'fr', 'fr');

describe('limits of languages', () => {
  test('without any, nothing is taken away', () => {
    expect(permitted(ability, [ann, luz], unlimited)).toEqual(ability);
  });

  test('a language that is on is on in all its regions', () => {
    const { pairs } = permitted(ability, [], { allowed: [tag('es')], most: null });
    expect(new Set(pairs.map(({ target }) => target))).toEqual(new Set(['es', 'es-MX']));
  });

  test('with none on, everybody hears the original', () => {
    const none = permitted(ability, [ann, luz], { allowed: [], most: null });
    expect(demand([ann, luz], none).listeners.get(luz.peerId)).toEqual([
      { of: ann.peerId, original: true },
    ]);
  });

  test('places at the table go in order of coming, and to those who need one', () => {
    const one = { allowed: null, most: 1 };
    const targets = (peers: readonly DemandPeer[]) =>
      new Set(permitted(ability, peers, one).pairs.map(({ target }) => target));
    expect(targets([ann, luz, fay])).toEqual(new Set(['es']));
    expect(targets([fay, ann, luz])).toEqual(new Set(['fr']));
    // Nobody speaks anything but Spanish, so Spanish needs no translation.
    const mute = { ...ann, publishes: false };
    expect(targets([luz, mute, { ...fay, publishes: false }])).toEqual(new Set(['fr']));
  });

  test('never more languages at once than allowed, and none that is off', () => {
    const anyone = fc.record({
      ...{ speak: fc.constantFrom(...languages), hear: fc.constantFrom(...languages) },
      ...{ hearOwn: fc.boolean(), publishes: fc.boolean(), receives: fc.boolean() },
    });
    const limits = fc.record({
      allowed: fc.option(fc.subarray(languages)),
      most: fc.option(fc.integer({ min: 1, max: 4 })),
    });
    fc.assert(
      fc.property(fc.array(anyone, { maxLength: 8 }), limits, (people, { allowed, most }) => {
        const peers = people.map((each, i) => ({ ...each, peerId: PeerId.parse(`p${i}`) }));
        const { speakers } = demand(peers, permitted(ability, peers, { allowed, most }));
        const translated = new Set(
          [...speakers.values()].flatMap(({ targets }) => targets.map(({ language }) => language)),
        );
        expect(translated.size).toBeLessThanOrEqual(most ?? Infinity);
        for (const language of translated) {
          const primary = String(language).slice(0, 2);
          expect(allowed?.some((on) => on.startsWith(primary)) ?? true).toBe(true);
        }
      }),
    );
  });
});
