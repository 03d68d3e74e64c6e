import SrtParser from 'srt-parser-2';
import { describe, expect, test } from 'vitest';
import { WebVTTParser } from 'webvtt-parser';
import type { TreeNode, TreeNodeObjectTagNameWithRt, VTTData } from 'webvtt-parser';
import { toJson } from '../../../../client/record/json.ts';
import { toSrt } from '../../../../client/record/srt.ts';
import { toTxt } from '../../../../client/record/txt.ts';
import { toVtt } from '../../../../client/record/vtt.ts';
import { oneLine } from '../../../../client/record/words.ts';
import type { RecordLine } from '../../../../server/protocol/record.ts';
import { BEGUN, brokenLine, plainLine, recordLine, tricky } from '../../../support/record-lines.ts';
import { tag } from '../../../support/room-stage.ts';

const place = { locale: 'en-GB', timeZone: 'Europe/Madrid' };
const conversation: readonly RecordLine[] = [
  recordLine(0),
  plainLine(2_500, {
    ...{ displayName: 'Luz', source: tag('es'), original: 'Buenos días.' },
    gap: 'skipped',
  }),
  plainLine(3_600_000 + 61_234, { original: 'R&D <soon>.' }),
];

/** Every tricky text as a name, as what was said and as its translation. */
const trials = tricky.map((text, index) =>
  recordLine(index * 2_000, {
    ...{ displayName: text, original: text },
    translation: { language: tag('es'), text, spoken: false },
  }),
);

describe('as plain text', () => {
  test('reads as a conversation, with the time of day, the languages and the AI voice', () => {
    expect(toTxt(conversation, place)).toBe(
      [
        'Parley, Saturday, 21 November 2026',
        'Times: Europe/Madrid. Written down and translated by machine; it may be wrong.',
        '',
        '10:45:12  \u2068Ann\u2069',
        '    Spanish, AI voice: Hola.',
        '    English: Hello.',
        '',
        '10:45:14  \u2068Luz\u2069',
        '    Spanish: Buenos días.',
        '    (Some words were skipped.)',
        '',
        '11:46:13  \u2068Ann\u2069',
        '    English: R&D <soon>.',
        '',
      ].join('\n'),
    );
  });

  test('of nothing says so', () => {
    expect(toTxt([], place)).toBe('Nothing was said.\n');
  });

  test('whatever somebody is called or says stays within its line', () => {
    const rows = toTxt(trials, place).split('\n');
    const names = rows.filter((row) => /^\d\d:\d\d:\d\d {2}/.test(row));
    expect(names).toHaveLength(tricky.length);
    for (const row of rows) expect(row).toMatch(/^(\P{Cc}*)$/u);
    for (const row of rows.slice(3)) expect(row).toMatch(/^$|^\d\d:\d\d:\d\d {2}|^ {4}\S/);
  });
});

describe('as SubRip', () => {
  test('has names, times and both languages', () => {
    expect(toSrt(conversation)).toBe(
      [
        '1\n00:00:00,000 --> 00:00:01,000\n\u2068Ann\u2069: Hola.\nHello.\n',
        '2\n00:00:02,500 --> 00:00:03,500\n\u2068Luz\u2069: Buenos días.\n(Some words were skipped.)\n',
        '3\n01:01:01,234 --> 01:01:02,234\n\u2068Ann\u2069: R&D <\u2060soon>.\n',
      ].join('\n'),
    );
  });

  test('another parser reads every cue, at its time', () => {
    const cues = new SrtParser().fromSrt(toSrt(conversation));
    expect(cues.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
      [0, 1],
      [2.5, 3.5],
      [3_661.234, 3_662.234],
    ]);
  });

  test('whatever somebody is called or says is one cue of three rows, and no markup', () => {
    const cues = new SrtParser().fromSrt(toSrt(trials));
    expect(cues).toHaveLength(tricky.length);
    for (const [index, { text }] of cues.entries()) {
      const words = oneLine(tricky[index] ?? '');
      const rows = text.replaceAll('\u2060', '').split('\n');
      expect(rows).toEqual(
        words === '' ? ['\u2068Someone\u2069:'] : [`\u2068${words}\u2069: ${words}`, words],
      );
      expect(text).not.toMatch(/<[a-z/]|\{\\|-->/i);
    }
  });

  test('of nothing is an empty file', () => {
    expect(toSrt([])).toBe('');
  });
});

