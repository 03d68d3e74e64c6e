import { describe, expect, test } from 'vitest';
import { LineSearch } from '../../../../client/record/search.ts';
import type { Piece, View } from '../../../../client/record/search.ts';
import type { CaptionEvent } from '../../../../server/protocol/events.ts';
import { PeerId } from '../../../../server/protocol/ids.ts';
import { tricky } from '../../../support/record-lines.ts';
import { tag } from '../../../support/room-stage.ts';

const luz = PeerId.parse('luz');

function line(sequence: number, committed: string, original?: string): CaptionEvent {
  return {
    ...{ sequence, revision: sequence, peerId: PeerId.parse('ann'), displayName: 'Ann', colour: 0 },
    ...{ source: tag('en'), language: tag(original === undefined ? 'en' : 'es') },
    ...{ committed, tentative: '', final: true, spoken: true, startedAt: 0 },
    ...(original !== undefined && { original: { committed: original, tentative: '' } }),
  };
}

const lines = [
  line(1, 'La casa es grande.', 'The house is big.'),
  line(2, 'A house, a HOUSE.'),
  line(3, 'No.', 'No.'),
];

const find = (query: string, view: View = 'both', among = lines) =>
  new LineSearch().find(among, { selfId: luz, view, query });
const whole = (pieces: readonly Piece[] | undefined) => pieces?.map(({ text }) => text).join('');
const found = (pieces: readonly Piece[] | undefined) =>
  (pieces ?? []).filter(({ hit }) => hit !== undefined).map(({ hit, text }) => `${hit} ${text}`);

describe('search in the record', () => {
  test('finds in any case, in translations and in the words spoken, counted from the first', () => {
    const { rows, hits } = find('house');
    expect(hits).toBe(3);
    expect(rows.map(({ hitsSoFar }) => hitsSoFar)).toEqual([1, 3, 3]);
    expect(rows.flatMap(({ text, original }) => [...found(text), ...found(original)])).toEqual([
      '0 house',
      '1 house',
      '2 HOUSE',
    ]);
  });

  test('shows the words spoken where something was found in them, though only translations are wanted', () => {
    const [first, , third] = find('big', 'translation').rows;
    expect(found(first?.original)).toEqual(['0 big']);
    expect(third?.original).toBeUndefined();
  });

  test('shows a translation where something was found in it, though only originals are wanted', () => {
    const [first, second, third] = find('casa', 'original').rows;
    expect(found(first?.text)).toEqual(['0 casa']);
    expect(whole(second?.text)).toBe('A house, a HOUSE.');
    expect(third?.text).toBeUndefined();
  });

  test('finds people, and oneself as "You"', () => {
    expect(find('ann').hits).toBe(3);
    const own = { ...line(4, 'Sí.'), peerId: luz, displayName: 'Luz' };
    expect(found(find('you', 'both', [own]).rows[0]?.name)).toEqual(['0 You']);
  });

  test('nothing, or only spaces, is not looked for', () => {
    for (const query of ['', '   ']) expect(find(query).hits).toBe(0);
    expect(whole(find('').rows[0]?.text)).toBe('La casa es grande.');
  });

  test('what is not there is not found, and nothing is lost from the text', () => {
    const { rows, hits } = find('mansion');
    expect(hits).toBe(0);
    expect(rows.map(({ text }) => whole(text))).toEqual(lines.map(({ committed }) => committed));
  });

  test('words may be apart by any space', () => {
    expect(find('is  big').hits).toBe(1);
  });

  test.each(['(', '[a', '\\', '.*', '$', '{1,', '?', '-', '/', '<b>', 'a|b', '\\d', '\ud800'])(
    'looks for %s as it is written',
    (query) => {
      expect(find(query, 'both', [line(1, `x${query}y`)]).hits).toBe(1);
      expect(find(query, 'both', [line(1, 'xy')]).hits).toBe(0);
    },
  );

  test('every tricky text can be searched, and is found whole in itself', () => {
    for (const text of tricky.filter((one) => one.trim() !== '')) {
      const [row] = find(text, 'both', [line(1, text)]).rows;
      expect(whole(row?.text)).toBe(text);
      expect(found(row?.text)).toHaveLength(1);
    }
  });

  test('letters of other scripts are found in any case', () => {
    expect(find('привет', 'both', [line(1, 'ПРИВЕТ, Анна')]).hits).toBe(1);
    expect(find('ΟΔΟΣ', 'both', [line(1, 'η οδος')]).hits).toBe(1);
  });
});

test('a record that grows keeps the rows it had, until another view is wanted', () => {
  const search = new LineSearch();
  const wanted = { selfId: luz, view: 'both', query: '' } as const;
  const before = search.find(lines, wanted).rows;
  const after = search.find([...lines, line(4, 'Sí.')], wanted).rows;
  for (const [index, row] of before.entries()) expect(after[index]).toBe(row);
  expect(after).toHaveLength(4);
  const [first] = search.find(lines, { ...wanted, view: 'original' }).rows;
  expect(first?.text).toBeUndefined();
});
