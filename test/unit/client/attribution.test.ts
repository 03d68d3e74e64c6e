import { describe, expect, it } from 'vitest';
import { attribution } from '../../../client/attribution.ts';
import { BUILT_IN, engineName } from '../../../client/engine-name.ts';
import { CATALOGUE } from '../../../inference/catalogue/catalogue.ts';

const works = attribution().flatMap((group) => group.works);

describe('whose work Parley is made of', () => {
  it.each(CATALOGUE.models.map(({ id, licence }) => [id, licence.name] as const))(
    '%s is attributed, under the licence that the catalogue knows',
    (id, licence) => {
      const found = works.filter(({ ids }) => ids?.includes(id));
      expect(found.map((work) => work.licence)).toEqual([licence]);
    },
  );

  it('Canary names NVIDIA and what was changed, as CC-BY-4.0 asks', () => {
    const canary = works.filter(({ name }) => name.startsWith('Canary'));
    expect(canary.length).toBeGreaterThan(0);
    expect(canary.every(({ by, changed }) => by === 'NVIDIA' && changed !== undefined)).toBe(true);
  });

  it('every engine that has a name for people has its works', () => {
    for (const id of [BUILT_IN, 'canary', 'canary-1b-v2', 'canary-180m-flash-int8']) {
      expect(engineName(id)).not.toBe(id);
      expect(works.some(({ ids }) => ids?.includes(id))).toBe(true);
    }
  });

  it('every work leads to its home', () => {
    expect(works.every(({ url }) => URL.parse(url)?.protocol === 'https:')).toBe(true);
  });
});