describe('as WebVTT', () => {
  test('has who speaks, and each text with its language', () => {
    expect(toVtt(conversation)).toBe(
      [
        'WEBVTT\n',
        '1\n00:00:00.000 --> 00:00:01.000\n<v Ann>\u2068Ann\u2069: <lang es>Hola.</lang>\n<lang en>Hello.</lang></v>\n',
        '2\n00:00:02.500 --> 00:00:03.500\n<v Luz>\u2068Luz\u2069: <lang es>Buenos días.</lang>\n(Some words were skipped.)</v>\n',
        '3\n01:01:01.234 --> 01:01:02.234\n<v Ann>\u2068Ann\u2069: <lang en>R&amp;D &lt;soon&gt;.</lang></v>\n',
      ].join('\n'),
    );
  });

  test.each([
    ['a conversation', conversation],
    ['tricky texts', trials],
    ['nothing', []],
  ])('the W3C’s validator finds no error in %s', (_, lines) => {
    const { cues, errors } = readVtt(toVtt(lines));
    expect(errors).toEqual([]);
    expect(cues).toHaveLength(lines.length);
  });

  test('it reads every cue, at its time', () => {
    const { cues } = readVtt(toVtt(conversation));
    expect(cues.map(({ startTime, endTime }) => [startTime, endTime])).toEqual([
      [0, 1],
      [2.5, 3.5],
      [3_661.234, 3_662.234],
    ]);
  });

  test('whatever somebody is called or says comes out as it went in', () => {
    const { cues } = readVtt(toVtt(trials));
    expect(cues).toHaveLength(tricky.length);
    for (const [index, { tree }] of cues.entries()) {
      const words = oneLine(tricky[index] ?? '');
      expect(tree.children.map(textOf).join('')).toBe(
        words === '' ? '\u2068Someone\u2069: ' : `\u2068${words}\u2069: ${words}\n${words}`,
      );
    }
  });
});

describe('as JSON', () => {
  test('has everything, as it is', () => {
    expect(JSON.parse(toJson(conversation))).toEqual({
      lines: [
        {
          name: 'Ann',
          startedAt: '2026-11-21T09:45:12.000Z',
          endedAt: '2026-11-21T09:45:13.000Z',
          ...{ language: 'en', text: 'Hello.' },
          translation: { language: 'es', text: 'Hola.', aiVoice: true },
        },
        {
          name: 'Luz',
          startedAt: '2026-11-21T09:45:14.500Z',
          endedAt: '2026-11-21T09:45:15.500Z',
          ...{ language: 'es', text: 'Buenos días.', wordsMissing: 'skipped' },
        },
        {
          name: 'Ann',
          startedAt: '2026-11-21T10:46:13.234Z',
          endedAt: '2026-11-21T10:46:14.234Z',
          ...{ language: 'en', text: 'R&D <soon>.' },
        },
      ],
    });
  });

  test('whatever somebody is called or says comes out as it went in', () => {
    const read: unknown = JSON.parse(toJson(trials));
    expect(read).toMatchObject({ lines: tricky.map((text) => ({ name: text, text })) });
  });

  test('a line that was said differently is marked', () => {
    const read: unknown = JSON.parse(toJson([recordLine(0, { corrected: true }), recordLine(1)]));
    expect(read).toMatchObject({ lines: [{ corrected: true }, {}] });
    expect(read).not.toMatchObject({ lines: [{}, { corrected: true }] });
  });

  test('a line that was broken off has no end', () => {
    const line = brokenLine(0, 'Hel');
    expect(toJson([line])).not.toContain('endedAt');
    expect(toJson([line])).toContain(new Date(BEGUN).toISOString());
  });
});

/** As the W3C's parser reads it; the names of entities it knows by itself lack their semicolon. */
function readVtt(text: string): VTTData {
  const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
  return new WebVTTParser(entities).parse(text, 'captions');
}

/** What a viewer reads of a cue. */
function textOf(node: TreeNode<TreeNodeObjectTagNameWithRt>): string {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'object':
      return [...node.children].map(textOf).join('');
    case 'timestamp':
      return '';
  }
}
