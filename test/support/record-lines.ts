import { PeerId } from '../../server/protocol/ids.ts';
import type { RecordLine } from '../../server/protocol/record.ts';
import { tag } from './room-stage.ts';

/** The start of every record of these tests: a Saturday. */
export const BEGUN = Date.UTC(2026, 10, 21, 9, 45, 12);

const ann = PeerId.parse('ann');

/** Ann's line, a second long, said `at` milliseconds after the beginning and not translated. */
export function plainLine(at: number, change: Partial<RecordLine> = {}): RecordLine {
  return {
    ...{ sequence: at, peerId: ann, displayName: 'Ann', colour: 0 },
    ...{ source: tag('en'), original: 'Hello.' },
    ...{ startedAt: BEGUN + at, endedAt: BEGUN + at + 1_000 },
    ...change,
  };
}

/** The same with a translation into Spanish. */
export function recordLine(at: number, change: Partial<RecordLine> = {}): RecordLine {
  const translation = { language: tag('es'), text: 'Hola.', spoken: true };
  return { ...plainLine(at), translation, ...change };
}

/** A line that was broken off, so that nobody knows when it ended. */
export function brokenLine(at: number, original: string): RecordLine {
  const { endedAt: _, ...line } = plainLine(at, { original });
  return line;
}

/** What somebody may be called, or be heard to say, that has a meaning to some format. */
export const tricky: readonly string[] = [
  '<b>Ann</b>',
  '<script>alert(1)</script>',
  'a --> b',
  '00:00:01.000 --> 00:00:02.000',
  'R&D &amp; &lt;b&gt; &nbsp;',
  'one\n\n2\n00:00:09,000 --> 00:00:10,000\ntwo',
  'one\r\ntwo\u2028three\u2029four',
  'WEBVTT',
  'NOTE this',
  'STYLE',
  '{\\an8}up {b}',
  '-->',
  '\u202egnp.exe\u202c',
  '\u2066\u2067\u2069\u2069',
  'רות', // Hebrew
  'سلام', // Arabic
  '👩‍👩‍👧‍👦 family 🇪🇸',
  'e\u0301\u0300\u0301',
  '\ud800 alone',
  'x'.repeat(10_000),
  '\u0000\u0007\u001b[31m',
  '"quoted", \'and\' \\ back',
  '42',
];
