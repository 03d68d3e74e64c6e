import type { Segment } from './schemas.ts';

/** What is shown of a recording: words, and when. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

/** The shortest a cue is shown. */
const SHORTEST_MS = 700;
/** Holds two characters together, unseen. */
const WORD_JOINER = '\u2060';
/** What would break a line in two, or turn the order of the words around it. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** A cue for each segment that has words in this language, the one spoken or one of the targets. */
export function cuesOf(segments: readonly Segment[], language: string | undefined): readonly Cue[] {
  return segments.flatMap(({ startMs, endMs, text, translations }, index) => {
    const translated = translations.find((translation) => translation.language === language);
    const words = (translated?.text ?? (language === undefined ? text : '')).toWellFormed();
    const shown = words.replace(UNRULY, ' ').trim();
    if (shown === '') return [];
    const next = segments[index + 1]?.startMs ?? Infinity;
    const end = Math.max(endMs, Math.min(startMs + SHORTEST_MS, next));
    return [{ startMs, endMs: Math.max(end, startMs + 1), text: shown }];
  });
}

/**
 * SubRip. The format has no escapes: what players would take for markup (`<b>`, `{\an8}`) or for a
 * time (`-->`) is taken apart by a word joiner, which is not seen.
 */
export function toSrt(cues: readonly Cue[]): string {
  const plain = (text: string): string =>
    text.replace(/<|\{|--(?=>)/g, (mark) => mark + WORD_JOINER);
  return cues
    .map(({ startMs, endMs, text }, index) => {
      const times = `${clock(startMs, ',')} --> ${clock(endMs, ',')}`;
      return `${index + 1}\n${times}\n${plain(text)}\n`;
    })
    .join('\n');
}

/** WebVTT (https://www.w3.org/TR/webvtt1/). */
export function toVtt(cues: readonly Cue[]): string {
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const blocks = cues.map(({ startMs, endMs, text }, index) => {
    const times = `${clock(startMs, '.')} --> ${clock(endMs, '.')}`;
    return `${index + 1}\n${times}\n${escaped(text)}\n`;
  });
  return ['WEBVTT\n', ...blocks].join('\n');
}

/** `00:00:00` and, behind the mark, three digits of milliseconds. */
function clock(ms: number, mark: ',' | '.'): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const time = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${time}${mark}${String(ms % 1_000).padStart(3, '0')}`;
}
