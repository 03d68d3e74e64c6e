import { expect, test } from 'vitest';
import type { Change } from '../../../../server/cluster/room-store.ts';
import { SharedChronicle } from '../../../../server/cluster/shared-chronicle.ts';
import { readDecisions, readLines, readReaders } from '../../../../server/cluster/stored.ts';
import { PeerId } from '../../../../server/protocol/ids.ts';
import type { CaptionLine } from '../../../../server/rooms/captions.ts';

type Outcome = 'written' | 'refused' | 'fails';

const line = (sequence: number): CaptionLine => ({
  ...{ sequence, revision: sequence },
  speaker: { peerId: PeerId.parse('ann'), displayName: 'Ann', colour: 0 },
  caption: {
    ...{ type: 'caption', speaker: 'a', utterance: sequence, source: 'en', startedAt: 1 },
    transcript: { committed: `line ${sequence}`, tentative: '' },
    ...{ translations: [], final: true },
  },
});

function stage() {
  const written: Change[] = [];
  const state = { outcome: 'written' as Outcome, refused: 0, dropped: 0 };
  const chronicle = new SharedChronicle({
    write: (change) => {
      if (state.outcome === 'fails') return Promise.reject(new Error('no Redis'));
      if (state.outcome === 'written') written.push(change);
      return Promise.resolve(state.outcome);
    },
    onRefused: () => (state.refused += 1),
    onDropped: (lines) => (state.dropped += lines),
  });
  return { written, state, chronicle };
}

const words = (changes: readonly Change[]) =>
  readLines(changes.flatMap(({ lines }) => lines)).map(({ sequence }) => sequence);

test('what is told in one go is written in one, and in order', async () => {
  const { written, chronicle } = stage();
  chronicle.lines([line(1)]);
  chronicle.lines([line(2), line(3)]);
  chronicle.readers([], 2);
  await chronicle.settled();
  expect(written).toHaveLength(1);
  expect(words(written)).toEqual([1, 2, 3]);
  expect(written[0]?.fields).toMatchObject({ people: '2' });
});

test('while Redis is gone it waits, and nothing is lost or written twice', async () => {
  const { written, state, chronicle } = stage();
  state.outcome = 'fails';
  chronicle.lines([line(1)]);
  await chronicle.settled();
  chronicle.lines([line(2)]);
  await chronicle.settled();
  state.outcome = 'written';
  chronicle.flush();
  await chronicle.settled();
  expect(words(written)).toEqual([1, 2]);
  chronicle.flush();
  await chronicle.settled();
  expect(written).toHaveLength(1);
});

test('too much that waits loses its oldest, and it is counted', async () => {
  const { written, state, chronicle } = stage();
  state.outcome = 'fails';
  for (let i = 0; i < 600; i++) chronicle.lines([line(i)]);
  await chronicle.settled();
  state.outcome = 'written';
  chronicle.flush();
  await chronicle.settled();
  expect(words(written)).toHaveLength(500);
  expect(words(written).at(-1)).toBe(599);
  expect(state.dropped).toBe(100);
});

test('a refusal is told once for each try, and what Redis has lost is written again', async () => {
  const { written, state, chronicle } = stage();
  chronicle.set('version', '1.0.0');
  await chronicle.settled();
  state.outcome = 'refused';
  chronicle.readers([], 1);
  await chronicle.settled();
  expect(state.refused).toBe(1);
  state.outcome = 'written';
  chronicle.again();
  await chronicle.settled();
  expect(written.at(-1)?.fields).toEqual({ version: '1.0.0', people: '1', readers: '[]' });
});

test('what another version has written and cannot be read is left out', () => {
  expect(readLines(['{', '{"sequence":"one"}', JSON.stringify(line(4)), 'null'])).toHaveLength(1);
  expect(readReaders('[["ann",[{"from":1,"until":null}]]]')).toEqual([
    ['ann', [{ from: 1, until: Infinity }]],
  ]);
  expect(readReaders('{}')).toEqual([]);
  expect(readDecisions('[]')).toBeUndefined();
  expect(readDecisions(undefined)).toBeUndefined();
});
