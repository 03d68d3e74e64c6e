import type { CaptionEvent } from '../../server/protocol/events.ts';
import type { PeerId } from '../../server/protocol/ids.ts';
import { m } from '../paraglide/messages.js';

/** Which texts of a translated line are shown. */
export type View = 'both' | 'translation' | 'original';

/** A stretch of text; `hit` counts the places that match a search, over the whole record. */
export interface Piece {
  readonly text: string;
  readonly hit?: number;
}

/** A finished line as the record shows it. */
export interface Row {
  readonly line: CaptionEvent;
  readonly name: readonly Piece[];
  /** Undefined where it is not wanted and nothing in it was found. */
  readonly text: readonly Piece[] | undefined;
  readonly original: readonly Piece[] | undefined;
  /** Hits before the end of this row. */
  readonly hitsSoFar: number;
}

export interface SearchResult {
  readonly rows: readonly Row[];
  /** Places that match. */
  readonly hits: number;
}

export interface Wanted {
  readonly selfId: PeerId | undefined;
  readonly view: View;
  /** Words to look for, in any case; nothing is looked for without any. */
  readonly query: string;
}

/**
 * Finds words in finished lines: in names, in translations and in the words spoken. Where something
 * was found in a text that the view leaves out, it is shown all the same. While nothing is looked
 * for, a line keeps its row, so that a long record which grows by a line costs one line.
 */
export class LineSearch {
  #rows = new WeakMap<CaptionEvent, Row>();
  #view: View | undefined;
  #you: string | undefined;

  find(lines: readonly CaptionEvent[], wanted: Wanted): SearchResult {
    const pattern = patternOf(wanted.query);
    if (pattern === undefined) return { rows: this.#plain(lines, wanted), hits: 0 };
    const marking = new Marking(pattern);
    return { rows: lines.map((line) => rowOf(line, wanted, marking)), hits: marking.hits };
  }

  #plain(lines: readonly CaptionEvent[], wanted: Wanted): readonly Row[] {
    const you = m.call_you();
    if (wanted.view !== this.#view || you !== this.#you) this.#rows = new WeakMap();
    this.#view = wanted.view;
    this.#you = you;
    const none = new Marking(undefined);
    return lines.map((line) => {
      const row = this.#rows.get(line) ?? rowOf(line, wanted, none);
      this.#rows.set(line, row);
      return row;
    });
  }
}

/** Cuts text at what is looked for, and counts it. */
class Marking {
  readonly #pattern: RegExp | undefined;
  hits = 0;

  constructor(pattern: RegExp | undefined) {
    this.#pattern = pattern;
  }

  mark(text: string): readonly Piece[] {
    return cut(text, this.#pattern).map(({ text: piece, found }) =>
      found ? { text: piece, hit: this.hits++ } : { text: piece },
    );
  }

  /** Undefined for what is neither wanted nor has anything in it. */
  markIf(isWanted: boolean, text: string): readonly Piece[] | undefined {
    const before = this.hits;
    const pieces = this.mark(text);
    return text !== '' && (isWanted || this.hits > before) ? pieces : undefined;
  }
}

function rowOf(line: CaptionEvent, { selfId, view }: Wanted, marking: Marking): Row {
  const { peerId, displayName, committed, original } = line;
  return {
    line,
    name: marking.mark(peerId === selfId ? m.call_you() : displayName),
    text: marking.markIf(view !== 'original' || original === undefined, committed),
    original: marking.markIf(view !== 'translation', original?.committed ?? ''),
    hitsSoFar: marking.hits,
  };
}

function patternOf(query: string): RegExp | undefined {
  const words = query.trim();
  if (words === '') return undefined;
  const literal = words.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+');
  return new RegExp(literal, 'giu');
}

interface Cut {
  readonly text: string;
  readonly found: boolean;
}

function cut(text: string, pattern: RegExp | undefined): readonly Cut[] {
  if (pattern === undefined) return [{ text, found: false }];
  const pieces: Cut[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push({ text: text.slice(end, match.index), found: false });
    pieces.push({ text: match[0], found: true });
    end = match.index + match[0].length;
  }
  pieces.push({ text: text.slice(end), found: false });
  return pieces.filter((piece) => piece.text !== '');
}
