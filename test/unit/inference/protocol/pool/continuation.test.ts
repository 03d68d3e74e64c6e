import { describe, expect, it } from 'vitest';
import { Continuation } from '../../../../../inference/protocol/pool/continuation.ts';

/** What was told last as committed, and then the readings of another engine, told one by one. */
function after(told: string, ...readings: readonly (readonly [string, string])[]): string[] {
  const text = new Continuation();
  text.tell({ committed: told, tentative: '' }, false);
  text.readAnew();
  return readings.map(([committed, tentative], index) => {
    const isLast = index === readings.length - 1;
    const said = text.tell({ committed, tentative }, isLast && tentative === '');
    return said.tentative === '' ? said.committed : `${said.committed} | ${said.tentative}`;
  });
}

describe('a text that is read anew by another engine', () => {
  it('is told as it is read while one engine reads it', () => {
    const text = new Continuation();
    const reading = { committed: 'Good', tentative: 'morning' };
    expect(text.tell(reading, false)).toEqual(reading);
  });

  it('goes on after what was told, also where the new reading commits nothing yet', () => {
    expect(
      after(
        'I have seen',
        ['', 'I have seen the'],
        ['I have', 'seen the house'],
        ['I have seen the house.', ''],
      ),
    ).toEqual(['I have seen | the', 'I have seen | the house', 'I have seen the house.']);
  });

  it('keeps what was told where the new reading has other words, and says nothing twice', () => {
    expect(after('I have seen the house', ['I had seen a house by the sea.', ''])).toEqual([
      'I have seen the house by the sea.',
    ]);
    expect(after('He came', ['Yesterday he came home late.', ''])).toEqual(['He came home late.']);
    expect(after('Sie kamen gestern Abend', ['Sie kamen gestern.', ''])).toEqual([
      'Sie kamen gestern Abend.',
    ]);
  });

  it('does not repeat punctuation', () => {
    expect(after('Hello.', ['Hello, world.', ''])).toEqual(['Hello. world.']);
    expect(after('Hello', ['Hello, world.', ''])).toEqual(['Hello, world.']);
    expect(after('Hello, world.', ['hello world', ''])).toEqual(['Hello, world.']);
  });

  it('works in languages without spaces', () => {
    expect(after('今日は', ['今日は天気がいいです。', ''])).toEqual(['今日は天気がいいです。']);
  });

  it('only ever grows in what is committed, whatever the readings are', () => {
    const words = 'the a cat dog sat ran on mat house'.split(' ');
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % below;
    };
    const sentence = (length: number): string[] =>
      Array.from({ length }, () => words[random(words.length)] ?? '');
    for (let round = 0; round < 300; round += 1) {
      const text = new Continuation();
      let committed = '';
      for (let reader = 0; reader < 3; reader += 1) {
        const all = sentence(3 + random(12));
        for (let known = 0; known <= all.length; known += 1 + random(3)) {
          const end = reader === 2 && known === all.length;
          const reading = {
            committed: all.slice(0, known).join(' '),
            tentative: end ? '' : all.slice(known, known + 2).join(' '),
          };
          const told = text.tell(reading, end);
          expect(told.committed.startsWith(committed)).toBe(true);
          committed = told.committed;
        }
        text.readAnew();
      }
    }
  });
});
