import { describe, expect, it } from 'vitest';
import {
  addMissing,
  applyCaption,
  gapText,
  keepLanguage,
  lastLines,
  MAX_LINES,
  mergeHistory,
  separator,
} from '../../../../client/state/caption-lines.ts';
import type { CaptionEvent } from '../../../../server/protocol/events.ts';
import { LanguageTag, PeerId } from '../../../../server/protocol/ids.ts';

const en = LanguageTag.parse('en');
const es = LanguageTag.parse('es');

function caption(sequence: number, change: Partial<CaptionEvent> = {}): CaptionEvent {
  return {
    sequence,
    revision: 0,
    peerId: PeerId.parse('emma'),
    displayName: 'Emma',
    colour: 0,
    source: en,
    language: es,
    committed: '',
    tentative: '',
    final: false,
    spoken: false,
    startedAt: 0,
    ...change,
  };
}

function conversation(...captions: readonly CaptionEvent[]): readonly CaptionEvent[] {
  return captions.reduce(applyCaption, []);
}

const texts = (lines: readonly CaptionEvent[]) =>
  lines.map((line) => line.committed + line.tentative);

describe('the conversation', () => {
  it('grows a line in place until it is final', () => {
    const lines = conversation(
      caption(7, { tentative: 'hola' }),
      caption(7, { committed: 'hola ', tentative: 'mundo' }),
      caption(7, { committed: 'hola mundo.', final: true }),
    );
    expect(texts(lines)).toEqual(['hola mundo.']);
    expect(lines[0]?.final).toBe(true);
  });

  it('never changes the words of a final line', () => {
    const lines = conversation(
      caption(1, { committed: 'uno', final: true }),
      caption(1, { committed: 'otra cosa', final: true }),
      caption(1, { tentative: 'tarde' }),
      caption(1, { final: true }),
    );
    expect(texts(lines)).toEqual(['uno']);
  });

  it('marks a final line as spoken and as having a gap when that is known later', () => {
    const lines = conversation(
      caption(1, { committed: 'uno', final: true }),
      caption(1, { committed: 'dos', final: true, spoken: true, gap: 'skipped' }),
    );
    expect(lines[0]).toMatchObject({ committed: 'uno', spoken: true, gap: 'skipped' });
  });

  it('takes other words for a final line from its speaker, once and in their order', () => {
    const said = caption(1, { committed: 'un barco', final: true, revision: 1 });
    const corrected = { committed: 'una oveja', final: true, corrected: true as const };
    const lines = conversation(said, caption(1, { ...corrected, revision: 3 }));
    expect(lines).toEqual([caption(1, { ...corrected, revision: 3 })]);
    const later = [
      caption(1, { ...corrected, committed: 'older', revision: 2 }),
      caption(1, { committed: 'un barco', final: true, revision: 4 }),
    ];
    expect(texts(later.reduce(applyCaption, lines))).toEqual(['una oveja']);
  });

  it('orders lines by when speech began, whatever the order of arrival', () => {
    const lines = conversation(
      caption(3, { committed: 'c', final: true }),
      caption(1, { committed: 'a', final: true }),
      caption(2, { committed: 'b' }),
    );
    expect(texts(lines)).toEqual(['a', 'b', 'c']);
  });

  it('removes a line that turns out to be empty, and never adds one', () => {
    const lines = conversation(
      caption(1, { tentative: 'eh' }),
      caption(1, { final: true }),
      caption(2, { committed: '  ', final: true }),
    );
    expect(lines).toEqual([]);
  });

  it('keeps an empty final line that says why its words are missing', () => {
    const lines = conversation(caption(1, { final: true, gap: 'failed' }));
    expect(lines).toHaveLength(1);
    expect(gapText('failed')).toBe('Some words could not be translated.');
    expect(gapText('skipped')).toBe('Some words were skipped.');
  });

  it('keeps a bounded number of lines, the newest', () => {
    const captions = Array.from({ length: MAX_LINES + 3 }, (_, sequence) =>
      caption(sequence, { committed: `${sequence}`, final: true }),
    );
    const lines = conversation(...captions);
    expect(lines).toHaveLength(MAX_LINES);
    expect(lines[0]?.sequence).toBe(3);
  });
});

describe('a change of language', () => {
  it('leaves what was said and drops what was being said in the old language', () => {
    const lines = conversation(
      caption(1, { committed: 'uno', final: true }),
      caption(2, { tentative: 'dos' }),
      caption(3, { language: en, tentative: 'three' }),
    );
    expect(texts(keepLanguage(lines, en))).toEqual(['uno', 'three']);
    expect(texts(keepLanguage(lines, 'original'))).toEqual(['uno', 'three']);
  });
});

describe('coming back', () => {
  it('adds what was missed once and forgets what was unfinished', () => {
    const before = conversation(
      caption(1, { committed: 'uno', final: true }),
      caption(2, { tentative: 'do' }),
    );
    const lines = mergeHistory(before, [
      caption(1, { committed: 'uno', final: true }),
      caption(2, { committed: 'dos', final: true }),
      caption(3, { committed: 'tres', final: true }),
    ]);
    expect(texts(lines)).toEqual(['uno', 'dos', 'tres']);
  });
});

describe('lines from before the page was loaded', () => {
  it('come in their places, and change nothing that is known', () => {
    const lines = addMissing(
      conversation(caption(3, { committed: 'tres', final: true }), caption(5, { tentative: 'ci' })),
      [1, 3, 4].map((sequence) => caption(sequence, { committed: `${sequence}`, final: true })),
    );
    expect(texts(lines)).toEqual(['1', 'tres', '4', 'ci']);
  });

  it('never make more lines than are kept, and the newest stay', () => {
    const numbers = Array.from({ length: MAX_LINES + 3 }, (_, sequence) => sequence);
    const found = numbers.map((sequence) => caption(sequence, { committed: 'x', final: true }));
    const lines = addMissing(conversation(caption(MAX_LINES + 9, { tentative: 'y' })), found);
    expect(lines).toHaveLength(MAX_LINES);
    expect(lines.at(-1)?.tentative).toBe('y');
  });
});

describe('the caption strip', () => {
  it('shows the last lines with words, oldest first', () => {
    const lines = conversation(
      caption(1, { committed: 'uno', final: true }),
      caption(2, { committed: 'dos', final: true }),
      caption(3, { final: true, gap: 'skipped' }),
      caption(4, { tentative: 'tres' }),
      caption(5),
    );
    expect(texts(lastLines(lines, 2))).toEqual(['dos', 'tres']);
    expect(texts(lastLines(lines, 9))).toEqual(['uno', 'dos', 'tres']);
    expect(lastLines([], 2)).toEqual([]);
  });
});

describe('joining committed and tentative text', () => {
  it('puts a space only where two words would touch', () => {
    expect(separator('hola', 'mundo')).toBe(' ');
    expect(separator('hola ', 'mundo')).toBe('');
    expect(separator('hola', ' mundo')).toBe('');
    expect(separator('hola', ', mundo')).toBe('');
    expect(separator('', 'mundo')).toBe('');
    expect(separator('hola', '')).toBe('');
  });
});
