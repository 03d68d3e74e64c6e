import type { RecordLine } from '../../server/protocol/record.ts';
import { wordsOf } from './words.ts';

/** When a line is shown, in milliseconds after the first line began. */
export interface Cue {
  readonly line: RecordLine;
  readonly startMs: number;
  readonly endMs: number;
}

/** The shortest a line is shown. */
const SHORTEST_MS = 700;
/** How long a line without a known end is shown: the pace of reading, 15 characters a second. */
const CHARACTER_MS = 67;
const LONGEST_GUESS_MS = 7_000;

/** Lines in order of time, each from the start of its speech to the end; two may be shown at once. */
export function cuesOf(lines: readonly RecordLine[]): readonly Cue[] {
  const inTime = lines.toSorted((a, b) => a.startedAt - b.startedAt || a.sequence - b.sequence);
  const begun = inTime[0]?.startedAt ?? 0;
  return inTime.map((line) => {
    const startMs = line.startedAt - begun;
    const endMs = Math.max(startMs + SHORTEST_MS, (line.endedAt ?? guessedEnd(line)) - begun);
    return { line, startMs, endMs };
  });
}

/** The same for formats and players that show one at a time: a line ends when the next begins. */
export function oneByOne(cues: readonly Cue[]): readonly Cue[] {
  let free = 0;
  return cues.map((cue, index) => {
    const startMs = Math.max(cue.startMs, free);
    const next = cues[index + 1]?.startMs ?? Infinity;
    const endMs = Math.max(startMs + SHORTEST_MS, Math.min(cue.endMs, next));
    free = endMs;
    return { ...cue, startMs, endMs };
  });
}

/** `00:00:00` and, behind the mark, three digits of milliseconds. */
export function clock(ms: number, mark: ',' | '.'): string {
  const whole = Math.round(ms);
  const seconds = Math.floor(whole / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const time = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${time}${mark}${String(whole % 1_000).padStart(3, '0')}`;
}

function guessedEnd(line: RecordLine): number {
  const characters = wordsOf(line).texts[0]?.text.length ?? 0;
  return line.startedAt + Math.min(characters * CHARACTER_MS, LONGEST_GUESS_MS);
}
