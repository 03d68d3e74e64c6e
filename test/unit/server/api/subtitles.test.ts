import fc from 'fast-check';
import parser from 'srt-parser-2';
import { expect, test } from 'vitest';
import { WebVTTParser } from 'webvtt-parser';
import { cuesOf, toSrt, toVtt } from '../../../../server/api/subtitles.ts';
import type { Segment } from '../../../../server/api/schemas.ts';
import { tag } from '../../../support/room-stage.ts';

const said: Segment = { startMs: 0, endMs: 1_000, text: 'Hello', translations: [] };

/** Segments of a recording: in order, of any words. */
const recordings = fc
  .array(
    fc.tuple(fc.nat(5_000), fc.integer({ min: 1, max: 15_000 }), fc.string({ unit: 'binary' })),
  )
  .map((parts) => {
    let at = 0;
    return parts.map(([pause, length, text]): Segment => {
      const startMs = at + pause;
      at = startMs + length;
      return { startMs, endMs: at, text, translations: [] };
    });
  });

test('another program reads back what was written, whatever was said', () => {
  fc.assert(
    fc.property(recordings, (segments) => {
      const cues = cuesOf(segments, undefined);
      const srt = new parser().fromSrt(toSrt(cues));
      expect(srt.map(({ startSeconds }) => Math.round(startSeconds * 1_000))).toEqual(
        cues.map(({ startMs }) => startMs),
      );
      const { cues: shown, errors } = new WebVTTParser().parse(toVtt(cues));
      expect(errors).toEqual([]);
      const ms = (seconds: number) => Math.round(seconds * 1_000);
      expect(shown.map(({ startTime, endTime }) => [ms(startTime), ms(endTime)])).toEqual(
        cues.map(({ startMs, endMs }) => [startMs, endMs]),
      );
    }),
    { numRuns: 300 },
  );
});

test('one cue never runs into the next', () => {
  fc.assert(
    fc.property(recordings, (segments) => {
      const cues = cuesOf(segments, undefined);
      for (const [index, { startMs, endMs }] of cues.entries()) {
        expect(endMs).toBeGreaterThan(startMs);
        expect(cues[index + 1]?.startMs ?? Infinity).toBeGreaterThanOrEqual(endMs);
      }
    }),
  );
});

test('the words are those of one language; what has none of it is left out', () => {
  const translated: Segment = { ...said, translations: [{ language: tag('es'), text: 'Hola' }] };
  const gap: Segment = { startMs: 2_000, endMs: 3_000, text: '', translations: [], gap: 'failed' };
  expect(cuesOf([translated, gap], 'es').map(({ text }) => text)).toEqual(['Hola']);
  expect(cuesOf([translated, gap], undefined).map(({ text }) => text)).toEqual(['Hello']);
  expect(cuesOf([translated], 'ca')).toEqual([]);
});

test('a recording in which nothing is said has no cues', () => {
  expect(toSrt([])).toBe('');
  expect(new WebVTTParser().parse(toVtt([])).errors).toEqual([]);
});
