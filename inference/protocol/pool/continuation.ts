import type { IncrementalText } from '../task-models.ts';

/** Words by which a reading is beyond what was told before it is decided what of it is new. */
const MARGIN = 3;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * One text of an utterance that may come to be read anew, by an engine that knows nothing of what
 * another has told. What was told stays. Of a reading that begins again, the words that are closest to
 * it stand for it (edit distance over words), and what follows them is told next.
 */
export class Continuation {
  #told = '';
  /** What was told by readings that are over. */
  #before = '';
  /** Where in the reading what is new begins; undefined until it is decided. */
  #cut: number | undefined = 0;

  /** What is told of the next state of the reading. Its committed text only grows. */
  tell(reading: IncrementalText, end: boolean): IncrementalText {
    const said = this.#before === '' ? reading : this.#joined(reading, end);
    this.#told = said.committed;
    return said;
  }

  /** The next reading begins with the utterance. */
  readAnew(): void {
    this.#before = this.#told;
    this.#cut = undefined;
  }

  #joined({ committed, tentative }: IncrementalText, end: boolean): IncrementalText {
    const before = this.#before;
    if (end || words(committed).length >= words(before).length + MARGIN) {
      this.#cut ??= placeAfter(before, committed);
    }
    if (this.#cut !== undefined) {
      return { committed: glued(before, behind(committed, this.#cut)), tentative };
    }
    const all = [committed, tentative].filter((text) => text !== '').join(' ');
    const joined = glued(before, behind(all, placeAfter(before, all)));
    return { committed: before, tentative: joined.slice(before.length).trimStart() };
  }
}

interface Word {
  readonly text: string;
  readonly end: number;
}

function words(text: string): readonly Word[] {
  return Array.from(segmenter.segment(text))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment, index }) => ({ text: segment.toLowerCase(), end: index + segment.length }));
}

/** Where in `text` those words end that are closest to all of `told`; of several, as many as it has. */
function placeAfter(told: string, text: string): number {
  const known = words(told);
  const read = words(text);
  // By how many words read, how far they are from the words of `known` so far.
  let distances = Array.from({ length: read.length + 1 }, (_, at) => at);
  for (const [row, { text: word }] of known.entries()) {
    const next = [row + 1];
    for (const [at, candidate] of read.entries()) {
      const same = (distances[at] ?? 0) + Number(candidate.text !== word);
      next.push(Math.min(same, (distances[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    distances = next;
  }
  let best = 0;
  for (const [count, distance] of distances.entries()) {
    const closer = distance - (distances[best] ?? 0);
    const likelier = Math.abs(count - known.length) < Math.abs(best - known.length);
    if (closer < 0 || (closer === 0 && likelier)) best = count;
  }
  return read[best - 1]?.end ?? 0;
}

/** Punctuation is not said twice. */
function glued(before: string, { rest, apart }: { rest: string; apart: boolean }): string {
  const more = /\p{P}$/u.test(before) ? rest.replace(/^\p{P}+/u, '') : rest;
  if (more.trim() === '') return before;
  return apart ? `${before} ${more.trimStart()}` : before + more;
}

/** The text behind a place; `apart` where nothing is before it that it could belong to. */
const behind = (text: string, place: number) => ({ rest: text.slice(place), apart: place === 0 });
